"""Listings: code that is long may break across pages."""

from __future__ import annotations

from chapbook.document import Document
from chapbook.dom import add_class

LONGEST_KEPT_WHOLE = 16  # lines: kept whole, a longer listing would leave half a page empty


def let_listings_break(document: Document) -> Document:
    """Mark the listings that are too long to be kept on one page."""
    for tree in (document.body, *(note.body for note in document.notes)):
        for listing in tree.iter("pre"):
            if "".join(listing.itertext()).count("\n") >= LONGEST_KEPT_WHOLE:
                add_class(listing, "long")
    return document
