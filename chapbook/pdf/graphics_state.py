"""The graphics state while a content stream is read, and a collection of what it painted so far.

ISO 32000-2, 8.4, as far as the rules of printers need it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from chapbook.pdf.color import Paint
from chapbook.pdf.facts import Color, Painted, Picture, Space
from chapbook.pdf.text_content import IDENTITY, Matrix

BLACK = Paint(Space.GRAY, None, Color(Space.GRAY, (0.0,)))


@dataclass(slots=True)
class State:
    """The part of the graphics state that `q` saves and `Q` restores."""

    matrix: Matrix = IDENTITY
    fill: Paint = BLACK
    stroke: Paint = BLACK
    line_width: float = 1.0
    size: float = 0.0
    text_mode: int = 0


@dataclass(slots=True)
class Seen:
    """All that was painted so far; `instructions` counts the instructions that were read."""

    type_pt: set[float] = field(default_factory=set)
    text_colors: set[Color] = field(default_factory=set)
    colors: set[Color] = field(default_factory=set)
    line_pt: set[float] = field(default_factory=set)
    pictures: set[Picture] = field(default_factory=set)
    transparency: set[str] = field(default_factory=set)
    invisible: set[str] = field(default_factory=set)
    instructions: int = 0

    def frozen(self, why_unread: str) -> Painted:
        """Return it as a frozen value."""
        return Painted(
            frozenset(self.type_pt),
            frozenset(self.text_colors),
            frozenset(self.colors),
            frozenset(self.line_pt),
            frozenset(self.pictures),
            frozenset(self.transparency),
            frozenset(self.invisible),
            why_unread,
        )


def matrix_of(values: Any) -> Matrix:
    """Return six numbers as a matrix; another count of numbers gives the identity."""
    numbers = [float(value) for value in values]
    if len(numbers) != 6:
        return IDENTITY
    a, b, c, d, e, f = numbers
    return a, b, c, d, e, f


def scales(matrix: Matrix) -> tuple[float, float]:
    """Return the length of a unit along x and of a unit along y after *matrix*."""
    a, b, c, d, _, _ = matrix
    return math.hypot(a, b), math.hypot(c, d)


def stretch(matrix: Matrix) -> float:
    """Return the smallest width that a line of width 1 has after *matrix*."""
    return min(scales(matrix))
