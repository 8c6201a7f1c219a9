"""Rules on what is painted, and how: images, colors, black, ink, transparency, lines and type."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chapbook.model.errors import Severity
from chapbook.pdf.facts import File, Page, Space
from chapbook.preflight.order import Order, Part
from chapbook.preflight.verdict import Observation, unmeasured, vendor_only

_ROUNDING = 0.99  # sizes are rounded by the programs that write them
_RGB = frozenset({Space.RGB})


def _where(file: File, holds: Callable[[Page], object]) -> tuple[int, ...]:
    return tuple(page.number for page in file.pages if holds(page))


def resolution(file: File, order: Order) -> Iterator[Observation]:
    """Images have pixels enough at the size in which they are printed."""
    limit = order.printer.image_ppi
    if limit is None:
        return
    least = limit.figure * _ROUNDING
    coarse = [
        picture for page in file.pages for picture in page.painted.pictures if picture.ppi < least
    ]
    if coarse:
        worst = min(picture.ppi for picture in coarse)
        pages = _where(file, lambda page: set(coarse) & page.painted.pictures)
        yield Observation(
            f"an image has {worst:.0f} pixels an inch as printed, {limit.figure:.0f} are wanted",
            pages,
        )


def color(file: File, order: Order) -> Iterator[Observation]:
    """The color spaces that the printer takes."""
    if order.printer.rgb_only:
        yield from _in_space(file, frozenset({Space.CMYK, Space.SPOT}), "sRGB or gray is wanted")
    if order.printer.gray_interior and order.part is Part.INTERIOR:
        if any(page.ink.is_colored for page in file.pages):
            pages = _where(file, lambda page: page.ink.is_colored)
            told = "there is color: right only where the interior is ordered in color"
            yield Observation(told, pages, Severity.WARNING)
            yield from _in_space(file, _RGB, "CMYK is wanted for color")
        else:
            spaces = frozenset({Space.RGB, Space.OTHER})
            yield from _in_space(file, spaces, "the interior is black and white: gray is wanted")


def _in_space(file: File, unwanted: frozenset[Space], remedy: str) -> Iterator[Observation]:
    pages = _where(file, lambda page: page.painted.spaces & unwanted)
    if pages:
        found = {space for page in file.pages for space in page.painted.spaces} & unwanted
        kinds = " and ".join(sorted(space.value for space in found))
        yield Observation(f"it is painted in {kinds}; {remedy}", pages)


def black(file: File, _: Order) -> Iterator[Observation]:
    """Text is black of one ink: several never meet exactly."""
    pages = _where(
        file, lambda page: any(color.is_black_of_many_inks for color in page.painted.text_colors)
    )
    if pages:
        yield Observation("text is set in a black of several inks: set it in black alone", pages)


def ink(file: File, order: Order) -> Iterator[Observation]:
    """No more ink on any spot than dries."""
    limit = order.printer.ink_percent
    if limit is None:
        return
    measured = {page.number: _most_ink(page) for page in file.pages}
    wet = {number: percent for number, percent in measured.items() if percent > limit.figure + 0.5}
    if wet:
        worst = max(wet.values())
        told = f"there is {worst:.0f} % of ink on one spot, at most {limit.figure:.0f} % dry"
        yield Observation(told, tuple(wet))
    if pages := _where(file, _has_unmeasured_ink):
        yield unmeasured("an image in CMYK could not be decoded", pages)
    elsewhere = frozenset({Space.RGB, Space.SPOT, Space.OTHER})
    if _where(file, lambda page: page.painted.spaces & elsewhere):
        yield vendor_only("how much ink RGB and spot colors become depends on the vendor’s profile")


def _most_ink(page: Page) -> float:
    colors = (color.ink_percent for color in page.painted.colors | page.painted.text_colors)
    pictures = (picture.ink_percent for picture in page.painted.pictures)
    return max((percent for percent in (*colors, *pictures) if percent is not None), default=0.0)


def _has_unmeasured_ink(page: Page) -> bool:
    return any(
        picture.space is Space.CMYK and picture.ink_percent is None
        for picture in page.painted.pictures
    )


def transparency(file: File, _: Order) -> Iterator[Observation]:
    """Nothing that lets through what lies below."""
    for what in sorted({what for page in file.pages for what in page.painted.transparency}):
        pages = _where(file, lambda page, what=what: what in page.painted.transparency)  # type: ignore[misc]
        yield Observation(f"it has {what}: flatten transparency", pages)


def lines(file: File, order: Order) -> Iterator[Observation]:
    """No line thinner than a plate holds."""
    limit = order.printer.line_pt
    if limit is None:
        return
    least = limit.figure * _ROUNDING
    pages = _where(file, lambda page: any(width < least for width in page.painted.line_pt))
    if pages:
        thinnest = min(width for page in file.pages for width in page.painted.line_pt)
        told = f"a line is {thinnest:.2f} pt wide, at least {limit.figure:g} pt are wanted"
        yield Observation(told, pages)


def type_size(file: File, order: Order) -> Iterator[Observation]:
    """No type smaller than prints legibly."""
    limit = order.printer.type_pt
    if limit is None:
        return
    least = limit.figure * _ROUNDING
    pages = _where(file, lambda page: any(0 < size < least for size in page.painted.type_pt))
    if pages:
        sizes = (size for page in file.pages for size in page.painted.type_pt if size > 0)
        told = f"type is {min(sizes):.1f} pt as printed, at least {limit.figure:g} pt are wanted"
        yield Observation(told, pages)
