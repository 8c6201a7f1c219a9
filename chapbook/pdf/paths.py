"""Follows the current path, to find filled shapes that are lines.

ISO 32000-2, 8.5. Instead of drawing a line, many programs fill a thin rectangle.
"""

from __future__ import annotations

from collections.abc import Iterator

from chapbook.pdf.text_content import Matrix

_LINE_RATIO = 4.0  # a shape more than four times as long as wide is a line
_CORNERS = 4
_MOST_SHAPES = 10_000  # in one path


class Path:
    """The subpaths of a path. A subpath with a curve or more than four corners is not a line."""

    def __init__(self) -> None:
        self._shapes: list[list[tuple[float, float]]] = []

    def rectangle(self, x: float, y: float, width: float, height: float, matrix: Matrix) -> None:
        """Add a whole rectangle."""
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        if len(self._shapes) < _MOST_SHAPES:
            self._shapes.append([_placed(*corner, matrix) for corner in corners])

    def move(self, x: float, y: float, matrix: Matrix) -> None:
        """Begin a subpath."""
        if len(self._shapes) < _MOST_SHAPES:
            self._shapes.append([_placed(x, y, matrix)])

    def line(self, x: float, y: float, matrix: Matrix) -> None:
        """Add a straight edge."""
        if self._shapes and len(self._shapes[-1]) <= _CORNERS + 1:
            self._shapes[-1].append(_placed(x, y, matrix))

    def curve(self) -> None:
        """Add a curved edge, after which the subpath is not a line."""
        if self._shapes:
            self._shapes[-1] += [(0.0, 0.0)] * (_CORNERS + 2)

    def clear(self) -> None:
        """Forget the path after it was painted, or used as a clipping path."""
        self._shapes.clear()

    def line_widths(self) -> Iterator[float]:
        """Yield the width of each line that filling the path draws."""
        for corners in self._shapes:
            closed = corners[:-1] if corners[0] == corners[-1] else corners
            if len(closed) == _CORNERS:
                across, down = (max(side) - min(side) for side in zip(*closed, strict=True))
                narrow, long = sorted((across, down))
                if 0 < narrow * _LINE_RATIO < long:
                    yield narrow


def _placed(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
