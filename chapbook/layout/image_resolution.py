"""Images with too few pixels for the size in which they are printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil

from chapbook.images.rasters import SVG
from chapbook.model.document import Document
from chapbook.model.errors import Code, Finding, note, warning
from chapbook.printing.trims import MM_PER_INCH
from chapbook.printing.vendors import PRINTERS
from chapbook.reading.source_positions import Places

_ROUNDING = 0.99  # widths are rounded to whole pixels


def coarse_images(document: Document, widths_mm: Mapping[str, float]) -> Iterator[Finding]:
    """A finding for each image that its printer wants finer, at its place in the manuscript.

    *widths_mm* tells how wide each is printed, by its address in the laid-out tree. What we advise
    for a printer at home, where nobody sets a rule, is a note.
    """
    wanted = PRINTERS[document.metadata.printing.printer].image_ppi
    if wanted is None:
        return
    places = Places(document.manuscript)
    for href, asset in document.assets.items():
        width_mm = widths_mm.get(f"asset:{href}", 0)
        if asset.media_type == SVG or not width_mm:
            continue
        ppi = asset.width_px / (width_mm / MM_PER_INCH)
        if ppi < wanted.figure * _ROUNDING:
            tell = warning if wanted.source.is_a_rule else note
            told = f"the image “{href}” has {ppi:.0f} pixels an inch as printed, {width_mm:.0f} mm"
            told += f" wide; {wanted.figure:g} are wanted ({wanted.source}): take one "
            told += (
                f"{ceil(width_mm / MM_PER_INCH * wanted.figure)} pixels wide or more, or print it "
            )
            told += f"{asset.width_px * MM_PER_INCH / wanted.figure:.0f} mm wide"
            yield tell(Code.PRINT_RESOLUTION, told, places.of(href))
