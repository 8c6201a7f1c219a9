"""Numbers as lists and folios write them."""

from __future__ import annotations

from collections.abc import Mapping

_ROMAN: Mapping[str, int] = {
    "m": 1000, "cm": 900, "d": 500, "cd": 400, "c": 100, "xc": 90,
    "l": 50, "xl": 40, "x": 10, "ix": 9, "v": 5, "iv": 4, "i": 1,
}  # fmt: skip


def numeral(number: int, style: str) -> str:
    """*number* in the *style* that HTML's `type` names: `1`, `a`, `A`, `i` or `I`.

    A number below 1 has no letters: it is written in digits.

    >>> numeral(4, "i"), numeral(28, "A"), numeral(3, "1"), numeral(0, "a")
    ('iv', 'AB', '3', '0')
    """
    if number < 1 or style not in ("a", "A", "i", "I"):
        return str(number)
    written = roman(number) if style in "iI" else _letters(number)
    return written.upper() if style in "AI" else written


def roman(number: int) -> str:
    """*number* in small roman numerals.

    >>> roman(4), roman(19)
    ('iv', 'xix')
    """
    written = ""
    for sign, value in _ROMAN.items():
        written += sign * (number // value)
        number %= value
    return written


def _letters(number: int) -> str:
    written = ""
    while number:
        number, rest = divmod(number - 1, 26)
        written = chr(ord("a") + rest) + written
    return written
