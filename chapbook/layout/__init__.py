"""Takes a publication and a `Design`, and returns its pages and where each page begins."""
