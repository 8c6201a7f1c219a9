"""Finishes a laid-out PDF for a printer: only pages, with the right boxes, without transparency.

WeasyPrint writes a named destination for every id, makes a transparency group of every drawing, and
does not let us choose the BleedBox.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from chapbook.printing.printer import Bleed

_PT_PER_MM = 72 / 25.4


def finished(pdf: bytes, bleed: Bleed) -> tuple[bytes, bool]:
    """Return the PDF without names and with bleed boxes, and whether it has transparency.

    If it has none, its transparency groups are removed, since some printers refuse them.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        for name in ("/Names", "/Dests", "/Outlines"):
            if name in document.Root:
                del document.Root[name]
        for number, page in enumerate(document.pages):
            page.obj.BleedBox = pikepdf.Array(_bled(page, bleed, is_verso=number % 2 == 1))
        shows = any(_shows_through(item) for item in _dictionaries(pikepdf, document))
        for item in () if shows else list(_dictionaries(pikepdf, document)):
            if "/Group" in item:
                del item["/Group"]
        written = io.BytesIO()
        document.save(
            written,
            deterministic_id=True,
            compress_streams=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return written.getvalue(), shows


def _bled(page: Any, bleed: Bleed, *, is_verso: bool) -> list[float]:
    """Return the area printed before trimming, within the sheet (ISO 32000-2, 14.11.2)."""
    left, bottom, right, top = map(float, page.trimbox)
    media = list(map(float, page.mediabox))
    at_left, at_right = bleed.inner_mm, bleed.outer_mm
    if is_verso:
        at_left, at_right = at_right, at_left
    return [
        max(media[0], left - at_left * _PT_PER_MM),
        max(media[1], bottom - bleed.bottom_mm * _PT_PER_MM),
        min(media[2], right + at_right * _PT_PER_MM),
        min(media[3], top + bleed.top_mm * _PT_PER_MM),
    ]


def _dictionaries(pikepdf: Any, document: Any) -> Iterator[Any]:
    """Yield every dictionary that can define transparency."""
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            yield item
            yield from item.get("/ExtGState", {}).values()
            yield from item.get("/Resources", {}).get("/ExtGState", {}).values()


def _shows_through(item: Any) -> bool:
    """Return whether a graphics state or an image is transparent (ISO 32000-2, 11.6)."""
    opacities = [float(item[name]) for name in ("/ca", "/CA") if name in item]
    masked = "/SMask" in item and str(item["/SMask"]) != "/None"
    blend = str(item.get("/BM", "/Normal"))
    return masked or min(opacities, default=1) < 1 or blend not in {"/Normal", "/Compatible"}
