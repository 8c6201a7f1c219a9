"""Imposition: which pages are printed on one sheet, so that they are in order once it is folded."""

from __future__ import annotations

from dataclasses import dataclass

PAGES_PER_SHEET = 4


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a sheet: the numbers of its left and right pages, from 0; None is a blank page.

    Each page moves by *creep_mm* towards the fold between them.
    """

    left: int | None
    right: int | None
    creep_mm: float


def saddle_stitch(page_count: int, sheet_mm: float, *, rtl: bool = False) -> tuple[Side, ...]:
    """Return the sides of a booklet of nested sheets: front, then back of each sheet.

    The first sheet is the outermost. *sheet_mm* is the thickness of one sheet. An inner sheet
    sticks out by the thickness of all sheets around it, so its pages move inwards (creep).

    >>> [(side.left, side.right) for side in saddle_stitch(8, 0.1)]
    [(7, 0), (1, 6), (5, 2), (3, 4)]
    """
    padded = page_count + -page_count % PAGES_PER_SHEET
    sides = []
    for sheet in range(padded // PAGES_PER_SHEET):
        first, last = 2 * sheet, padded - 1 - 2 * sheet
        for pages in ((last, first), (first + 1, last - 1)):
            left, right = (page if page < page_count else None for page in pages)
            across = (right, left) if rtl else (left, right)
            sides.append(Side(*across, creep_mm=sheet * sheet_mm))
    return tuple(sides)
