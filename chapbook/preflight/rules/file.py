"""Rules on the file as a whole: its size, encryption, claims, fonts and page count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from chapbook.model.errors import Severity
from chapbook.pdf.facts import File, Page
from chapbook.preflight.order import Order, Part
from chapbook.preflight.verdict import Certainty, Observation, unmeasured, vendor_only
from chapbook.printing.trims import TOLERANCE_MM


def size(file: File, order: Order) -> Iterator[Observation]:
    """Not larger than the printer accepts."""
    limit = order.printer.largest_bytes
    if limit and file.size_bytes > limit.figure:
        megabytes = file.size_bytes / 1e6, limit.figure / 1e6
        yield Observation(
            f"the file has {megabytes[0]:,.0f} MB, the printer accepts at most {megabytes[1]:,.0f}"
        )


def encryption(file: File, _: Order) -> Iterator[Observation]:
    """Not encrypted, not even with an empty password."""
    if file.is_encrypted:
        yield Observation("it is encrypted: save it without passwords and restrictions")


def pdf_x(file: File, order: Order) -> Iterator[Observation]:
    """The PDF/X that the printer asks for, as far as the file claims it."""
    kinds = order.printer.pdf_x_kinds
    wanted = " or ".join(kinds) or "PDF/X"
    if not file.pdf_x:
        yield Observation(f"it does not claim to be {wanted}")
        return
    if not file.output_intents:
        yield Observation(f"it claims {file.pdf_x} but has no output intent for it")
    if kinds and file.pdf_x not in kinds:
        yield Observation(
            f"it claims {file.pdf_x}; the printer asks for {wanted}",
            severity=Severity.WARNING,
            certainty=Certainty.VENDOR,
        )
    yield Observation(
        f"the file claims to be {file.pdf_x}; this was not verified",
        severity=Severity.NOTE,
        certainty=Certainty.UNMEASURED,
    )


def boxes(file: File, _: Order) -> Iterator[Observation]:
    """All pages of one size, each box inside the next larger one, not turned, nothing hidden."""
    first = file.pages[0].trim or file.pages[0].media
    yield from _on(
        "its size differs from the first page’s",
        (page for page in file.pages if not _is_as_large(page, first.width_mm, first.height_mm)),
    )
    yield from _on("its boxes do not lie within each other", filter(_is_askew, file.pages))
    yield from _on("it is stored turned", (page for page in file.pages if page.rotation))
    yield from _on("its unit is not 1/72 in", (page for page in file.pages if page.user_unit != 1))
    yield from _on(
        "its CropBox hides a part of it",
        (page for page in file.pages if not page.crop.holds(page.media, TOLERANCE_MM)),
    )


def _on(message: str, pages: Iterator[Page]) -> Iterator[Observation]:
    if numbers := tuple(page.number for page in pages):
        yield Observation(f"a page is not as it should be: {message}", numbers)


def _is_as_large(page: Page, width_mm: float, height_mm: float) -> bool:
    box = page.trim or page.media
    return (
        abs(box.width_mm - width_mm) <= TOLERANCE_MM
        and abs(box.height_mm - height_mm) <= TOLERANCE_MM
    )


def _is_askew(page: Page) -> bool:
    nested = [box for box in (page.trim, page.bleed, page.media) if box]
    return any(not outer.holds(inner, TOLERANCE_MM) for inner, outer in pairwise(nested))


def trim(_: File, order: Order) -> Iterator[Observation]:
    """A size that the printer cuts."""
    if order.trim is None:
        yield unmeasured("the trim size is not known: give --trim, or the interior too")
    elif not order.printer.trims.has(order.trim):
        yield Observation(f"{order.printer.title} does not cut {order.trim}")
    elif order.trim_is_assumed:
        yield Observation(
            f"no TrimBox states the trim size: {order.trim} is assumed; --trim states it",
            severity=Severity.NOTE,
        )


def page_count(file: File, order: Order) -> Iterator[Observation]:
    """A page count that the printer binds on this paper."""
    count, paper, printer = len(file.pages), order.paper, order.printer
    if not paper.fewest <= count <= paper.most:
        fits = [each.name for each in printer.papers.values() if each.fewest <= count <= each.most]
        remedy = f"; {', '.join(fits)} would do" if fits else ""
        yield Observation(
            f"{count} pages: {printer.title} binds {paper.fewest} to {paper.most} "
            f"on {paper.name} paper{remedy}"
        )


def signature(file: File, order: Order) -> Iterator[Observation]:
    """A page count that is a multiple of the sides of a leaf."""
    count, sides = len(file.pages), order.printer.signature
    if count % sides:
        yield Observation(f"{count} pages are no multiple of {sides}: blank ones will be added")


def last_page(file: File, _: Order) -> Iterator[Observation]:
    """The last page is blank, for the printer's own marks."""
    if file.pages[-1].ink.box is not None:
        yield Observation("the last page is not blank", (len(file.pages),))


def fonts(file: File, _: Order) -> Iterator[Observation]:
    """All fonts are embedded."""
    missing = [face.name for face in file.faces if not face.is_embedded]
    if missing:
        yield Observation(f"it does not embed the font {', '.join(missing[:4])}: embed all fonts")


def annotated(file: File, _: Order) -> Iterator[Observation]:
    """No annotations; links are annotations."""
    pages = [page for page in file.pages if page.annotations]
    if pages:
        kinds = Counter(kind for page in pages for kind in page.annotations)
        counts = ", ".join(f"{count} × {kind}" for kind, count in kinds.most_common(3))
        yield Observation(f"it has annotations: {counts}", tuple(page.number for page in pages))


def bookmarks(file: File, _: Order) -> Iterator[Observation]:
    """No bookmarks."""
    if file.has_bookmarks:
        yield Observation("it has bookmarks")


def invisible(file: File, order: Order) -> Iterator[Observation]:
    """No content that cannot be seen."""
    if file.has_layers:
        yield Observation("it has layers: flatten it")
    for kind in sorted({kind for page in file.pages for kind in page.painted.invisible}):
        pages = tuple(page.number for page in file.pages if kind in page.painted.invisible)
        yield Observation(f"it has {kind}", pages)
    if order.part is Part.COVER:
        yield vendor_only("whether pictures hide something behind them was not measured")
