"""EAN-13 from an ISBN, with the EAN-5 of a price: bars as modules, and as a drawing in vectors.

Encoding, proportions and quiet zones are those of the GS1 General Specifications, 5.2 (ISO/IEC
15420), at the nominal size, which every printer can hold. It is drawn here because the libraries
that draw EAN-13 know no add-on and leave out the quiet zones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, tostring

MODULE_MM = 0.33  # the nominal X-dimension, 5.2.6.1
HEIGHT_MM = 22.85  # of the bars, 5.2.3.1
_GUARD_MM = 5 * MODULE_MM  # by which guard bars reach below the others
_DIGITS_MM = 3.2  # the row of digits, below the bars or above those of the add-on
_QUIET_LEFT, _QUIET_RIGHT = 11, 7  # modules, 5.2.3.4
_SEPARATION, _QUIET_ADD_ON = 9, 5  # modules; 7 to 12 may part the add-on from its symbol

# Set A ("odd") of each digit; C is its complement, and B is C read backwards (5.2.1.2).
_ODD = "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011".split()
_RIGHT = ["".join("10"[int(bit)] for bit in code) for code in _ODD]
_EVEN = [code[::-1] for code in _RIGHT]
_SETS = {"A": _ODD, "B": _EVEN, "C": _RIGHT}
_FIRST_DIGIT = "AAAAAA AABABB AABBAB AABBBA ABAABB ABBAAB ABBBAA ABABAB ABABBA ABBABA".split()
_ADD_ON_CHECK = "BBAAA BABAA BAABA BAAAB ABBAA AABBA AAABB ABABA ABAAB AABAB".split()
_GUARD, _CENTER, _ADD_ON_GUARD, _ADD_ON_DELINEATOR = "101", "01010", "1011", "01"
_MODULES, _ADD_ON_MODULES = 95, 47

# BISG's codes of currencies in the EAN-5 of a book's price, for those that use it.
_CURRENCIES = {"USD": "5", "$": "5", "CAD": "6"}
_MOST_CENTS = 9998  # what costs more is written 9999
_AMOUNT = r"\d{1,4}[.,]\d\d"  # as chapbook.printing.settings takes it
_PRICE = re.compile(
    rf"(?P<before>USD|CAD|\$)\s?{_AMOUNT}|{_AMOUNT}\s?(?P<after>USD|CAD|\$)", re.ASCII
)

_Box = tuple[tuple[int, int], float, float]  # (first module, modules), top and height in mm


@dataclass(frozen=True, slots=True)
class Label:
    """Digits for people, to be set centered in their place: from the drawing's left and top."""

    text: str
    left_mm: float
    top_mm: float
    width_mm: float


@dataclass(frozen=True, slots=True)
class Barcode:
    """A symbol as wide as its quiet zones: the bars as SVG, and the digits as labels."""

    svg: bytes
    width_mm: float
    height_mm: float
    labels: tuple[Label, ...]


def draw_barcode(isbn: str, add_on: str | None = None) -> Barcode:
    """The symbol of *isbn*, an ISBN-13 whose check digit is right, and of *add_on*, five digits."""
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
    """The 47 modules of a five-digit add-on; its check digit is told by the sets alone."""
    values = [int(digit) for digit in digits]
    sets = _ADD_ON_CHECK[(3 * sum(values[::2]) + 9 * sum(values[1::2])) % 10]
    codes = (_SETS[each][value] for each, value in zip(sets, values, strict=True))
    return _ADD_ON_GUARD + _ADD_ON_DELINEATOR.join(codes)


def price_add_on(price: str) -> str | None:
    """The five digits that tell *price*, where its currency has them: US and Canadian dollars.

    >>> price_add_on("USD 19.99"), price_add_on("24.00 CAD"), price_add_on("EUR 12.00")
    ('51999', '62400', None)
    """
    found = _PRICE.fullmatch(price)
    if found is None:
        return None
    cents = int(re.sub(r"\D", "", price))
    currency = _CURRENCIES[found["before"] or found["after"]]
    return f"{currency}{cents if cents <= _MOST_CENTS else 9999:04}"


def _short() -> float:
    return HEIGHT_MM - _GUARD_MM


def _label(text: str, left: float, width: float, top_mm: float) -> Label:
    return Label(text, left * MODULE_MM, top_mm, width * MODULE_MM)


def _is_guard(module: int) -> bool:
    return module < 3 or 45 <= module < 50 or module >= _MODULES - 3


def _bars(modules: str, start: int) -> Iterator[tuple[int, int]]:
    """Where each bar begins, and how many modules it is wide."""
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
