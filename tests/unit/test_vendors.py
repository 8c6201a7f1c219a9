from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.printing.printer import Basis, Limit, Source
from chapbook.printing.vendors import PRINTERS, TRIMS, TrimSize, parse_trim

INCH = 25.4


@pytest.mark.parametrize(
    ("printer", "page_count", "inside_inches"),
    [
        ("kdp", 24, 0.375),
        ("kdp", 150, 0.375),
        ("kdp", 151, 0.5),
        ("kdp", 300, 0.5),
        ("kdp", 301, 0.625),
        ("kdp", 500, 0.625),
        ("kdp", 501, 0.75),
        ("kdp", 700, 0.75),
        ("kdp", 701, 0.875),
        ("kdp", 828, 0.875),
        ("lulu", 59, 0.5),
        ("lulu", 60, 0.625),  # "under 60" and "61": the larger where it is ambiguous
        ("lulu", 150, 0.625),
        ("lulu", 400, 1.125),
        ("lulu", 601, 1.25),
        ("ingram", 400, 0.5),
    ],
)
def test_the_gutter_changes_where_the_vendor_says(
    printer: str, page_count: int, inside_inches: float
) -> None:
    assert PRINTERS[printer].gutter_mm(page_count) == pytest.approx(inside_inches * INCH)


@given(st.integers(1, 2000), st.integers(1, 2000))
def test_no_gutter_shrinks_with_more_pages(one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    for printer in PRINTERS.values():
        assert printer.gutter_mm(fewer) <= printer.gutter_mm(more)


def test_spines_are_as_wide_as_the_formulas_say() -> None:
    assert PRINTERS["kdp"].spine_width_mm(200, "cream") == pytest.approx(0.5 * INCH)
    assert PRINTERS["kdp"].spine_width_mm(100, "white") == pytest.approx(0.2252 * INCH)
    assert PRINTERS["lulu"].spine_width_mm(444, "white") == pytest.approx(1.06 * INCH)
    assert PRINTERS["lulu"].spine_width_mm(460, "magazine") == pytest.approx(1.06 * INCH)


def test_where_no_formula_is_confirmed_there_is_no_width() -> None:
    assert PRINTERS["ingram"].spine_width_mm(200, "cream") is None
    assert PRINTERS["kdp"].spine_width_mm(200, "groundwood") is None


def test_a_figure_from_one_source_is_no_rule() -> None:
    assert not PRINTERS["ingram"].bleed.source.is_a_rule
    assert PRINTERS["kdp"].bleed.source.is_a_rule


def test_every_source_shows_its_month_or_that_it_is_advice() -> None:
    for printer in PRINTERS.values():
        values = [getattr(printer, name) for name in type(printer).__slots__]
        sources = [value.source if isinstance(value, Limit) else value for value in values]
        for source in sources:
            if isinstance(source, Source):
                text = str(source)
                assert "2026-11" in text or source.basis is Basis.ADVICE


@pytest.mark.parametrize(
    "size",
    # Amazon KDP's list of paperback sizes, in inches
    "5x8 5.06x7.81 5.25x8 5.5x8.5 6x9 6.14x9.21 6.69x9.61 7x10 7.44x9.69 7.5x9.25 8x10 8.25x6 "
    "8.25x8.25 8.5x8.5 8.5x11 8.27x11.69".split(),
)
def test_kdp_cuts_the_sizes_of_its_list(size: str) -> None:
    assert PRINTERS["kdp"].trims.has(parse_trim(f"{size}in"))


def test_kdp_cuts_a4_and_a5_but_not_a6() -> None:
    trims = PRINTERS["kdp"].trims
    assert trims.has(TRIMS["a4"])
    assert trims.has(TRIMS["a5"])
    assert not trims.has(TRIMS["a6"])


@pytest.mark.parametrize(
    "text", ["6x9in", "6 x 9 in", '6×9"', "152.4 × 228.6 mm", "15.24cm x 22.86cm", "US-Trade"]
)
def test_a_trim_size_is_understood_as_people_write_it(text: str) -> None:
    assert parse_trim(text) == TRIMS["us-trade"]


@pytest.mark.parametrize("text", ["", "6x9", "a99", "6x9 furlongs", "1x1in", "6xin", "0x0mm"])
def test_what_is_no_size_is_refused_with_what_would_do(text: str) -> None:
    with pytest.raises(ValueError, match=r"148x210mm|50 to 600"):
        parse_trim(text)


@given(st.floats(50, 600), st.floats(50, 600))
def test_a_size_written_in_millimeters_comes_back(width: float, height: float) -> None:
    trim = parse_trim(f"{width:.2f} x {height:.2f} mm".replace("49.99", "50.00"))
    assert trim.matches(TrimSize(width, height))
