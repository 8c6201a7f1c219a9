"""Proof of parity: finished files are read back and compared with the manuscript."""
