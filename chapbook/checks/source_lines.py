"""Finds the line of the manuscript for words of an outline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from chapbook.model.document import Manuscript
from chapbook.model.errors import Place

_HEAD = re.compile(r"\A---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
# What may be between two words: spaces, marks, the call of a note, an address, attributes.
_MARKUP = r"(?:\[\^[^\[\]\s]{1,80}\]|\]\([^()\s]{1,400}\)|\{[^{}\n]{1,200}\}|[\W_]){1,200}?"


def place_of(manuscript: Manuscript, words: str, nth: int = 0) -> Place:
    """Return the place of the *nth* occurrence of *words*, or the whole file if there is none.

    Only letters and digits are compared, since typography and markup change the rest. If the words
    are not found together, fewer of them are searched; the front matter block is searched last.
    """
    parts = re.findall(r"[^\W_]+", words)
    head = _HEAD.match(manuscript.text)
    for start in dict.fromkeys((head.end() if head else 0, 0)):
        for length in dict.fromkeys((len(parts), 4, 2, 1)):
            if 0 < length <= len(parts):
                offset = _nth(manuscript.text, start, parts[:length], nth)
                if offset is not None:
                    return manuscript.place_at(offset)
    return Place(manuscript.name)


def place_between(manuscript: Manuscript, before: str, after: str) -> Place | None:
    """Return the place where the words of *after* begin, or else where those of *before* end.

    Both are passages of a finished file. A wrong line is worse than none, so at least three words
    in a row must be found, and only once.
    """
    behind, ahead = (re.findall(r"[^\W_]+", passage) for passage in (after, before))
    head = _HEAD.match(manuscript.text)
    start = head.end() if head else 0
    for count in (12, 6, 3):
        for parts, is_end in ((behind[:count], False), (ahead[-count:], True)):
            if len(parts) >= min(count, 3):
                spans = list(_passages(manuscript.text, start, parts))
                if len(spans) == 1:
                    return manuscript.place_at(spans[0][is_end])
    return None


def _passages(text: str, start: int, parts: list[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans of *parts* in a row, at most two."""
    pattern = re.compile(rf"(?<![^\W_]){_MARKUP.join(map(re.escape, parts))}(?![^\W_])")
    for match in islice(pattern.finditer(text, start), 2):
        yield match.span()


def _nth(text: str, start: int, parts: list[str], nth: int) -> int | None:
    pattern = re.compile(_MARKUP.join(map(re.escape, parts)))
    last = None
    for number, match in enumerate(pattern.finditer(text, start)):
        last = match.start()
        if number == nth:
            break
    return last
