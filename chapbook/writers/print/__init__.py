"""Takes a publication and a design, and returns the PDFs to print: booklet, interior, cover."""
