"""What is known while a content stream is read: the graphics state, and what was seen so far.

ISO 32000-2, 8.4, as far as a printer's rules need it.
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
    """What `q` saves and `Q` restores."""

    matrix: Matrix = IDENTITY
    fill: Paint = BLACK
    stroke: Paint = BLACK
    line_width: float = 1.0
    size: float = 0.0
    text_mode: int = 0


@dataclass(slots=True)
class Seen:
    """What was painted so far."""

    type_pt: set[float] = field(default_factory=set)
    text_colors: set[Color] = field(default_factory=set)
    colors: set[Color] = field(default_factory=set)
    line_pt: set[float] = field(default_factory=set)
    pictures: set[Picture] = field(default_factory=set)
    transparency: set[str] = field(default_factory=set)
    invisible: set[str] = field(default_factory=set)
    instructions: int = 0

    def frozen(self, why_unread: str) -> Painted:
        """The same as a value."""
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
    """Six numbers of a file as a matrix; what is no matrix changes nothing."""
    numbers = [float(value) for value in values]
    if len(numbers) != 6:
        return IDENTITY
    a, b, c, d, e, f = numbers
    return a, b, c, d, e, f


def scales(matrix: Matrix) -> tuple[float, float]:
    """How long a unit along x, and one along y, becomes."""
    a, b, c, d, _, _ = matrix
    return math.hypot(a, b), math.hypot(c, d)


def stretch(matrix: Matrix) -> float:
    """How wide a line of width 1 becomes, where it becomes thinnest."""
    return min(scales(matrix))
