"""Takes a publication and a design, and returns the bytes of the files of each format."""
