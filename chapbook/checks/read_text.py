"""Reads plain text back: its words, in their order, and the lines that code may stand on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise

from chapbook.checks.outline import Outline, Passage
from chapbook.checks.reading import Reading, Unreadable

_PAGE = re.compile(r" {2,}\|[^\s|]+$")  # at the margin: a page begins on this line
_TABLE_RULE = re.compile(r"-+(?:-\+-)?[-+]*")
_BREAK = "⁂"  # a thematic break, which has no words


def read_text(content: bytes) -> Reading:
    """Return the outline of the plain text in *content*. Raises Unreadable.

    Its title holds the words above the rule at the head, its blocks all words below.
    """
    try:
        lines = content.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise Unreadable(f"it is not in UTF-8: {error}") from error
    rule = next((at for at, line in enumerate(lines) if line and not line.strip("=")), None)
    if rule is None:
        raise Unreadable("it has no rule below its title")
    title = " ".join(_first_paragraph(lines[:rule]))
    below = [_PAGE.sub("", line) for line in lines[rule + 1 :]]
    words = _joined([line for line in _without_rules(below) if line.strip() != _BREAK])
    text = Passage(blocks=(words,) if words else ())
    outline = Outline(title=title, subtitle="", language="", direction="", text=text)
    return Reading(outline, lines=tuple(below))


def _first_paragraph(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines before the first empty one; edition and date follow it."""
    for line in lines:
        if not line.strip():
            return
        yield line


def _without_rules(lines: Sequence[str]) -> Iterator[str]:
    """Yield *lines* without those that underline a heading or the head of a table."""
    yield from lines[:1]
    for before, line in pairwise(lines):
        is_rule = bool(line) and (not line.strip("=") or not line.strip("-"))
        is_underline = is_rule and len(line) == _columns(before)
        is_below_cells = "|" in before and _TABLE_RULE.fullmatch(line.strip()) is not None
        if not is_underline and not is_below_cells:
            yield line


def _columns(text: str) -> int:
    """Return how many columns *text* takes: wide characters take two, marks above others none."""
    marks = sum(unicodedata.category(each) in ("Mn", "Me", "Cf") for each in text)
    wide = sum(unicodedata.east_asian_width(each) in ("W", "F") for each in text)
    return len(text) - marks + wide


def _joined(lines: Sequence[str]) -> str:
    """Return *lines* as one text. A line feed stays where the line may have ended within a word."""
    stripped = [line.strip(" ") for line in lines]
    parts = stripped[:1]
    for before, line in pairwise(stripped):
        is_cut = bool(before) and bool(line) and (_is_wide(before[-1]) or _is_wide(line[0]))
        parts += ["\n" if is_cut else " ", line]
    return "".join(parts).strip()


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in ("W", "F")
