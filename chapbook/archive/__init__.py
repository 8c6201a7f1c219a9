"""Takes a manuscript and stores its editions in an archive; reads, proves and rebuilds them.

An archive is an OCFL storage root. A work is an object in it, and an edition is a version.
"""
