"""From a publication and a design to the bytes of a web page."""
