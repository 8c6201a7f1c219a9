"""From a publication and a design to the bytes of an EPUB."""
