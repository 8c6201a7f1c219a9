"""From glyphs on a line back to the text: Unicode Standard Annex 9, the other way round."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

_PAIRS = {"(": ")", "[": "]", "{": "}", "«": "»", "‹": "›", "<": ">"}
_MIRRORED = _PAIRS | {closing: opening for opening, closing in _PAIRS.items()}


def holds_right_to_left(glyphs: Sequence[str]) -> bool:
    """Whether any of *glyphs* is written from right to left."""
    return "R" in map(_direction, glyphs)


def logical(glyphs: Sequence[str], base: str = "") -> str:
    """The text of *glyphs* shown from left to right, in the order in which it is read.

    Where the file is read from right to left (*base* is R), or most of the text is, that is from
    the last glyph to the first, and what is not stands turned in it; elsewhere only the runs
    written from right to left are turned. Brackets are mirrored where they are turned.
    """
    directions = [_direction(glyph) for glyph in glyphs]
    if "R" not in directions:
        return "".join(glyphs)
    is_right = base == "R" or directions.count("R") > directions.count("L")
    runs = [*_runs(glyphs, directions, "L" if is_right else "R")]
    if not is_right:
        told = [_turned(run) if of_other else run for of_other, run in runs]
    else:
        told = [run if of_other else _turned(run) for of_other, run in reversed(runs)]
    return "".join(glyph for run in told for glyph in run)


def turned_signs(text: str) -> str:
    """*text* shown from left to right, read the other way, where it is signs and spaces alone."""
    return text if any(map(_direction, text)) else "".join(_turned(text))


def _turned(run: Sequence[str]) -> list[str]:
    return [_MIRRORED.get(glyph, glyph) for glyph in reversed(run)]


def _runs(
    glyphs: Sequence[str], directions: Sequence[str], other: str
) -> Iterator[tuple[bool, Sequence[str]]]:
    """*glyphs* in runs, and whether each goes in the *other* direction than the text around it."""
    at = 0
    while at < len(glyphs):
        begun = at
        while at < len(glyphs) and directions[at] != other:
            at += 1
        if at > begun:
            yield False, glyphs[begun:at]
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
    """Whether *glyph* closes a bracket that *run* opens (UAX 9, N0)."""
    opening = _MIRRORED.get(glyph, "")
    return _PAIRS.get(opening) == glyph and run.count(opening) > run.count(glyph)


def _direction(glyph: str) -> str:
    """R for what is written from right to left, L for the contrary, nothing for what is neither."""
    kinds = {unicodedata.bidirectional(character) for character in glyph}
    if kinds & {"R", "AL"}:
        return "R"
    return "L" if kinds & {"L", "EN", "AN"} else ""
