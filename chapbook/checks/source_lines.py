"""The manuscript's line for words met in an outline, which knows nothing of lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from chapbook.model.document import Manuscript
from chapbook.model.errors import Place

_HEAD = re.compile(r"\A---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
# What may stand between two words: spaces, marks, the call of a note, an address, attributes.
_MARKUP = r"(?:\[\^[^\[\]\s]{1,80}\]|\]\([^()\s]{1,400}\)|\{[^{}\n]{1,200}\}|[\W_]){1,200}?"


def place_of(manuscript: Manuscript, words: str, nth: int = 0) -> Place:
    """Where *words* stand in *manuscript* for the *nth* time, or the whole file if nowhere.

    Only letters and figures count, for typography and markup change the rest. Where the words are
    not found together, fewer of them are looked for; the metadata block is looked through last.
    """
    parts = re.findall(r"[^\W_]+", words)
    head = _HEAD.match(manuscript.text)
    for start in dict.fromkeys((head.end() if head else 0, 0)):
        for length in dict.fromkeys((len(parts), 4, 2, 1)):
            if 0 < length <= len(parts):
                found = _nth(manuscript.text, start, parts[:length], nth)
                if found is not None:
                    return manuscript.place_at(found)
    return Place(manuscript.name)


def place_between(manuscript: Manuscript, before: str, after: str) -> Place | None:
    """The place in *manuscript* where the words of *after* begin, or else those of *before* end.

    Both are passages of a finished file. A wrong line is worse than none: three words in a row must
    be the same, and stand nowhere else.
    """
    behind, ahead = (re.findall(r"[^\W_]+", passage) for passage in (after, before))
    head = _HEAD.match(manuscript.text)
    start = head.end() if head else 0
    for count in (12, 6, 3):
        for parts, is_end in ((behind[:count], False), (ahead[-count:], True)):
            if len(parts) >= min(count, 3):
                found = list(_passages(manuscript.text, start, parts))
                if len(found) == 1:
                    return manuscript.place_at(found[0][is_end])
    return None


def _passages(text: str, start: int, parts: list[str]) -> Iterator[tuple[int, int]]:
    """From where to where *parts* stand in a row, twice at most."""
    pattern = re.compile(rf"(?<![^\W_]){_MARKUP.join(map(re.escape, parts))}(?![^\W_])")
    for found in islice(pattern.finditer(text, start), 2):
        yield found.span()


def _nth(text: str, start: int, parts: list[str], nth: int) -> int | None:
    pattern = re.compile(_MARKUP.join(map(re.escape, parts)))
    last = None
    for number, found in enumerate(pattern.finditer(text, start)):
        last = found.start()
        if number == nth:
            break
    return last
