"""Words, and whether two sequences of them are the same though one was broken into lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f"))
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011"), "-")  # one glyph serves them all
_WORD = re.compile(r"(\s*)(\S+)")


class Word(NamedTuple):
    """A word; `is_after_line_end` where it may also be the rest of the word before it."""

    text: str
    is_after_line_end: bool


def normal(text: str) -> str:
    """*text* composed (NFC), with one hyphen, and without what nobody sees."""
    return unicodedata.normalize("NFC", text.translate(_INVISIBLE).translate(_HYPHENS))


def words_of(blocks: Iterable[str]) -> list[Word]:
    """All words of *blocks* in order."""
    return [
        Word(found[2], found[1] == "\n")
        for block in blocks
        for found in _WORD.finditer(normal(block))
    ]


def first_difference(expected: Sequence[Word], found: Sequence[Word]) -> tuple[int, int] | None:
    """Where *found* first says something else: the index in each, or None where they agree."""
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
    """How many words of *found* from *start* on are *word*, broken at line ends; 0 if it is not."""
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
    """*text* without spaces and hyphens: the same however it was broken into lines."""
    return re.sub(r"[\s-]+", "", normal(text))


def same(one: str, other: str) -> bool:
    """Whether two short texts hold the same words."""
    return one == other or squeezed(one) == squeezed(other)
