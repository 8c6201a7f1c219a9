"""Measures the visible ink of each page in a picture of it: its place, and whether it is colored.

PDFium draws the whole MediaBox. It leaves out annotations, because they are not printed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from chapbook.checks.reading import Unreadable
from chapbook.pdf.facts import MM_PER_PT, Box, Ink

PPI = 144  # two pixels a point, so edges are known to a sixth of a millimeter
MOST_PIXELS = 12_000_000  # a page larger than 24 × 24 in is drawn at a lower resolution
LONGEST_SIDE = 40_000  # pixels; a page of 600 in is drawn as a strip, a longer one is not drawn
LINES_FOR_PAGES = 4  # lines of text are kept in files of so few pages, and for ink near the edge
MOST_LINES = 5_000  # on a page
_BARELY_SEEN = 8  # of 255; a smaller difference from white comes from smoothing
_COLORED = 24  # of 255, between the channels of a pixel
_EDGE_MM = 12.0  # closer to the edge than this, it matters whether the ink is text


@contextmanager
def drawing(content: bytes) -> Iterator[Callable[[int, float], Ink]]:
    """Give a function that measures a page of the PDF in *content*, by its index and user unit.

    Raises Unreadable if PDFium cannot open the PDF.
    """
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"it cannot be drawn: {error}") from error

    def draw(index: int, unit: float) -> Ink:
        try:
            return _ink(pdf, index, MM_PER_PT * unit)
        except pypdfium2.PdfiumError as error:
            return Ink(why_unread=f"it cannot be drawn ({error})")

    try:
        yield draw
    finally:
        pdf.close()


def _ink(pdf: Any, index: int, mm_per_unit: float) -> Ink:
    page = pdf[index]
    if page.get_cropbox() != page.get_mediabox() or page.get_rotation():
        page.set_cropbox(*page.get_mediabox())
        page.set_rotation(0)
        page.close()
        page = pdf[index]  # load it again, because PDFium reads the boxes when it loads a page
    try:
        return _measured(page, len(pdf), mm_per_unit)
    finally:
        page.close()


def _measured(page: Any, page_count: int, mm_per_unit: float) -> Ink:
    left, bottom, right, top = page.get_mediabox()
    width, height = abs(right - left), abs(top - bottom)
    scale = min(PPI / 25.4 * mm_per_unit, math.sqrt(MOST_PIXELS / max(1.0, width * height)))
    if max(width, height) * scale > LONGEST_SIDE or min(width, height) * scale < 1:
        return Ink(why_unread="its sides are out of all proportion")
    picture = page.render(scale=scale, draw_annots=False, may_draw_forms=False).to_pil()
    bounds = _bounds(picture)
    if bounds is None:
        return Ink()
    across, down = (width * mm_per_unit / picture.width, height * mm_per_unit / picture.height)
    box = Box(
        bounds[0] * across,
        (picture.height - bounds[3]) * down,
        bounds[2] * across,
        (picture.height - bounds[1]) * down,
    )
    whole = Box(0, 0, width * mm_per_unit, height * mm_per_unit)
    is_near_edge = not whole.grown(*[-_EDGE_MM] * 4).holds(box)
    lines: tuple[Box, ...] = ()
    if is_near_edge or page_count <= LINES_FOR_PAGES:
        lines = tuple(_lines(page, mm_per_unit))
    return Ink(box, lines, is_colored=_is_colored(picture))


def _bounds(picture: Any) -> tuple[int, int, int, int] | None:
    """Return the rectangle in pixels around all that is not white; None for a white page."""
    inked = picture.convert("L").point(lambda value: 255 if value < 255 - _BARELY_SEEN else 0)
    box: tuple[int, int, int, int] | None = inked.getbbox()
    return box


def _is_colored(picture: Any) -> bool:
    from PIL import ImageChops

    red, green, blue = picture.convert("RGB").split()
    return any(
        ImageChops.difference(one, other).point(lambda value: value > _COLORED).getbbox()
        for one, other in ((red, green), (green, blue))
    )


def _lines(page: Any, mm_per_unit: float) -> Iterator[Box]:
    """Yield the rectangles of text, in millimeters from the lower left corner of the MediaBox."""
    left, bottom, _, _ = page.get_mediabox()
    text = page.get_textpage()
    try:
        for index in range(min(text.count_rects(), MOST_LINES)):
            x0, y0, x1, y1 = text.get_rect(index)
            sides = (x0 - left, y0 - bottom, x1 - left, y1 - bottom)
            yield Box(*(side * mm_per_unit for side in sides))
    finally:
        text.close()
