"""Copyfitting: how large a text may be set in its place, told from the face's own widths."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Width = Callable[[str], float]
"""How wide a text is on one line, in em of its size: `chapbook.design.fonts.Instance.width_em`."""

_SAFETY = 1.01  # spaces are measured alone, words without their neighbors' kerning


def count_lines(text: str, measure_em: float, width: Width) -> int:
    """How many lines *text* takes in a measure of so many em, no word of it hyphenated.

    A word that is wider than the measure is taken to be broken anywhere.
    """
    space = width(" ")
    lines, used = 1, 0.0
    for word in text.split():
        wide = width(word) * _SAFETY
        if used and used + space + wide > measure_em:
            lines, used = lines + 1, 0.0
        used += wide + (space if used else 0)
        if used > measure_em:
            lines, used = lines + int(used / measure_em), used % measure_em
    return lines


def longest_word_em(text: str, width: Width) -> float:
    """How wide the widest word of *text* is, in em."""
    return max((width(word) * _SAFETY for word in text.split()), default=0)


def largest(sizes: Sequence[float], fits: Callable[[float], bool]) -> float | None:
    """The first of *sizes*, from the largest down, at which a text *fits*; None where none."""
    return next((size for size in sizes if fits(size)), None)
