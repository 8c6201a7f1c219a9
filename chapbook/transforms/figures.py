"""Figures: their captions belong to everyone."""

from __future__ import annotations

from chapbook.document import Document
from chapbook.dom import add_class


def describe_figures(document: Document) -> Document:
    """Give every image its natural size, so that no page jumps while it loads."""
    for tree in (document.body, *(note.body for note in document.notes)):
        for image in tree.iter("img"):
            asset = document.assets.get(image.get("src", ""))
            if asset is None:
                continue
            image.set("width", str(asset.width_px))
            image.set("height", str(asset.height_px))
            image.attrib.setdefault("alt", "")
    for figure in document.body.iter("figure"):
        add_class(figure, "figure")
    return document
