"""What is to be printed: which part of which book, by whom, on which paper, at which size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from chapbook.pdf.facts import Box, File
from chapbook.printing.printer import Paper, Printer
from chapbook.printing.trims import TRIMS, TrimSize


class Part(Enum):
    """What a file is of a book."""

    INTERIOR = "interior"
    COVER = "cover"


@dataclass(frozen=True, slots=True)
class Order:
    """A part of a book at a printer.

    `page_count` is the interior's, None where only the cover is known; `spine_width_mm` is given
    where only the printer's own template tells it; `trim` is assumed where nothing states it.
    """

    printer: Printer
    part: Part
    paper: Paper
    trim: TrimSize | None
    page_count: int | None
    spine_width_mm: float | None = None
    trim_is_assumed: bool = False


_WIDER_THAN_HIGH = 1.05  # two pages and a spine are, for every size that is printed as a book


def guess_part(file: File) -> Part:
    """Whether *file* looks like a cover: a sheet or two, wider than high."""
    box = file.pages[0].trim or file.pages[0].media
    is_wide = box.width_mm > _WIDER_THAN_HIGH * box.height_mm
    return Part.COVER if len(file.pages) <= 2 and is_wide else Part.INTERIOR


def trim_of(file: File, printer: Printer) -> tuple[TrimSize, bool]:
    """The trim size of the interior in *file*, and whether it had to be assumed.

    Its TrimBox says it; but many programs set that to the whole page, bleed and all.
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
