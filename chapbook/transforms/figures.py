"""Figures: their captions belong to everyone."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from chapbook.document import Asset, Document
from chapbook.dom import add_class


def describe_figures(document: Document) -> Document:
    """Give every image its size, so that no page jumps while it loads."""
    for tree in (document.body, *(note.body for note in document.notes)):
        for image in tree.iter("img"):
            if asset := document.assets.get(image.get("src", "")):
                _size(image, asset)
            image.attrib.setdefault("alt", "")
    for figure in document.body.iter("figure"):
        add_class(figure, "figure")
    return document


def _size(image: Element, asset: Asset) -> None:
    """Complete the size its author asked for by the image's own proportions."""
    asked_width, asked_height = (_pixels(image.get(side)) for side in ("width", "height"))
    if asked_width and not asked_height:
        asked_height = max(1, round(asked_width * asset.height_px / asset.width_px))
    elif asked_height and not asked_width:
        asked_width = max(1, round(asked_height * asset.width_px / asset.height_px))
    if asked_width:
        add_class(image, "sized")
    image.set("width", str(asked_width or asset.width_px))
    image.set("height", str(asked_height or asset.height_px))


def _pixels(value: str | None) -> int | None:
    digits = (value or "").removesuffix("px").strip()
    return int(digits) if digits.isdecimal() and int(digits) else None
