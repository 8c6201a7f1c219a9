"""Turns landscape pages of a PDF by a quarter, so that all pages have the same size.

WeasyPrint lays out a landscape page if the stylesheet gives it that size, but a bound book has only
one page size. A quarter turn to the left moves a point (x, y) to (height - y, x).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

TURNED = "turned"
"""The name of landscape pages in print.css."""

_PT_PER_PX = 0.75

Point = Callable[[float, float], tuple[float, float]]


def turn_across(document: Any, pdf: Any) -> None:
    """Turn the landscape pages of *pdf*, which WeasyPrint wrote from *document*."""
    objects = {item.reference: item for item in pdf.objects if hasattr(item, "reference")}
    turns: dict[Any, Point] = {}
    for reference, page in zip(pdf.page_references, document.pages, strict=True):
        if page._page_box.page_type.name == TURNED:  # noqa: SLF001 - it has no other name
            turns[reference] = _turn(objects[reference], page.height * _PT_PER_PX, objects)
    if turns:
        _turn_destinations(pdf, turns)


def _turn(page: Any, height_pt: float, objects: dict[Any, Any]) -> Point:
    """Turn one page and its links; return the function that turns a point of it."""

    def turned(x: float, y: float) -> tuple[float, float]:
        return height_pt - y, x

    content = objects[page["Contents"]]
    content.stream.insert(0, f"0 1 -1 0 {height_pt:.5f} 0 cm".encode())
    boxes = [page[name] for name in ("MediaBox", "TrimBox", "BleedBox")]
    boxes += [objects[annotation]["Rect"] for annotation in page.get("Annots", ())]
    for box in boxes:
        one, other = turned(*box[:2]), turned(*box[2:])
        box[:] = [
            min(one[0], other[0]),
            min(one[1], other[1]),
            max(one[0], other[0]),
            max(one[1], other[1]),
        ]
    return turned


def _turn_destinations(pdf: Any, turns: dict[Any, Point]) -> None:
    """Turn the destinations of links and bookmarks too."""
    import pydyf

    names = pdf.catalog.get("Names", {}).get("Dests", {}).get("Names", ())
    destinations = [name for name in names if isinstance(name, pydyf.Array)]
    destinations += [item["Dest"] for item in pdf.objects if _is_bookmark(item)]
    for destination in destinations:
        if turn := turns.get(destination[0]):
            destination[2:4] = turn(*destination[2:4])


def _is_bookmark(item: Any) -> bool:
    return isinstance(item, dict) and "Title" in item and isinstance(item.get("Dest"), list)
