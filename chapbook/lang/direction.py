"""The direction in which a language is written."""

from __future__ import annotations

from functools import cache

from chapbook.lang.likely_subtags import maximized

# Scripts in use that are written from right to left (ISO 15924). CLDR has a direction for locales
# alone: it takes `ar-Latn`, Arabic in Latin letters, for one from right to left.
_RIGHT_TO_LEFT = frozenset("Adlm Arab Armi Hebr Mand Mend Nkoo Rohg Samr Syrc Thaa Yezi".split())


@cache
def is_right_to_left(lang: str) -> bool:
    """Return whether the language of the tag *lang* is written from right to left.

    >>> is_right_to_left("ar"), is_right_to_left("ar-Latn"), is_right_to_left("pa-Arab-PK")
    (True, False, True)
    """
    subtags = maximized(lang)
    return subtags is not None and subtags[1] in _RIGHT_TO_LEFT
