"""Which way a language is written."""

from __future__ import annotations

# Scripts written from right to left, by language: CLDR's character order, for those in use.
_RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa ha-Arab he ks ps sd ug ur yi".split())


def is_right_to_left(lang: str) -> bool:
    """Whether the language of the tag *lang* is written from right to left."""
    subtags = lang.split("-")
    if any(len(tag) == 4 for tag in subtags[1:]):  # a script is named (BCP 47, 2.2.3)
        return any(tag.title() in {"Arab", "Hebr", "Thaa", "Syrc", "Nkoo"} for tag in subtags[1:])
    return subtags[0] in _RIGHT_TO_LEFT
