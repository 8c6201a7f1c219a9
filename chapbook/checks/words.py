"""Compares two sequences of words, one of which may have been broken into lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f"))
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011"), "-")  # they have the same glyph
_WORD = re.compile(r"(\s*)(\S+)")


class Word(NamedTuple):
    """A word; if `is_after_line_end`, it may also be the rest of the word before it."""

    text: str
    is_after_line_end: bool


def normal(text: str) -> str:
    """Return *text* composed (NFC), with one kind of hyphen, without invisible characters."""
    return unicodedata.normalize("NFC", text.translate(_INVISIBLE).translate(_HYPHENS))


def words_of(blocks: Iterable[str]) -> list[Word]:
    """Return all words of *blocks* in order."""
    return [
        Word(match[2], match[1] == "\n")
        for block in blocks
        for match in _WORD.finditer(normal(block))
    ]


def first_difference(expected: Sequence[Word], found: Sequence[Word]) -> tuple[int, int] | None:
    """Return the indexes of the first difference in both, or None if they agree."""
    here = there = 0
    while here < len(expected) and there < len(found):
        taken = _taken(expected[here].text, found, there)
        if not taken:
            return here, there
        here, there = here + 1, there + taken
    if here < len(expected) or there < len(found):
        return here, there
    return None


def _taken(word: str, found: Sequence[Word], start: int) -> int:
    """Return how many words of *found* from *start* on make up *word*; 0 if they do not."""
    if found[start].text == word:
        return 1
    begun = {found[start].text}
    for index in range(start + 1, len(found)):
        if not found[index].is_after_line_end:
            return 0
        joined = {form for part in begun for form in (part, part.removesuffix("-"))}
        begun = {form + found[index].text for form in joined}
        if word in begun:
            return index - start + 1
        begun = {form for form in begun if word.startswith(form.removesuffix("-"))}
        if not begun:
            return 0
    return 0


def squeezed(text: str) -> str:
    """Return *text* without spaces and hyphens, which is the same for all line breaks."""
    return re.sub(r"[\s-]+", "", normal(text))


def same(one: str, other: str) -> bool:
    """Return whether two short texts have the same words."""
    return one == other or squeezed(one) == squeezed(other)
