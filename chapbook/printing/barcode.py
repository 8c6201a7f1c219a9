"""An EAN-13 barcode for an ISBN, with an EAN-5 add-on for the price, as a vector drawing.

Encoding, proportions and quiet zones follow the GS1 General Specifications, 5.2 (ISO/IEC 15420), at
the nominal size, which every printer can print. We draw it ourselves, because the libraries that
draw EAN-13 have no add-on and leave out the quiet zones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, tostring

MODULE_MM = 0.33  # the nominal X-dimension, 5.2.6.1
HEIGHT_MM = 22.85  # of the bars, 5.2.3.1
_GUARD_MM = 5 * MODULE_MM  # how far guard bars extend below the others
_DIGITS_MM = 3.2  # height of the row of digits: below the bars, but above those of the add-on
_QUIET_LEFT, _QUIET_RIGHT = 11, 7  # modules, 5.2.3.4
_SEPARATION, _QUIET_ADD_ON = 9, 5  # modules; the gap before the add-on may be 7 to 12 wide

# Set A ("odd") of each digit; C is its complement, and B is C read backwards (5.2.1.2).
_ODD = "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011".split()
_RIGHT = ["".join("10"[int(bit)] for bit in code) for code in _ODD]
_EVEN = [code[::-1] for code in _RIGHT]
_SETS = {"A": _ODD, "B": _EVEN, "C": _RIGHT}
_FIRST_DIGIT = "AAAAAA AABABB AABBAB AABBBA ABAABB ABBAAB ABBBAA ABABAB ABABBA ABBABA".split()
_ADD_ON_CHECK = "BBAAA BABAA BAABA BAAAB ABBAA AABBA AAABB ABABA ABAAB AABAB".split()
_GUARD, _CENTER, _ADD_ON_GUARD, _ADD_ON_DELINEATOR = "101", "01010", "1011", "01"
_MODULES, _ADD_ON_MODULES = 95, 47

# BISG's currency codes in the EAN-5 of a book's price. Other currencies have none.
_CURRENCIES = {"USD": "5", "$": "5", "CAD": "6"}
_MOST_CENTS = 9998  # a higher price is written as 9999
_AMOUNT = r"\d{1,4}[.,]\d\d"  # as chapbook.printing.settings accepts it
_PRICE = re.compile(
    rf"(?P<before>USD|CAD|\$)\s?{_AMOUNT}|{_AMOUNT}\s?(?P<after>USD|CAD|\$)", re.ASCII
)

_Box = tuple[tuple[int, int], float, float]  # (first module, modules), top and height in mm


@dataclass(frozen=True, slots=True)
class Label:
    """Digits for people, to be centered in a box measured from the drawing's left and top edges."""

    text: str
    left_mm: float
    top_mm: float
    width_mm: float


@dataclass(frozen=True, slots=True)
class Barcode:
    """A symbol: the bars as SVG, and the digits as labels. The width includes the quiet zones."""

    svg: bytes
    width_mm: float
    height_mm: float
    labels: tuple[Label, ...]


def draw_barcode(isbn: str, add_on: str | None = None) -> Barcode:
    """Return the symbol for *isbn* and, if given, *add_on*.

    *isbn* is an ISBN-13 with the right check digit, *add_on* a string of five digits.
    """
    digits = re.sub(r"\D", "", isbn)
    start = _QUIET_LEFT
    bars = list(_bars(ean13_modules(digits), start))
    boxes = [(bar, 0.0, HEIGHT_MM if _is_guard(bar[0] - start) else _short()) for bar in bars]
    labels = [
        _label(digits[0], start - 9, 7, _short()),
        _label(digits[1:7], start + 3, 42, _short()),
        _label(digits[7:], start + 50, 42, _short()),
    ]
    width = start + _MODULES + _QUIET_RIGHT
    if add_on is not None:
        start += _MODULES + _SEPARATION
        bars = list(_bars(ean5_modules(add_on), start))
        boxes += [(bar, _DIGITS_MM, HEIGHT_MM - _DIGITS_MM) for bar in bars]
        labels.append(_label(add_on, start, _ADD_ON_MODULES, 0))
        width = start + _ADD_ON_MODULES + _QUIET_ADD_ON
    height_mm = _short() + _DIGITS_MM
    width_mm = width * MODULE_MM
    return Barcode(_svg(boxes, width_mm, height_mm), width_mm, height_mm, tuple(labels))


def ean13_modules(digits: str) -> str:
    """The 95 modules of thirteen *digits*, a bar being 1.

    >>> ean13_modules("9780306406157")[:10]
    '1010111011'
    """
    sets = _FIRST_DIGIT[int(digits[0])]
    left = "".join(_SETS[each][int(digit)] for each, digit in zip(sets, digits[1:7], strict=True))
    right = "".join(_RIGHT[int(digit)] for digit in digits[7:13])
    return f"{_GUARD}{left}{_CENTER}{right}{_GUARD}"


def ean5_modules(digits: str) -> str:
    """Return the 47 modules of a five-digit add-on, 1 for a bar.

    No digit is printed for the check digit: it decides which set encodes each of the five digits.
    """
    values = [int(digit) for digit in digits]
    sets = _ADD_ON_CHECK[(3 * sum(values[::2]) + 9 * sum(values[1::2])) % 10]
    codes = (_SETS[each][value] for each, value in zip(sets, values, strict=True))
    return _ADD_ON_GUARD + _ADD_ON_DELINEATOR.join(codes)


def price_add_on(price: str) -> str | None:
    """Return the five add-on digits for *price*, or None if its currency has no code.

    US and Canadian dollars have one.

    >>> price_add_on("USD 19.99"), price_add_on("24.00 CAD"), price_add_on("EUR 12.00")
    ('51999', '62400', None)
    """
    match = _PRICE.fullmatch(price)
    if match is None:
        return None
    cents = int(re.sub(r"\D", "", price))
    currency = _CURRENCIES[match["before"] or match["after"]]
    return f"{currency}{cents if cents <= _MOST_CENTS else 9999:04}"


def _short() -> float:
    return HEIGHT_MM - _GUARD_MM


def _label(text: str, left: float, width: float, top_mm: float) -> Label:
    return Label(text, left * MODULE_MM, top_mm, width * MODULE_MM)


def _is_guard(module: int) -> bool:
    return module < 3 or 45 <= module < 50 or module >= _MODULES - 3


def _bars(modules: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield the first module of each bar, and its width in modules."""
    at = start
    for bit, run in groupby(modules):
        width = len(list(run))
        if bit == "1":
            yield at, width
        at += width


def _svg(boxes: Iterable[_Box], width_mm: float, height_mm: float) -> bytes:
    measures = {"width": f"{width_mm:.4f}mm", "height": f"{height_mm:.4f}mm"}
    view = f"0 0 {width_mm:.4f} {height_mm:.4f}"
    drawing = Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "viewBox": view, **measures})
    SubElement(drawing, "path", d="".join(map(_outline, boxes)), fill="#000")
    return tostring(drawing)


def _outline(box: _Box) -> str:
    (at, modules), top_mm, height_mm = box
    left_mm, width_mm = at * MODULE_MM, modules * MODULE_MM
    return f"M{left_mm:.4f} {top_mm:.4f}h{width_mm:.4f}v{height_mm:.4f}h-{width_mm:.4f}z"
