"""Rules on painted content: images, colors, black, ink, transparency, lines and type."""

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
    """Images have enough pixels at their printed size."""
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
            f"an image has {worst:.0f} pixels an inch as printed, {limit.figure:.0f} are needed",
            pages,
        )


def color(file: File, order: Order) -> Iterator[Observation]:
    """Only color spaces that the printer accepts."""
    if order.printer.rgb_only:
        yield from _in_space(file, frozenset({Space.CMYK, Space.SPOT}), "use sRGB or gray")
    if order.printer.gray_interior and order.part is Part.INTERIOR:
        if any(page.ink.is_colored for page in file.pages):
            pages = _where(file, lambda page: page.ink.is_colored)
            message = "there is color: right only if the interior is ordered in color"
            yield Observation(message, pages, Severity.WARNING)
            yield from _in_space(file, _RGB, "use CMYK for color")
        else:
            spaces = frozenset({Space.RGB, Space.OTHER})
            yield from _in_space(file, spaces, "the interior is black and white: use gray")


def _in_space(file: File, unwanted: frozenset[Space], remedy: str) -> Iterator[Observation]:
    pages = _where(file, lambda page: page.painted.spaces & unwanted)
    if pages:
        used = {space for page in file.pages for space in page.painted.spaces} & unwanted
        kinds = " and ".join(sorted(space.value for space in used))
        yield Observation(f"it is painted in {kinds}; {remedy}", pages)


def black(file: File, _: Order) -> Iterator[Observation]:
    """Black text uses one ink, because several inks never align exactly."""
    pages = _where(
        file, lambda page: any(color.is_black_of_many_inks for color in page.painted.text_colors)
    )
    if pages:
        yield Observation("text is set in a black of several inks: set it in black alone", pages)


def ink(file: File, order: Order) -> Iterator[Observation]:
    """No more ink on any spot than can dry."""
    limit = order.printer.ink_percent
    if limit is None:
        return
    measured = {page.number: _most_ink(page) for page in file.pages}
    wet = {number: percent for number, percent in measured.items() if percent > limit.figure + 0.5}
    if wet:
        worst = max(wet.values())
        message = f"there is {worst:.0f} % of ink on one spot, at most {limit.figure:.0f} % can dry"
        yield Observation(message, tuple(wet))
    if pages := _where(file, _has_unmeasured_ink):
        yield unmeasured("an image in CMYK could not be decoded", pages)
    elsewhere = frozenset({Space.RGB, Space.SPOT, Space.OTHER})
    if _where(file, lambda page: page.painted.spaces & elsewhere):
        yield vendor_only("the ink for RGB and spot colors depends on the vendor’s profile")


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
    """No transparency."""
    for kind in sorted({kind for page in file.pages for kind in page.painted.transparency}):
        pages = _where(file, lambda page, kind=kind: kind in page.painted.transparency)  # type: ignore[misc]
        yield Observation(f"it has {kind}: flatten transparency", pages)


def lines(file: File, order: Order) -> Iterator[Observation]:
    """No line too thin for a printing plate."""
    limit = order.printer.line_pt
    if limit is None:
        return
    least = limit.figure * _ROUNDING
    pages = _where(file, lambda page: any(width < least for width in page.painted.line_pt))
    if pages:
        thinnest = min(width for page in file.pages for width in page.painted.line_pt)
        message = f"a line is {thinnest:.2f} pt wide, at least {limit.figure:g} pt are needed"
        yield Observation(message, pages)


def type_size(file: File, order: Order) -> Iterator[Observation]:
    """No type too small to read in print."""
    limit = order.printer.type_pt
    if limit is None:
        return
    least = limit.figure * _ROUNDING
    pages = _where(file, lambda page: any(0 < size < least for size in page.painted.type_pt))
    if pages:
        sizes = (size for page in file.pages for size in page.painted.type_pt if size > 0)
        smallest = min(sizes)
        message = f"type is {smallest:.1f} pt as printed, at least {limit.figure:g} pt are needed"
        yield Observation(message, pages)
