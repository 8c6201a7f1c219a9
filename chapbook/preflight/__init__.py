"""Preflight: what a printer's rules say of a finished PDF, whoever made it."""
