"""Draws words as outlines, for formulas with scripts that the face of formulas lacks."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from chapbook.design import fonts
from chapbook.design.faces import FAMILIES, MATH, Face

if TYPE_CHECKING:
    import uharfbuzz as hb

_TEXT = FAMILIES["Source Serif 4"][0]


class NoGlyph(ValueError):
    """No face has a glyph for a character."""

    def __init__(self, character: str) -> None:
        super().__init__(f"no face has a glyph for “{character}” (U+{ord(character):04X})")


@dataclass(frozen=True, slots=True)
class Outlines:
    """Drawn words: the steps of their outlines, and their extent, in em."""

    steps: tuple[tuple[str, tuple[float, ...]], ...]  # SVG's M, L, Q, C, Z; y grows upward
    advance: float
    lowest: float
    highest: float


def is_beyond_formulas(text: str) -> bool:
    """Return whether the face of formulas lacks a character of *text*."""
    return bool(_foreign(text))


def _foreign(text: str) -> frozenset[str]:
    wanted = frozenset(text) - fonts.UNSEEN
    return wanted - fonts.covered(MATH, wanted)


@lru_cache(256)
def outlines(text: str, lang: str) -> Outlines:
    """Return *text*, shaped in the faces that it needs, in visual order. Raises NoGlyph."""
    faces = _faces(text, lang)
    steps: list[tuple[str, tuple[float, ...]]] = []
    advance = 0.0
    for run, is_leftward in _runs(text):
        parts = [
            (face, "".join(character for _, character in part))
            for face, part in groupby(_placed(run, faces), key=lambda pair: pair[0])
        ]
        for face, words in reversed(parts) if is_leftward else parts:
            font = _font(face, frozenset(words))
            advance = _draw(font, words, is_leftward, advance, steps)
    heights = [point for _, points in steps for point in points[1::2]]
    return Outlines(tuple(steps), advance, min(heights, default=0), max(heights, default=0))


def _faces(text: str, lang: str) -> dict[str, Face]:
    """Return the face of every character of *text*."""
    foreign = _foreign(text)
    characters_by_face = fonts.shared(
        _TEXT, frozenset(text), foreign - fonts.covered(_TEXT, foreign), lang
    )
    by_character: dict[str, Face] = {}
    for face, characters in reversed(characters_by_face.items()):
        by_character |= dict.fromkeys(fonts.covered(face, characters & frozenset(text)), face)
    for character in text:
        if character not in foreign:
            by_character[character] = MATH
        elif character not in by_character:
            raise NoGlyph(character)
    return by_character


def _placed(run: str, faces: dict[str, Face]) -> Iterator[tuple[Face, str]]:
    """Yield each character of *run* with its face; spaces and joiners get that before them."""
    face = next((faces[character] for character in run if character not in fonts.UNSEEN), MATH)
    for character in run:
        face = face if character in fonts.UNSEEN else faces[character]
        yield face, character


def _runs(text: str) -> list[tuple[str, bool]]:
    """Return the runs of one direction in visual order, and whether each goes leftward.

    A neutral character belongs to the run before it (UAX 9, simplified: formulas hold few words).
    """
    runs: list[tuple[str, bool]] = []
    for character in text:
        kind = unicodedata.bidirectional(character)
        is_neutral = kind not in {"L", "R", "AL", "EN", "AN"}
        is_leftward = kind in {"R", "AL"}
        if runs and (is_neutral or runs[-1][1] == is_leftward):
            runs[-1] = (runs[-1][0] + character, runs[-1][1])
        else:
            runs.append((character, is_leftward))
    begins_leftward = bool(runs) and next((way for _, way in runs if _.strip()), False)
    return runs[::-1] if begins_leftward else runs


@lru_cache(32)
def _font(face: Face, characters: frozenset[str]) -> hb.Font:
    import uharfbuzz as hb

    return hb.Font(hb.Face(fonts.cut(face, characters).truetype))


def _draw(
    font: hb.Font,
    words: str,
    is_leftward: bool,
    start: float,
    steps: list[tuple[str, tuple[float, ...]]],
) -> float:
    """Add the outlines of *words* from *start* to *steps*; return where they end, in em."""
    import uharfbuzz as hb

    buffer = hb.Buffer()
    buffer.add_str(words)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if is_leftward else "ltr"
    hb.shape(font, buffer)
    upem, x = font.face.upem, start * font.face.upem
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if not info.codepoint and words.strip():
            raise NoGlyph(words[info.cluster])
        recorder = _Recorder(steps, x + position.x_offset, position.y_offset, upem)
        font.draw_glyph(info.codepoint, _functions(), recorder)
        x += position.x_advance
    return float(x / upem)


@dataclass(slots=True)
class _Recorder:
    steps: list[tuple[str, tuple[float, ...]]]
    x: float
    y: float
    upem: int

    def note(self, step: str, *points: float) -> None:
        """Record a step, with its points moved and scaled."""
        moved = (
            (point + (self.y if number % 2 else self.x)) / self.upem
            for number, point in enumerate(points)
        )
        self.steps.append((step, tuple(moved)))


@lru_cache(1)
def _functions() -> Any:
    import uharfbuzz as hb

    functions = hb.DrawFuncs()
    functions.set_move_to_func(lambda x, y, pen: pen.note("M", x, y))
    functions.set_line_to_func(lambda x, y, pen: pen.note("L", x, y))
    functions.set_quadratic_to_func(lambda a, b, x, y, pen: pen.note("Q", a, b, x, y))
    functions.set_cubic_to_func(lambda a, b, c, d, x, y, pen: pen.note("C", a, b, c, d, x, y))
    functions.set_close_path_func(lambda pen: pen.note("Z"))
    return functions
