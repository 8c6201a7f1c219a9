"""A booklet's pages follow each other when its sheets are folded, as paper is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.printing.imposition import Side, saddle_stitch

counts = st.integers(1, 400)


def folded(sides: tuple[Side, ...], *, rtl: bool = False) -> list[int | None]:
    """Return the pages in reading order: each sheet is inside the one before."""
    sheets = list(zip(sides[::2], sides[1::2], strict=True))
    way_in: list[int | None] = []
    way_out: list[int | None] = []
    for front, back in sheets:
        outer, inner = (front.right, back.left) if not rtl else (front.left, back.right)
        way_in += [outer, inner]
        outer, inner = (back.right, front.left) if not rtl else (back.left, front.right)
        way_out = [outer, inner, *way_out]
    return [*way_in, *way_out]


@given(counts, st.booleans())
def test_pages_follow_each_other_once_folded(count: int, rtl: bool) -> None:
    pages = folded(saddle_stitch(count, 0.1, rtl=rtl), rtl=rtl)
    blanks = -count % 4
    assert pages == [*range(count), *[None] * blanks]


@given(counts)
def test_sheets_have_two_sides_and_are_as_few_as_can_be(count: int) -> None:
    assert len(saddle_stitch(count, 0.1)) == 2 * -(-count // 4)


def test_inner_sheets_creep_by_the_thickness_of_those_around_them() -> None:
    creeps = [side.creep_mm for side in saddle_stitch(16, 0.1)]
    assert creeps == pytest.approx([0, 0, 0.1, 0.1, 0.2, 0.2, 0.3, 0.3])
