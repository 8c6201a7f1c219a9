"""Takes a publication and a design, and returns the bytes of a web page."""
