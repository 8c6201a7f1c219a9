"""Patch of `ziamath.nodes.mtable`: draws rules between cells, which ziamath lacks."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from chapbook.model import vocabulary
from chapbook.model.patching import Patch

BESIDE, BELOW = vocabulary.RULED_BESIDE, vocabulary.RULED_BELOW
"""The classes of cells (`chapbook.transforms.formulas`) with a rule after them, or below."""


def _setup_with(original: Any) -> Any:
    def setup(table: Any, **kwargs: Any) -> None:
        """Set up *table*, and add its rules. The cells of `element` are in the order of `nodes`."""
        original(table, **kwargs)
        rows = [[cell.get("class", "").split() for cell in row] for row in table.element]
        if any(name in (BESIDE, BELOW) for row in rows for names in row for name in names):
            _rule(table, rows, **kwargs)

    return setup


def _rule(table: Any, rows: list[list[list[str]]], **kwargs: Any) -> None:
    from ziamath.drawable import HLine, VLine

    thickness = table.units_to_points(table.font.math.consts.fractionRuleThickness)
    box = table.bbox
    columns, lines = _columns(table, rows), _lines(table, rows)
    for column, (left, right) in enumerate(pairwise(columns)):
        if any(BESIDE in row[column] for row in rows if column < len(row)):
            rule = VLine(box.ymax - box.ymin, thickness, style=table.style, **kwargs)
            _add(table, rule, (left[1] + right[0]) / 2, -box.ymax)
    for row, (upper, lower) in enumerate(pairwise(lines)):
        if any(BELOW in names for names in rows[row]):
            level = HLine(box.xmax - box.xmin, thickness, style=table.style, **kwargs)
            _add(table, level, 0, (upper[1] + lower[0] - thickness) / 2)


def _add(table: Any, rule: Any, x: float, y: float) -> None:
    table.nodes.append(rule)
    table.nodexy.append((x, y))


def _columns(table: Any, rows: list[list[list[str]]]) -> list[tuple[float, float]]:
    """Return the left and right edge of each column."""
    extents: dict[int, tuple[float, float]] = {}
    places = iter(zip(table.nodes, table.nodexy, strict=True))
    for row in rows:
        for column, _ in enumerate(row):
            node, (x, _) = next(places)
            left, right = extents.get(column, (x, x))
            extents[column] = min(left, x), max(right, x + node.bbox.xmax)
    return [extents[column] for column in sorted(extents)]


def _lines(table: Any, rows: list[list[list[str]]]) -> list[tuple[float, float]]:
    """Return the upper and lower edge of each row; y grows downward."""
    extents = []
    places = iter(zip(table.nodes, table.nodexy, strict=True))
    for row in rows:
        cells = [next(places) for _ in row]
        extents.append(
            (
                min(y - node.bbox.ymax for node, (_, y) in cells),
                max(y - node.bbox.ymin for node, (_, y) in cells),
            )
        )
    return extents


_MTABLE = "ziamath.nodes.mtable:Mtable"

PATCHES = (
    Patch(
        _MTABLE,
        "_setup",
        _setup_with,
        reported="not reported",
        written_for={
            f"{_MTABLE}._setup": "e951bf7970abd9a3",
            f"{_MTABLE}.__init__": "7619633bb9315da5",
        },
    ),
)
