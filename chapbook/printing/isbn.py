"""The ISBN, which identifies an edition of a book in the trade."""

from __future__ import annotations

import re

ISBN_REMEDY = "its check digit does not fit; compare it with the one you were given"


def is_isbn13(text: str) -> bool:
    """Return whether *text* is an ISBN-13 with the right check digit (ISO 2108, annex A).

    >>> is_isbn13("978-0-306-40615-7")
    True
    """
    digits = re.sub(r"[ -]", "", text)
    if not re.fullmatch(r"97[89][0-9]{10}", digits):
        return False
    return sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(digits)) % 10 == 0
