"""Print copies: sizes, printers and what they take."""
