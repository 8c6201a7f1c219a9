"""Rules on where ink is: gutter, margins, bleed and marks, measured on a picture of each page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chapbook.pdf.facts import Box, File, Page
from chapbook.preflight.geometry import (
    PRECISION_MM,
    REACHES_MM,
    Distances,
    bled_box,
    distances,
    is_inner_left,
    reaching,
    text_box,
    trim_box,
)
from chapbook.preflight.order import Order, Part
from chapbook.preflight.verdict import Observation, unmeasured


def gutter(file: File, order: Order) -> Iterator[Observation]:
    """The inside margin is as wide as so many pages need."""
    count = order.page_count or len(file.pages)
    wanted = order.printer.gutter_mm(count)
    measured = {number: far.inner for number, far in _margins(file, order)}
    yield from _too_narrow(f"the gutter of {count} pages", measured, wanted)
    yield from _misfits(file, order)


def margins(file: File, order: Order) -> Iterator[Observation]:
    """The other margins are wide enough; with pictures that bleed, wider."""
    bleeds = any(
        reaching(page, trim, inner_left=is_inner_left(page, file))
        for page in file.pages
        if (trim := trim_box(page, file, order))
    )
    wanted = order.printer.margin_mm(bleeds=bleeds)
    measured = {number: far.least_but_inner for number, far in _margins(file, order)}
    yield from _too_narrow("the margin", measured, wanted)
    yield from _misfits(file, order)


def _margins(file: File, order: Order) -> Iterator[tuple[int, Distances]]:
    """How far each page's ink stays from its edges; of a page that bleeds, its text."""
    for page in file.pages:
        trim = trim_box(page, file, order)
        if trim is None or page.ink.box is None:
            continue
        inner_left = is_inner_left(page, file)
        far = distances(page.ink.box, trim, inner_left=inner_left)
        if far.least < REACHES_MM:
            text = text_box(page)
            if text is None:
                continue
            far = distances(text, trim, inner_left=inner_left)
        yield page.number, far


def _too_narrow(
    what: str, measured: Mapping[int, float], wanted_mm: float
) -> Iterator[Observation]:
    narrow = {number: mm for number, mm in measured.items() if mm < wanted_mm - PRECISION_MM}
    if narrow:
        worst = min(narrow, key=lambda number: narrow[number])
        told = f"{what} is {narrow[worst]:.1f} mm on page {worst}, {wanted_mm:.1f} mm are wanted"
        yield Observation(told, tuple(narrow))


def _misfits(file: File, order: Order) -> Iterator[Observation]:
    """Pages of which nobody can tell where they would be cut."""
    lost = [page.number for page in file.pages if trim_box(page, file, order) is None]
    if lost:
        yield unmeasured(f"the page does not fit the trim size, {order.trim}", lost)


def bleed(file: File, order: Order) -> Iterator[Observation]:
    """A page is as large as trim and bleed, and what reaches the edge runs over it."""
    short: list[int] = []
    for page in file.pages:
        trim = trim_box(page, file, order)
        if trim is None:
            continue
        inner_left = is_inner_left(page, file)
        sides = reaching(page, trim, inner_left=inner_left)
        if sides and not _runs_over(page, trim, file, order, sides):
            short.append(page.number)
    if short:
        bleed = order.printer.bleed
        yield Observation(
            f"a picture that reaches the edge does not run over it by {bleed.outer_mm:.1f} mm",
            tuple(short),
        )
    if order.part is Part.INTERIOR:
        yield from _wrong_sizes(file, order)


def _runs_over(page: Page, trim: Box, file: File, order: Order, sides: frozenset[str]) -> bool:
    """Whether ink reaches the end of the bleed at each of *sides*, as far as the page can hold."""
    ink = page.ink.box
    if ink is None:
        return True
    full = bled_box(trim, page, file, order)
    far = distances(ink, full, inner_left=is_inner_left(page, file))
    beyond = {"outer": far.outer, "top": far.top, "bottom": far.bottom}
    return all(beyond[side] <= REACHES_MM for side in sides)


def _wrong_sizes(file: File, order: Order) -> Iterator[Observation]:
    lost = [page for page in file.pages if trim_box(page, file, order) is None]
    if lost and order.trim:
        bleed, trim = order.printer.bleed, order.trim
        width = trim.width_mm + bleed.outer_mm + bleed.inner_mm
        height = trim.height_mm + bleed.top_mm + bleed.bottom_mm
        yield Observation(
            f"a page is {lost[0].media}; {trim} is wanted, or with bleed "
            f"{width:.2f} × {height:.2f} mm",
            tuple(page.number for page in lost),
        )


def marks(file: File, order: Order) -> Iterator[Observation]:
    """No crop marks, registration marks or color bars: no ink outside the bleed."""
    marked = []
    for page in file.pages:
        trim = page.trim or trim_box(page, file, order)
        if trim is None or page.ink.box is None:
            continue
        if not bled_box(trim, page, file, order).holds(page.ink.box, REACHES_MM):
            marked.append(page.number)
    if marked:
        yield Observation("there is ink outside the bleed: leave crop marks out", tuple(marked))
