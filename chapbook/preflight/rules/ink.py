"""Rules on the place of ink: gutter, margins, bleed and marks, measured on pictures of pages."""

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
    """The inside margin is wide enough for the page count."""
    count = order.page_count or len(file.pages)
    wanted = order.printer.gutter_mm(count)
    measured = {number: far.inner for number, far in _margins(file, order)}
    yield from _too_narrow(f"the gutter of {count} pages", measured, wanted)
    yield from _misfits(file, order)


def margins(file: File, order: Order) -> Iterator[Observation]:
    """The other margins are wide enough; wider if pictures bleed."""
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
    """Yield the distances of each page's ink from its edges; if it bleeds, those of its text."""
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
    name: str, measured: Mapping[int, float], wanted_mm: float
) -> Iterator[Observation]:
    narrow = {number: mm for number, mm in measured.items() if mm < wanted_mm - PRECISION_MM}
    if narrow:
        worst = min(narrow, key=lambda number: narrow[number])
        measure = f"{narrow[worst]:.1f} mm on page {worst}"
        message = f"{name} is {measure}, at least {wanted_mm:.1f} mm are needed"
        yield Observation(message, tuple(narrow))


def _misfits(file: File, order: Order) -> Iterator[Observation]:
    """Report pages that do not fit the trim size, so that it is not known where they are cut."""
    misfits = [page.number for page in file.pages if trim_box(page, file, order) is None]
    if misfits:
        yield unmeasured(f"the page does not fit the trim size, {order.trim}", misfits)


def bleed(file: File, order: Order) -> Iterator[Observation]:
    """Pages have the size of trim and bleed, and pictures that reach the edge run over it."""
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
    """Return whether ink reaches the end of the bleed at each of *sides*."""
    ink = page.ink.box
    if ink is None:
        return True
    full = bled_box(trim, page, file, order)
    far = distances(ink, full, inner_left=is_inner_left(page, file))
    beyond = {"outer": far.outer, "top": far.top, "bottom": far.bottom}
    return all(beyond[side] <= REACHES_MM for side in sides)


def _wrong_sizes(file: File, order: Order) -> Iterator[Observation]:
    misfits = [page for page in file.pages if trim_box(page, file, order) is None]
    if misfits and order.trim:
        bleed, trim = order.printer.bleed, order.trim
        width = trim.width_mm + bleed.outer_mm + bleed.inner_mm
        height = trim.height_mm + bleed.top_mm + bleed.bottom_mm
        yield Observation(
            f"a page is {misfits[0].media}; it must be {trim}, or with bleed "
            f"{width:.2f} × {height:.2f} mm",
            tuple(page.number for page in misfits),
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
