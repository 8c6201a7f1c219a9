"""Turned pages: laid out across, they become pages like the others, all on them set upward.

WeasyPrint lays a page out across where the stylesheet gives it such a size; a bound book has one
size of page. A quarter turn to the left takes a point (x, y) to (height - y, x).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

TURNED = "turned"
"""The name that print.css gives to pages across."""

_PT_PER_PX = 0.75

Point = Callable[[float, float], tuple[float, float]]


def turn_across(document: Any, pdf: Any) -> None:
    """Turn what is laid out across in *pdf*, WeasyPrint's file of *document*."""
    objects = {item.reference: item for item in pdf.objects if hasattr(item, "reference")}
    turns: dict[Any, Point] = {}
    for reference, page in zip(pdf.page_references, document.pages, strict=True):
        if page._page_box.page_type.name == TURNED:  # noqa: SLF001 - it has no other name
            turns[reference] = _turn(objects[reference], page.height * _PT_PER_PX, objects)
    if turns:
        _turn_destinations(pdf, turns)


def _turn(page: Any, height_pt: float, objects: dict[Any, Any]) -> Point:
    """Turn one page and its links; what turns a point of it."""

    def turned(x: float, y: float) -> tuple[float, float]:
        return height_pt - y, x

    content = objects[page["Contents"]]
    content.stream.insert(0, f"0 1 -1 0 {height_pt:.5f} 0 cm".encode())
    boxes = [page[name] for name in ("MediaBox", "TrimBox", "BleedBox")]
    boxes += [objects[each]["Rect"] for each in page.get("Annots", ())]
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
    """Let links and bookmarks lead to where things stand now."""
    import pydyf

    names = pdf.catalog.get("Names", {}).get("Dests", {}).get("Names", ())
    destinations = [each for each in names if isinstance(each, pydyf.Array)]
    destinations += [item["Dest"] for item in pdf.objects if _is_bookmark(item)]
    for each in destinations:
        if turn := turns.get(each[0]):
            each[2:4] = turn(*each[2:4])


def _is_bookmark(item: Any) -> bool:
    return isinstance(item, dict) and "Title" in item and isinstance(item.get("Dest"), list)
