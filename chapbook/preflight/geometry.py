"""Finds where a page is trimmed, and measures the distance from there to ink."""

from __future__ import annotations

from dataclasses import dataclass

from chapbook.pdf.facts import Box, File, Page
from chapbook.preflight.order import Order, Part
from chapbook.printing.trims import TOLERANCE_MM, TrimSize

PRECISION_MM = 0.25  # the sum of smoothing, one pixel and the overhang of round letters
REACHES_MM = 0.5  # ink this close to the trim is meant to reach it


@dataclass(frozen=True, slots=True)
class Distances:
    """The distances in millimeters from the trim inward, on each side; below 0 outside the trim."""

    inner: float
    outer: float
    top: float
    bottom: float

    @property
    def least_but_inner(self) -> float:
        """The smallest of the three margins that are not the gutter."""
        return min(self.outer, self.top, self.bottom)

    @property
    def least(self) -> float:
        """The smallest of all four distances."""
        return min(self.inner, self.least_but_inner)


def is_inner_left(page: Page, file: File) -> bool:
    """Return whether the binding is at the left: on a recto, unless the book is bound at right."""
    return (page.number % 2 == 1) != file.is_bound_right


def trim_box(page: Page, file: File, order: Order) -> Box | None:
    """Return the box to which the page will be cut; None if its size does not fit the trim."""
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
    """Return the distances from *trim* inward to *box*."""
    left, right = box.left - trim.left, trim.right - box.right
    inner, outer = (left, right) if inner_left else (right, left)
    return Distances(inner, outer, trim.top - box.top, box.bottom - trim.bottom)


def bled_box(trim: Box, page: Page, file: File, order: Order) -> Box:
    """Return the trim with the bleed around it."""
    bleed = order.printer.bleed
    inner_left = is_inner_left(page, file) and order.part is Part.INTERIOR
    inner = bleed.inner_mm if order.part is Part.INTERIOR else bleed.outer_mm
    left, right = (inner, bleed.outer_mm) if inner_left else (bleed.outer_mm, inner)
    return trim.grown(left, bleed.bottom_mm, right, bleed.top_mm)


def reaching(page: Page, trim: Box, *, inner_left: bool) -> frozenset[str]:
    """Return the edges that ink reaches, except the binding: a picture there is meant to bleed."""
    if page.ink.box is None:
        return frozenset()
    far = distances(page.ink.box, trim, inner_left=inner_left)
    sides = {"outer": far.outer, "top": far.top, "bottom": far.bottom}
    return frozenset(side for side, distance in sides.items() if distance < REACHES_MM)


def text_box(page: Page) -> Box | None:
    """Return the rectangle around all lines of text; None if there are none."""
    lines = page.ink.text
    if not lines:
        return None
    return Box(
        min(line.left for line in lines),
        min(line.bottom for line in lines),
        max(line.right for line in lines),
        max(line.top for line in lines),
    )
