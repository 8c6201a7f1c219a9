"""Rules on a cover: the width of its spine, text on the spine, and text near the edges.

A cover is one sheet: the back, the spine and the front, with bleed on its four edges.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chapbook.model.errors import Severity
from chapbook.pdf.facts import Box, File
from chapbook.preflight.geometry import PRECISION_MM, REACHES_MM
from chapbook.preflight.order import Order
from chapbook.preflight.verdict import Observation, unmeasured, vendor_only

_SPINE_TOLERANCE_MM = 0.5
_HEIGHT_TOLERANCE_MM = 0.5
_GIVE_INTERIOR = "give the interior too, and the paper"


@dataclass(frozen=True, slots=True)
class Wrap:
    """The trimmed sheet of a cover, and the spine on it, in millimeters."""

    sheet: Box
    spine_left: float
    spine_right: float

    @property
    def spine_mm(self) -> float:
        """The width of the spine in the file."""
        return self.spine_right - self.spine_left


def wrap_of(file: File, order: Order) -> Wrap | None:
    """Return where the cover is cut and folded; None if the trim size is not known."""
    trim, bleed, page = order.trim, order.printer.bleed, file.pages[0]
    if trim is None:
        return None
    sheet = page.trim
    if sheet is None or sheet.holds(page.media, PRECISION_MM):  # the TrimBox states no trim
        sheet = page.media.grown(-bleed.outer_mm, -bleed.bottom_mm, -bleed.outer_mm, -bleed.top_mm)
    return Wrap(sheet, sheet.left + trim.width_mm, sheet.right - trim.width_mm)


def spine_width(file: File, order: Order) -> Iterator[Observation]:
    """The spine is as wide as the pages are thick on this paper; the sheet has their height."""
    wrap = wrap_of(file, order)
    if wrap is None or order.trim is None:
        yield unmeasured(f"the spine’s width follows from the pages: {_GIVE_INTERIOR}")
        return
    excess = wrap.sheet.height_mm - order.trim.height_mm
    if abs(excess) > _HEIGHT_TOLERANCE_MM:
        yield Observation(
            f"the cover is {wrap.sheet.height_mm:.1f} mm high without bleed, "
            f"the pages are {order.trim.height_mm:.1f} mm"
        )
    yield from _judged(wrap, order)


def _judged(wrap: Wrap, order: Order) -> Iterator[Observation]:
    wanted = expected_spine_mm(order)
    if wanted is None:
        message = f"{wrap.spine_mm:.1f} mm are left for the spine"
        if order.page_count is None:
            yield unmeasured(f"{message}: {_GIVE_INTERIOR}")
        else:
            yield vendor_only(f"{message}: compare with the vendor’s template")
    elif abs(wrap.spine_mm - wanted) > _SPINE_TOLERANCE_MM:
        yield Observation(
            f"the spine is {wrap.spine_mm:.2f} mm wide; {order.page_count} pages of "
            f"{order.paper.name} paper need {wanted:.2f} mm"
        )


def expected_spine_mm(order: Order) -> float | None:
    """Return the width that the spine must have; None if it is not known."""
    if order.spine_width_mm is not None:
        return order.spine_width_mm
    if order.page_count is None:
        return None
    return order.printer.spine_width_mm(order.page_count, order.paper.name)


def spine_text(file: File, order: Order) -> Iterator[Observation]:
    """Text on the spine only if there are enough pages, and away from its edges."""
    wrap, from_pages = wrap_of(file, order), order.printer.spine_text
    if wrap is None or from_pages is None:
        yield unmeasured(f"the place of the spine depends on the trim size: {_GIVE_INTERIOR}")
        return
    lines = [line for line in file.pages[0].ink.text if _is_on_spine(line, wrap)]
    if not lines:
        return
    if order.page_count is None:
        yield unmeasured(f"there is text on the spine, which needs enough pages: {_GIVE_INTERIOR}")
    elif order.page_count < from_pages.figure:
        yield Observation(
            f"there is text on the spine, which needs {from_pages.figure:.0f} pages; "
            f"the book has {order.page_count}"
        )
    clear = order.printer.spine_clear_mm
    if clear is None:
        return
    least = min(min(line.left - wrap.spine_left, wrap.spine_right - line.right) for line in lines)
    if least < clear.figure - PRECISION_MM:
        yield Observation(
            f"text on the spine is {least:.1f} mm from its edge, "
            f"at least {clear.figure:.1f} mm are needed"
        )


def _is_on_spine(line: Box, wrap: Wrap) -> bool:
    """Return whether the middle of *line* is on the spine."""
    return wrap.spine_left < (line.left + line.right) / 2 < wrap.spine_right


def safe_zone(file: File, order: Order) -> Iterator[Observation]:
    """Text stays away from the cut edges of the cover."""
    limit = order.printer.cover_safe_mm
    wrap = wrap_of(file, order)
    if limit is None or wrap is None:
        yield unmeasured(f"where the cover is cut follows from the trim size: {_GIVE_INTERIOR}")
        return
    safe = wrap.sheet.grown(*[-limit.figure] * 4)
    lines, media = file.pages[0].ink.text, file.pages[0].media
    whole = [line for line in lines if media.holds(line, REACHES_MM)]
    if len(whole) < len(lines):
        message = "letters run off the sheet: right for an ornament, not for words"
        yield Observation(message, severity=Severity.NOTE)
    near = [line for line in whole if not safe.holds(line, PRECISION_MM)]
    if near:
        least = min(_distance(line, wrap.sheet) for line in near)
        yield Observation(
            f"text is {least:.1f} mm from the cut, at least {limit.figure:.1f} mm are needed"
        )


def _distance(line: Box, sheet: Box) -> float:
    return min(
        line.left - sheet.left,
        sheet.right - line.right,
        line.bottom - sheet.bottom,
        sheet.top - line.top,
    )


def bleed(file: File, order: Order) -> Iterator[Observation]:
    """A picture that reaches the cut runs over it, on all four edges."""
    wrap, page = wrap_of(file, order), file.pages[0]
    if wrap is None or page.ink.box is None:
        return
    bleed, ink = order.printer.bleed, page.ink.box
    over = {
        "left": (wrap.sheet.left - ink.left, bleed.outer_mm),
        "right": (ink.right - wrap.sheet.right, bleed.outer_mm),
        "top": (ink.top - wrap.sheet.top, bleed.top_mm),
        "bottom": (wrap.sheet.bottom - ink.bottom, bleed.bottom_mm),
    }
    short = [
        side for side, (runs, wanted) in over.items() if -REACHES_MM < runs < wanted - REACHES_MM
    ]
    if short:
        yield Observation(
            f"a picture that reaches the cut at the {' and '.join(short)} "
            f"does not run over it by {bleed.outer_mm:.1f} mm"
        )


def marks(file: File, order: Order) -> Iterator[Observation]:
    """No ink outside the bleed."""
    wrap, page = wrap_of(file, order), file.pages[0]
    if wrap is None or page.ink.box is None:
        return
    bleed = order.printer.bleed
    full = wrap.sheet.grown(bleed.outer_mm, bleed.bottom_mm, bleed.outer_mm, bleed.top_mm)
    if not full.holds(page.ink.box, REACHES_MM):
        yield Observation("there is ink outside the bleed: leave crop marks out")
