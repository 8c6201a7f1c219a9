"""From a publication and a design to the PDFs that are printed: booklet, interior and cover."""
