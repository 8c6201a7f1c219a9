"""The adapter to ziamath, which draws MathML.

It knows no rules between the cells of its tables, and one face: words that need others are shaped
by `chapbook.layout.shaping`.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from chapbook.layout.shaping import outlines

WORDS = "words"
"""The element of words that the face of formulas lacks; its attribute `lang` is their language."""

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

    _know_words()
    del RuledTable  # its base knows it by its tag
    return ziamath.zmath


def _know_words() -> None:
    """Let ziamath know the element WORDS."""
    from ziamath.nodes.mnode import BBox, Mnode  # type: ignore[attr-defined]

    class Words(Mnode, tag=WORDS):
        """Words in other faces, drawn as one outline."""

        def __init__(self, element: Element, parent: Any, **kwargs: Any) -> None:
            super().__init__(element, parent, **kwargs)
            self._drawn = outlines(element.text or "", element.get("lang", ""))
            size = self.glyphsize
            reach = (self._drawn.lowest * size, self._drawn.highest * size)
            self.bbox = BBox(0, self._drawn.advance * size, *reach)

        def draw(self, x: float, y: float, svg: Element) -> tuple[float, float]:
            path = SubElement(svg, "path")
            path.set("d", _path(self._drawn.steps, x, y, self.glyphsize))
            return x + self.bbox.xmax, y

    del Words  # its base knows it by its tag


def _path(steps: tuple[tuple[str, tuple[float, ...]], ...], x: float, y: float, size: float) -> str:
    """*steps* as SVG writes them, from (x, y) on, an em being *size*."""
    return " ".join(
        f"{step} "
        + " ".join(
            f"{y - point * size if number % 2 else x + point * size:.3f}"
            for number, point in enumerate(points)
        )
        for step, points in steps
    )


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
