"""Measures how wide images are printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_MM_PER_PX = 25.4 / 96


def image_widths_mm(document: Any) -> dict[str, float]:
    """Return the largest width of each image in WeasyPrint's *document*, by `src` in the tree."""
    widths: dict[str, float] = {}
    for page in document.pages:
        for box in _images(page._page_box):  # noqa: SLF001 - it has no other name
            source = box.element.get("src", "")
            widths[source] = max(widths.get(source, 0), box.width * _MM_PER_PX)
    return widths


def _images(box: Any) -> Iterator[Any]:
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.ReplacedBox):
        if box.element_tag == "img":
            yield box
        return
    for child in getattr(box, "children", ()):
        yield from _images(getattr(child, "_box", child))
