"""Where a page's trim lies, and how far ink stays from it."""

from __future__ import annotations

from dataclasses import dataclass

from chapbook.pdf.facts import Box, File, Page
from chapbook.preflight.order import Order, Part
from chapbook.printing.trims import TOLERANCE_MM, TrimSize

PRECISION_MM = 0.25  # what smoothing, a pixel and the overhang of round letters come to
REACHES_MM = 0.5  # ink so near to the trim is meant to reach it


@dataclass(frozen=True, slots=True)
class Distances:
    """How far something stays within the trim on each side; below 0 it runs over it."""

    inner: float
    outer: float
    top: float
    bottom: float

    @property
    def least_but_inner(self) -> float:
        """The least of the three margins that are not the gutter."""
        return min(self.outer, self.top, self.bottom)

    @property
    def least(self) -> float:
        """The least of all four."""
        return min(self.inner, self.least_but_inner)


def is_inner_left(page: Page, file: File) -> bool:
    """Whether the binding is at the left: on a recto, unless the book is bound at its right."""
    return (page.number % 2 == 1) != file.is_bound_right


def trim_box(page: Page, file: File, order: Order) -> Box | None:
    """Where the page will be cut; None where its size fits the trim in no way."""
    trim = order.trim
    if trim is None:
        return None
    if page.trim and _is_as_large(page.trim, trim):
        return page.trim
    media, bleed = page.media, order.printer.bleed
    if _is_as_large(media, trim):
        return media
    across = media.width_mm - trim.width_mm
    down = media.height_mm - trim.height_mm
    if min(across, down) < -TOLERANCE_MM:
        return None
    has_bleed = _near(across, bleed.outer_mm + bleed.inner_mm)
    if has_bleed and _near(down, bleed.top_mm + bleed.bottom_mm) and order.part is Part.INTERIOR:
        left = bleed.inner_mm if is_inner_left(page, file) else bleed.outer_mm
        return _placed(trim, left, bleed.bottom_mm)
    return _placed(trim, across / 2, down / 2) if _near(across, down) else None


def _placed(trim: TrimSize, left: float, bottom: float) -> Box:
    return Box(left, bottom, left + trim.width_mm, bottom + trim.height_mm)


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE_MM


def _is_as_large(box: Box, trim: TrimSize) -> bool:
    return TrimSize(box.width_mm, box.height_mm).matches(trim)


def distances(box: Box, trim: Box, *, inner_left: bool) -> Distances:
    """How far *box* stays within *trim*."""
    left, right = box.left - trim.left, trim.right - box.right
    inner, outer = (left, right) if inner_left else (right, left)
    return Distances(inner, outer, trim.top - box.top, box.bottom - trim.bottom)


def bled_box(trim: Box, page: Page, file: File, order: Order) -> Box:
    """The trim and the bleed around it."""
    bleed = order.printer.bleed
    inner_left = is_inner_left(page, file) and order.part is Part.INTERIOR
    inner = bleed.inner_mm if order.part is Part.INTERIOR else bleed.outer_mm
    left, right = (inner, bleed.outer_mm) if inner_left else (bleed.outer_mm, inner)
    return trim.grown(left, bleed.bottom_mm, right, bleed.top_mm)


def reaching(page: Page, trim: Box, *, inner_left: bool) -> frozenset[str]:
    """The edges, of those outside the binding, that ink reaches: pictures that shall bleed."""
    if page.ink.box is None:
        return frozenset()
    far = distances(page.ink.box, trim, inner_left=inner_left)
    sides = {"outer": far.outer, "top": far.top, "bottom": far.bottom}
    return frozenset(side for side, distance in sides.items() if distance < REACHES_MM)


def text_box(page: Page) -> Box | None:
    """The rectangle around all lines of text; None where there are none."""
    lines = page.ink.text
    if not lines:
        return None
    return Box(
        min(line.left for line in lines),
        min(line.bottom for line in lines),
        max(line.right for line in lines),
        max(line.top for line in lines),
    )
