"""The geometry of a page to print: margins from the trim size, the printer and the page count.

The gutter depends on the page count, and the page count on the gutter. The layout repeats until
both agree. A gutter never becomes narrower from one round to the next, so the loop ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chapbook.printing.settings import PrintSettings
from chapbook.printing.trims import TrimSize
from chapbook.printing.vendors import PRINTERS

_HEAD_MM = 8.0  # height of the running head above the text
_FOLIO_MM = 10.5  # height of the folio below the text
_CLEAR_OF_GUTTER_MM = 3.0  # added to the printer's least gutter, so that a thick book opens
_CLEAR_OF_TRIM_MM = 3.0  # added to the printer's least margin
_SMALLEST_TYPE_PT, _LARGEST_TYPE_PT = 8.5, 11.5
_MM_PER_PT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Page:
    """A trimmed page, its margins and the size of its text. Odd pages are rectos."""

    trim: TrimSize
    top_mm: float
    bottom_mm: float
    inner_mm: float
    outer_mm: float
    text_pt: float

    @property
    def measure_mm(self) -> float:
        """The width of the text."""
        return self.trim.width_mm - self.inner_mm - self.outer_mm

    @property
    def text_height_mm(self) -> float:
        """The height of the text. It is the line width of pages turned by 90 degrees."""
        return self.trim.height_mm - self.top_mm - self.bottom_mm

    @property
    def tokens(self) -> Mapping[str, str]:
        """The values of the page's design tokens, by name."""
        return {
            "--page-width": f"{self.trim.width_mm:g}mm",
            "--page-height": f"{self.trim.height_mm:g}mm",
            "--page-top": f"{self.top_mm:g}mm",
            "--page-bottom": f"{self.bottom_mm:g}mm",
            "--page-inner": f"{self.inner_mm:g}mm",
            "--page-outer": f"{self.outer_mm:g}mm",
            "--page-size-text": f"{self.text_pt:g}pt",
        }


def fitted(designed: Page, settings: PrintSettings, page_count: int) -> Page:
    """Return the *designed* page at the author's trim size, for a book of *page_count* pages.

    A line keeps its number of characters. On another trim size the type size changes by the square
    root of the ratio of the widths, and the margins divide the rest in their old proportion.
    """
    trim = settings.trim or designed.trim
    printer = PRINTERS[settings.printer]
    ratio = trim.width_mm / designed.trim.width_mm
    text_pt = min(max(designed.text_pt * ratio**0.5, _SMALLEST_TYPE_PT), _LARGEST_TYPE_PT)
    if trim == designed.trim:
        text_pt = designed.text_pt
    wanted_mm = designed.measure_mm * text_pt / designed.text_pt
    least_inner = printer.gutter_mm(page_count) + _CLEAR_OF_GUTTER_MM
    least_other = printer.margin_mm(bleeds=True) + _CLEAR_OF_TRIM_MM
    margins = max(trim.width_mm - wanted_mm, least_inner + least_other)
    share = designed.inner_mm / (designed.inner_mm + designed.outer_mm)
    inner = max(margins * share, least_inner)
    outer = max(margins - inner, least_other)
    tall = trim.height_mm / designed.trim.height_mm
    return Page(
        trim=trim,
        top_mm=round(max(designed.top_mm * tall, least_other + _HEAD_MM), 2),
        bottom_mm=round(max(designed.bottom_mm * tall, least_other + _FOLIO_MM), 2),
        inner_mm=round(inner, 2),
        outer_mm=round(outer, 2),
        text_pt=round(text_pt, 2),
    )


def padded(page_count: int, signature: int, *, last_is_blank: bool = False) -> int:
    """Return *page_count* plus the blank pages that binding adds.

    >>> padded(151, 2), padded(150, 2, last_is_blank=True), padded(9, 4)
    (152, 152, 12)
    """
    count = page_count + (1 if last_is_blank else 0)
    return -(-count // signature) * signature
