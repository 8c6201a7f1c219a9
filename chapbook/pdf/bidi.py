"""Turns the glyphs of a line back into text: Unicode Standard Annex 9 in reverse."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

_PAIRS = {"(": ")", "[": "]", "{": "}", "«": "»", "‹": "›", "<": ">"}
_MIRRORED = _PAIRS | {closing: opening for opening, closing in _PAIRS.items()}


def holds_right_to_left(glyphs: Sequence[str]) -> bool:
    """Return whether any of *glyphs* is written from right to left."""
    return "R" in map(_direction, glyphs)


def logical(glyphs: Sequence[str], base: str = "") -> str:
    """Return the text of *glyphs* in reading order; *glyphs* come as shown, from left to right.

    If the file is read from right to left (*base* is R), or if most of the text is, the whole line
    is reversed, except its runs from left to right. Otherwise only the runs from right to left are
    reversed. Brackets are mirrored wherever they are reversed.
    """
    directions = [_direction(glyph) for glyph in glyphs]
    if "R" not in directions:
        return "".join(glyphs)
    is_right = base == "R" or directions.count("R") > directions.count("L")
    runs = [*_runs(glyphs, directions, "L" if is_right else "R")]
    if not is_right:
        ordered = [_reversed(run) if is_other else run for is_other, run in runs]
    else:
        ordered = [run if is_other else _reversed(run) for is_other, run in reversed(runs)]
    return "".join(glyph for run in ordered for glyph in run)


def turned_signs(text: str) -> str:
    """Return *text* reversed if it has only signs and spaces; otherwise return it unchanged."""
    return text if any(map(_direction, text)) else "".join(_reversed(text))


def _reversed(run: Sequence[str]) -> list[str]:
    return [_MIRRORED.get(glyph, glyph) for glyph in reversed(run)]


def _runs(
    glyphs: Sequence[str], directions: Sequence[str], other: str
) -> Iterator[tuple[bool, Sequence[str]]]:
    """Yield the runs of *glyphs*, each with whether it goes in the direction *other*."""
    at = 0
    while at < len(glyphs):
        start = at
        while at < len(glyphs) and directions[at] != other:
            at += 1
        if at > start:
            yield False, glyphs[start:at]
        if at == len(glyphs):
            return
        end = at + 1
        for index in range(at, len(glyphs)):
            if directions[index] == other:
                end = index + 1
            elif directions[index]:
                break
        while end < len(glyphs) and _closes(glyphs[at:end], glyphs[end]):
            end += 1
        yield True, glyphs[at:end]
        at = end


def _closes(run: Sequence[str], glyph: str) -> bool:
    """Return whether *glyph* closes a bracket that *run* opens (UAX 9, N0)."""
    opening = _MIRRORED.get(glyph, "")
    return _PAIRS.get(opening) == glyph and run.count(opening) > run.count(glyph)


def _direction(glyph: str) -> str:
    """Return R for right to left, L for left to right, and an empty string for neither."""
    kinds = {unicodedata.bidirectional(character) for character in glyph}
    if kinds & {"R", "AL"}:
        return "R"
    return "L" if kinds & {"L", "EN", "AN"} else ""
