"""Copyfitting: computes how large a text can be set in its place, from the widths of the face."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Width = Callable[[str], float]
"""Returns the width of a text on one line, in em: `chapbook.design.fonts.Instance.width_em`."""

_SAFETY = 1.01  # words and spaces are measured without the kerning between them


def count_lines(text: str, measure_em: float, width: Width) -> int:
    """Return the number of lines of *text* in a measure of so many em, without hyphenation.

    A word that is wider than the measure may be broken anywhere.
    """
    space = width(" ")
    lines, used = 1, 0.0
    for word in text.split():
        word_width = width(word) * _SAFETY
        if used and used + space + word_width > measure_em:
            lines, used = lines + 1, 0.0
        used += word_width + (space if used else 0)
        if used > measure_em:
            lines, used = lines + int(used / measure_em), used % measure_em
    return lines


def longest_word_em(text: str, width: Width) -> float:
    """Return the width of the widest word of *text*, in em."""
    return max((width(word) * _SAFETY for word in text.split()), default=0)


def largest(sizes: Sequence[float], fits: Callable[[float], bool]) -> float | None:
    """Return the first of *sizes*, sorted from the largest, that *fits*; None if none does."""
    return next((size for size in sizes if fits(size)), None)
