"""The bars of an ISBN, read back by a scanner's library that shares no code with us."""

import io
import xml.etree.ElementTree as ET

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from chapbook.printing.barcode import (
    MODULE_MM,
    Barcode,
    draw_barcode,
    ean5_modules,
    ean13_modules,
    price_add_on,
)

PIXELS_PER_MODULE = 4


def scanned(barcode: Barcode) -> set[str]:
    """Return what a scanner reads in the drawing, surrounded by white."""
    scale = PIXELS_PER_MODULE / MODULE_MM
    size = (round(barcode.width_mm * scale), round(barcode.height_mm * scale))
    picture = Image.new("L", size, 255)
    pen = ImageDraw.Draw(picture)
    path = ET.fromstring(barcode.svg)[0].get("d", "")
    for box in path.strip("Mz").split("zM"):
        place, _, rest = box.partition("h")
        left, top = map(float, place.split())
        width, _, rest = rest.partition("v")
        height = float(rest.partition("h")[0])
        right, bottom = left + float(width), top + height
        corners = [round(each * scale) for each in (left, top, right, bottom)]
        pen.rectangle((corners[0], corners[1], corners[2] - 1, corners[3] - 1), fill=0)
    packed = io.BytesIO()
    picture.save(packed, "PNG")
    result = zxingcpp.read_barcodes(
        Image.open(packed), ean_add_on_symbol=zxingcpp.EanAddOnSymbol.Read
    )
    return {each.text for each in result}


def isbn_of(twelve: str) -> str:
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(twelve))
    return f"{twelve}{-total % 10}"


@settings(max_examples=40, deadline=None)
@given(st.from_regex(r"97[89][0-9]{9}", fullmatch=True))
def test_a_scanner_reads_the_isbn_whose_bars_they_are(twelve: str) -> None:
    isbn = isbn_of(twelve)
    assert scanned(draw_barcode(isbn)) == {isbn}


@settings(max_examples=40, deadline=None)
@given(st.from_regex(r"[0-9]{5}", fullmatch=True))
def test_a_scanner_reads_the_add_on_too(add_on: str) -> None:
    assert f"9780306406157{add_on}" in scanned(draw_barcode("978-0-306-40615-7", add_on))


def test_a_scanner_refuses_bars_of_a_wrong_check_digit() -> None:
    assert scanned(draw_barcode("9780306406158")) == set()


def test_symbols_have_the_modules_that_the_standard_counts() -> None:
    assert len(ean13_modules("9780306406157")) == 95
    assert len(ean5_modules("51999")) == 47


def test_the_symbol_brings_its_quiet_zones() -> None:
    barcode = draw_barcode("9780306406157")
    assert barcode.width_mm == pytest.approx(113 * 0.33)
    path = ET.fromstring(barcode.svg)[0].get("d", "")
    assert float(path[1:].split()[0]) == pytest.approx(11 * 0.33)


def test_the_labels_are_the_digits_in_their_order() -> None:
    labels = draw_barcode("978-0-306-40615-7", "51999").labels
    assert [label.text for label in labels] == ["9", "780306", "406157", "51999"]


@pytest.mark.parametrize(
    ("price", "add_on"),
    [
        ("USD 19.99", "51999"),
        ("$7.50", "50750"),
        ("24.00 CAD", "62400"),
        ("USD 120.00", "59999"),
        ("EUR 12.00", None),
        ("£9.99", None),
        ("12,00 €", None),
    ],
)
def test_a_price_has_an_add_on_where_its_currency_has_one(price: str, add_on: str | None) -> None:
    assert price_add_on(price) == add_on
