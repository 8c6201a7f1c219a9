"""The values of a publication, and functions that read and change its tree."""
