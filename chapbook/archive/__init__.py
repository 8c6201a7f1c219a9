"""The archive of editions: an OCFL storage root, one object a work, one version an edition."""
