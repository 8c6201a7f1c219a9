"""The width of a cover, by the printers' own formulas."""

import pytest

from chapbook.printing.settings import PrintSettings
from chapbook.printing.trims import MM_PER_INCH, parse_trim
from chapbook.printing.vendors import PRINTERS
from chapbook.printing.wrap import LEAST_TYPE_PT, SpineUnknown, Wrap, measure_wrap, reads_upwards


def wrap(
    printer: str, pages: int, trim: str = "6x9in", paper: str = "white", **changes: object
) -> Wrap:
    settings = PrintSettings(printer=printer, paper=paper, **changes)  # type: ignore[arg-type]
    return measure_wrap(settings, PRINTERS[printer], parse_trim(trim), pages, rtl=False)


@pytest.mark.parametrize(
    ("printer", "paper", "pages", "inches"),
    [
        ("kdp", "white", 200, 0.4504),
        ("kdp", "cream", 200, 0.5),
        ("kdp", "premium-color", 200, 0.4694),
        ("lulu", "white", 222, 0.56),
        ("lulu", "magazine", 230, 0.56),
    ],
)
def test_the_spine_is_as_wide_as_the_printer_reckons(
    printer: str, paper: str, pages: int, inches: float
) -> None:
    result = wrap(printer, pages, paper=paper)
    assert result.spine_width_mm == pytest.approx(inches * MM_PER_INCH, abs=1e-6)
    assert result.width_mm == pytest.approx((12 + inches) * MM_PER_INCH, abs=1e-6)


def test_a_width_from_the_printers_template_outweighs_the_formula() -> None:
    assert wrap("kdp", 200, spine_width_mm=13.0).spine_width_mm == 13.0


@pytest.mark.parametrize("printer", ["ingram", "press"])
def test_no_width_is_guessed_where_only_the_template_has_it(printer: str) -> None:
    with pytest.raises(SpineUnknown):
        wrap(printer, 200)
    assert wrap(printer, 200, spine_width_mm=12.5).spine_width_mm == 12.5


def test_the_spine_bears_words_only_where_they_fit_and_are_allowed() -> None:
    assert wrap("kdp", 78, paper="cream").spine_size_pt is None  # from 80 pages on
    assert wrap("kdp", 80).spine_size_pt is None  # 4.6 mm less 3.2 mm: no type of 7 pt
    allowed = wrap("kdp", 120).spine_size_pt
    assert allowed is not None
    assert allowed > LEAST_TYPE_PT
    assert wrap("lulu", 80).spine_size_pt is None
    assert wrap("lulu", 82).spine_size_pt is not None


def test_front_and_back_change_places_in_a_book_read_from_the_right() -> None:
    settings, trim = PrintSettings(printer="kdp"), parse_trim("a5")
    left = measure_wrap(settings, PRINTERS["kdp"], trim, 200, rtl=False)
    right = measure_wrap(settings, PRINTERS["kdp"], trim, 200, rtl=True)
    assert (left.back_left_mm, right.front_left_mm) == (0, 0)
    assert left.front_left_mm == right.back_left_mm == 148 + left.spine_width_mm


def test_spines_run_downwards_but_where_the_trade_turns_them() -> None:
    assert [
        lang
        for lang in ("en", "de", "nl", "fr", "sv", "es", "it")
        if reads_upwards(lang, rtl=False)
    ] == ["de", "fr", "es", "it"]
    assert reads_upwards("ar", rtl=True)
