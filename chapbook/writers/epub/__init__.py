"""Takes a publication and a design, and returns the bytes of an EPUB."""
