"""The direction in which a language is written."""

from __future__ import annotations

# Languages in use that are written from right to left (CLDR's character order).
_RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa ha-Arab he ks ps sd ug ur yi".split())


def is_right_to_left(lang: str) -> bool:
    """Return whether the language of the tag *lang* is written from right to left."""
    subtags = lang.split("-")
    if any(len(tag) == 4 for tag in subtags[1:]):  # the tag names a script (BCP 47, 2.2.3)
        return any(tag.title() in {"Arab", "Hebr", "Thaa", "Syrc", "Nkoo"} for tag in subtags[1:])
    return subtags[0] in _RIGHT_TO_LEFT
