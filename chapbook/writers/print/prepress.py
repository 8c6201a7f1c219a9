"""The adapter that finishes a laid-out PDF for a printer: only pages, in their boxes, opaque.

WeasyPrint names every place with an id, makes a transparency group of every drawing, and puts the
BleedBox where it likes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from chapbook.printing.printer import Bleed

_PT_PER_MM = 72 / 25.4


def finished(pdf: bytes, bleed: Bleed) -> tuple[bytes, bool]:
    """The PDF without names, its bleed boxes around the trim, and whether anything shows through.

    Where nothing does, no transparency group is left, which some printers take for transparency.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as document:
        for name in ("/Names", "/Dests", "/Outlines"):
            if name in document.Root:
                del document.Root[name]
        for number, page in enumerate(document.pages):
            page.obj.BleedBox = pikepdf.Array(_bled(page, bleed, is_verso=number % 2 == 1))
        shows = any(_shows_through(each) for each in _dictionaries(pikepdf, document))
        for each in () if shows else list(_dictionaries(pikepdf, document)):
            if "/Group" in each:
                del each["/Group"]
        written = io.BytesIO()
        document.save(
            written,
            deterministic_id=True,
            compress_streams=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return written.getvalue(), shows


def _bled(page: Any, bleed: Bleed, *, is_verso: bool) -> list[float]:
    """What is printed before trimming, within the sheet (ISO 32000-2, 14.11.2)."""
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
    """Every dictionary that can say something of transparency."""
    for each in document.objects:
        if isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
            yield each
            yield from each.get("/ExtGState", {}).values()
            yield from each.get("/Resources", {}).get("/ExtGState", {}).values()


def _shows_through(each: Any) -> bool:
    """Whether a graphics state or an image lets through what lies below (ISO 32000-2, 11.6)."""
    opacities = [float(each[name]) for name in ("/ca", "/CA") if name in each]
    masked = "/SMask" in each and str(each["/SMask"]) != "/None"
    blend = str(each.get("/BM", "/Normal"))
    return masked or min(opacities, default=1) < 1 or blend not in {"/Normal", "/Compatible"}
