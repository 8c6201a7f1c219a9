"""Trim sizes, printers and the geometry of pages and covers, as dated figures."""
