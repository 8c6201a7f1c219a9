"""The left edge: from the files of a manuscript to one checked `Document` and its findings."""
