"""The values of a publication, and functions from its tree to a tree or to text."""
