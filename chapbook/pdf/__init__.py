"""Takes the bytes of a PDF and returns the content of its streams, fonts and structure."""
