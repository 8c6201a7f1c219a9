"""The print order: a part of a book, its printer, paper and size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from chapbook.pdf.facts import Box, File
from chapbook.printing.printer import Paper, Printer
from chapbook.printing.trims import TRIMS, TrimSize


class Part(Enum):
    """A part of a book."""

    INTERIOR = "interior"
    COVER = "cover"


@dataclass(frozen=True, slots=True)
class Order:
    """The order of one part of a book from a printer.

    `page_count` is that of the interior, None if only the cover is known. `spine_width_mm` is set
    if the user read it from the printer's template. `trim_is_assumed` if no file or user states it.
    """

    printer: Printer
    part: Part
    paper: Paper
    trim: TrimSize | None
    page_count: int | None
    spine_width_mm: float | None = None
    trim_is_assumed: bool = False


_WIDER_THAN_HIGH = 1.05  # true of two pages and a spine in every book size


def guess_part(file: File) -> Part:
    """Return COVER if *file* has at most two pages that are wider than high, else INTERIOR."""
    box = file.pages[0].trim or file.pages[0].media
    is_wide = box.width_mm > _WIDER_THAN_HIGH * box.height_mm
    return Part.COVER if len(file.pages) <= 2 and is_wide else Part.INTERIOR


def trim_of(file: File, printer: Printer) -> tuple[TrimSize, bool]:
    """Return the trim size of the interior in *file*, and whether it is assumed.

    The TrimBox states it. But many programs set the TrimBox to the whole page with its bleed.
    """
    page = file.pages[0]
    whole = _size(page.media)
    bleed = printer.bleed
    without_bleed = TrimSize(
        whole.width_mm - bleed.outer_mm - bleed.inner_mm,
        whole.height_mm - bleed.top_mm - bleed.bottom_mm,
    )
    known = (*printer.trims.named, *TRIMS.values())
    stated = _size(page.trim) if page.trim else None
    if stated and not stated.matches(whole):
        return stated, False
    if _is_among(whole, known):
        return whole, stated is None
    if _is_among(without_bleed, known):
        return without_bleed, True
    return whole, stated is None


def _size(box: Box) -> TrimSize:
    return TrimSize(round(box.width_mm, 2), round(box.height_mm, 2))


def _is_among(size: TrimSize, known: Sequence[TrimSize]) -> bool:
    return any(size.matches(each) for each in known)
