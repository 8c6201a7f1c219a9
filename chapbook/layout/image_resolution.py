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
    """Yield a finding for each image with fewer pixels an inch than its printer wants.

    *widths_mm* are the printed widths, by address in the laid-out tree. For a printer at home,
    where nobody sets a rule, it is our advice and only a note.
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
            report = warning if wanted.source.is_a_rule else note
            message = (
                f"the image “{href}” has {ppi:.0f} pixels an inch as printed, {width_mm:.0f} mm"
            )
            message += f" wide; {wanted.figure:g} are wanted ({wanted.source}): take one "
            message += (
                f"{ceil(width_mm / MM_PER_INCH * wanted.figure)} pixels wide or more, or print it "
            )
            message += f"{asset.width_px * MM_PER_INCH / wanted.figure:.0f} mm wide"
            yield report(Code.PRINT_RESOLUTION, message, places.of(href))
