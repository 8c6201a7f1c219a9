"""The printers that Chapbook knows, as dated data.

Each figure has its source. Figures that could not be confirmed are left out (the geometry of
hardcovers, IngramSpark's formula for the spine) or are marked as known from a single source.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from chapbook.printing.printer import (
    READ,
    Basis,
    Bleed,
    Limit,
    Margins,
    Paper,
    Printer,
    Source,
    Trims,
)
from chapbook.printing.trims import MM_PER_INCH, TRIMS, TrimSize, inches, parse_trim

__all__ = ["PRINTERS", "READ", "TRIMS", "Paper", "Printer", "TrimSize", "parse_trim"]

_ADVICE = Source("Chapbook", Basis.ADVICE)
_EIGHTH = 0.125 * MM_PER_INCH
_ANY_COUNT = 1_000_000


def _papers(*papers: Paper) -> Mapping[str, Paper]:
    return MappingProxyType({paper.name: paper for paper in papers})


# Home and office: a sheet of 80 g/m² is about 0.1 mm thick and has two pages.
_HOME = Printer(
    name="home",
    title="a printer at home or in the office",
    trims=Trims(_ADVICE),
    papers=_papers(
        Paper("white", 0.05, 1, _ANY_COUNT, _ADVICE, cover_mm=0.4),
        Paper("cream", 0.05, 1, _ANY_COUNT, _ADVICE, cover_mm=0.4),
    ),
    bleed=Bleed(0, 0, 0, 0, _ADVICE),
    margins=Margins(((_ANY_COUNT, 12.0),), 6.0, 6.0, _ADVICE),  # most cannot print the last 5 mm
    signature=1,
    embeds_fonts=_ADVICE,
    image_ppi=Limit(150, _ADVICE),
    type_pt=Limit(6, _ADVICE),
    line_pt=Limit(0.25, _ADVICE),
    cover_safe_mm=Limit(6.0, _ADVICE),
)

# Amazon KDP, paperback. The geometry of hardcovers is not confirmed, so they are not offered.
_KDP_GUIDE = Source("KDP, Paperback Submission Guidelines", Basis.OFFICIAL)
_KDP = Source("Amazon KDP, paperback", Basis.AGREED)
_KDP_PRINTER = Printer(
    name="kdp",
    title="Amazon KDP",
    trims=Trims(
        _KDP,
        named=(inches(8.25, 6), inches(8.27, 11.69)),  # all others are within the custom range
        custom=(inches(4, 6), inches(8.5, 11.69)),
    ),
    papers=_papers(
        Paper("white", 0.002252 * MM_PER_INCH, 24, 828, _KDP),
        Paper("cream", 0.0025 * MM_PER_INCH, 24, 776, _KDP),
        Paper("groundwood", None, 24, 812, _KDP),  # 0.00235 in for a page has one source only
        Paper("standard-color", 0.002252 * MM_PER_INCH, 72, 600, _KDP),
        Paper("premium-color", 0.002347 * MM_PER_INCH, 24, 828, _KDP),
    ),
    bleed=Bleed(_EIGHTH, _EIGHTH, _EIGHTH, 0, _KDP),
    margins=Margins(
        gutters=(
            (150, 0.375 * MM_PER_INCH),
            (300, 0.5 * MM_PER_INCH),
            (500, 0.625 * MM_PER_INCH),
            (700, 0.75 * MM_PER_INCH),
            (828, 0.875 * MM_PER_INCH),
        ),
        other_mm=0.25 * MM_PER_INCH,
        other_with_bleed_mm=0.375 * MM_PER_INCH,
        source=_KDP,
    ),
    signature=2,
    forbids_annotations=_KDP_GUIDE,
    forbids_bookmarks=_KDP_GUIDE,
    forbids_marks=_KDP_GUIDE,
    forbids_transparency=_KDP_GUIDE,
    forbids_invisible=_KDP_GUIDE,
    forbids_encryption=_KDP_GUIDE,
    embeds_fonts=_KDP_GUIDE,
    largest_bytes=Limit(650_000_000, _KDP_GUIDE),
    image_ppi=Limit(300, _KDP_GUIDE),
    type_pt=Limit(7, _KDP),
    line_pt=Limit(0.75, _KDP),
    spine_text=Limit(80, _KDP),
    spine_clear_mm=Limit(0.0625 * MM_PER_INCH, _KDP),
    cover_safe_mm=Limit(0.25 * MM_PER_INCH, _KDP),
)

# IngramSpark. The spine width is in the template that it makes for each book.
_INGRAM_GUIDE = Source("IngramSpark, File Requirements for Print Books", Basis.OFFICIAL)
_INGRAM = Source("IngramSpark, File Creation Guide", Basis.AGREED)
_INGRAM_SINGLE = Source("IngramSpark, File Creation Guide", Basis.SINGLE)
_INGRAM_PRINTER = Printer(
    name="ingram",
    title="IngramSpark",
    trims=Trims(_INGRAM_SINGLE),
    papers=_papers(
        Paper("white", None, 18, _ANY_COUNT, _INGRAM_SINGLE),
        Paper("cream", None, 18, _ANY_COUNT, _INGRAM_SINGLE),
    ),
    bleed=Bleed(_EIGHTH, _EIGHTH, _EIGHTH, 0, _INGRAM_SINGLE),
    margins=Margins(
        ((_ANY_COUNT, 0.5 * MM_PER_INCH),), 0.5 * MM_PER_INCH, 0.5 * MM_PER_INCH, _INGRAM_GUIDE
    ),
    signature=2,
    wants_pdf_x=_INGRAM,
    pdf_x_kinds=("PDF/X-1a:2001", "PDF/X-3:2002"),
    forbids_marks=_INGRAM_GUIDE,
    embeds_fonts=_INGRAM_GUIDE,
    last_page_blank=_INGRAM_GUIDE,
    gray_interior=_INGRAM,
    image_ppi=Limit(300, _INGRAM),
    ink_percent=Limit(240, _INGRAM),
    cover_safe_mm=Limit(0.25 * MM_PER_INCH, _INGRAM_SINGLE),
)

# Lulu. Its additions to the gutter are added to the base of 0.5 in. Where two rows of its table
# overlap, the larger figure is used.
_LULU_GUIDE = Source("Lulu, Book Creation Guide", Basis.OFFICIAL)
_LULU = Source("Lulu, paperback", Basis.AGREED)
_LULU_SINGLE = Source("Lulu, paperback", Basis.SINGLE)
_LULU_PAGE_MM = MM_PER_INCH / 444
_LULU_COVER_MM = 0.06 * MM_PER_INCH
_LULU_PRINTER = Printer(
    name="lulu",
    title="Lulu",
    trims=Trims(_LULU_SINGLE),
    papers=_papers(
        Paper("white", _LULU_PAGE_MM, 32, 800, _LULU, _LULU_COVER_MM),
        Paper("cream", _LULU_PAGE_MM, 32, 800, _LULU, _LULU_COVER_MM),
        Paper("magazine", MM_PER_INCH / 460, 32, 800, _LULU, _LULU_COVER_MM),
    ),
    bleed=Bleed(_EIGHTH, _EIGHTH, _EIGHTH, _EIGHTH, _LULU_GUIDE),
    margins=Margins(
        gutters=(
            (59, 0.5 * MM_PER_INCH),
            (150, 0.625 * MM_PER_INCH),
            (399, 1.0 * MM_PER_INCH),
            (600, 1.125 * MM_PER_INCH),
            (800, 1.25 * MM_PER_INCH),
        ),
        other_mm=0.5 * MM_PER_INCH,
        other_with_bleed_mm=0.5 * MM_PER_INCH,
        source=_LULU,
    ),
    signature=2,
    bleeds_always=_LULU_GUIDE,
    forbids_marks=_LULU_GUIDE,
    embeds_fonts=_LULU,
    rgb_only=_LULU_GUIDE,
    image_ppi=Limit(300, _LULU_GUIDE),
    spine_text=Limit(81, _LULU),
    cover_safe_mm=Limit(0.5 * MM_PER_INCH, _LULU_GUIDE),
)

# Any press: the usual rules of print shops. What your own print shop says comes first.
_PDF_X = Source("PDF/X-4, ISO 15930-7", Basis.OFFICIAL)
_PRESS = Printer(
    name="press",
    title="a print shop",
    trims=Trims(_ADVICE),
    papers=_papers(
        Paper("white", None, 4, _ANY_COUNT, _ADVICE), Paper("cream", None, 4, _ANY_COUNT, _ADVICE)
    ),
    bleed=Bleed(3, 3, 3, 0, _ADVICE),
    margins=Margins(((200, 12.0), (400, 15.0), (_ANY_COUNT, 18.0)), 8.0, 8.0, _ADVICE),
    signature=2,
    wants_pdf_x=_ADVICE,
    forbids_annotations=_PDF_X,
    forbids_encryption=_PDF_X,
    embeds_fonts=_PDF_X,
    gray_interior=_ADVICE,
    image_ppi=Limit(300, _ADVICE),
    ink_percent=Limit(300, _ADVICE),
    type_pt=Limit(6, _ADVICE),
    line_pt=Limit(0.25, _ADVICE),
    cover_safe_mm=Limit(5.0, _ADVICE),
)

PRINTERS: Mapping[str, Printer] = MappingProxyType(
    {
        printer.name: printer
        for printer in (_HOME, _KDP_PRINTER, _INGRAM_PRINTER, _LULU_PRINTER, _PRESS)
    }
)
"""The printers, by their names in a manuscript's `print: printer`."""
