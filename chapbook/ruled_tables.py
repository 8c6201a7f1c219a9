"""The adapter to ziamath, which draws MathML, but no rules between the cells of its tables."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

BESIDE, BELOW = "ruled-beside", "ruled-below"
"""The classes of cells (`chapbook.transforms.formulas`) with a rule after them, or below."""


@cache
def load() -> Any:
    """The module that draws, its tables with rules."""
    import ziamath.zmath
    from ziamath.drawable import HLine, VLine
    from ziamath.nodes.mtable import Mtable

    class RuledTable(Mtable, tag="mtable"):
        """A table whose cells are those of `element`, in the order of `nodes`."""

        def _setup(self, **kwargs: Any) -> None:
            super()._setup(**kwargs)
            rows = [[cell.get("class", "").split() for cell in row] for row in self.element]
            if any(name in (BESIDE, BELOW) for row in rows for names in row for name in names):
                self._rule(rows, **kwargs)

        def _rule(self, rows: list[list[list[str]]], **kwargs: Any) -> None:
            thickness = self.units_to_points(self.font.math.consts.fractionRuleThickness)
            box = self.bbox
            columns, lines = _columns(self, rows), _lines(self, rows)
            for column, (left, right) in enumerate(pairwise(columns)):
                if any(BESIDE in row[column] for row in rows if column < len(row)):
                    rule = VLine(box.ymax - box.ymin, thickness, style=self.style, **kwargs)
                    self._add(rule, (left[1] + right[0]) / 2, -box.ymax)
            for row, (upper, lower) in enumerate(pairwise(lines)):
                if any(BELOW in names for names in rows[row]):
                    level = HLine(box.xmax - box.xmin, thickness, style=self.style, **kwargs)
                    self._add(level, 0, (upper[1] + lower[0] - thickness) / 2)

        def _add(self, rule: Any, x: float, y: float) -> None:
            self.nodes.append(rule)
            self.nodexy.append((x, y))

    del RuledTable  # its base knows it by its tag
    return ziamath.zmath


def _columns(table: Any, rows: list[list[list[str]]]) -> list[tuple[float, float]]:
    """From where to where each column reaches."""
    found: dict[int, tuple[float, float]] = {}
    places = iter(zip(table.nodes, table.nodexy, strict=True))
    for row in rows:
        for column, _ in enumerate(row):
            node, (x, _) = next(places)
            left, right = found.get(column, (x, x))
            found[column] = min(left, x), max(right, x + node.bbox.xmax)
    return [found[column] for column in sorted(found)]


def _lines(table: Any, rows: list[list[list[str]]]) -> list[tuple[float, float]]:
    """From where to where each row reaches, downward."""
    found = []
    places = iter(zip(table.nodes, table.nodexy, strict=True))
    for row in rows:
        cells = [next(places) for _ in row]
        found.append(
            (
                min(y - node.bbox.ymax for node, (_, y) in cells),
                max(y - node.bbox.ymin for node, (_, y) in cells),
            )
        )
    return found
