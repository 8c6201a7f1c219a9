"""Computes the rows and columns of a table's cells, including spans (HTML, 4.9.12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

GROUPS = ("thead", "tbody", "tfoot")


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell, which covers *width* columns from *column* on and *height* rows from *row* on.

    Rows are counted through the whole table, from 0. A cell ends with its *group* at the latest.
    """

    cell: Element
    group: Element
    row: int
    column: int
    width: int
    height: int

    @property
    def columns(self) -> range:
        """The columns that the cell covers."""
        return range(self.column, self.column + self.width)


def slots(table: Element) -> tuple[Slot, ...]:
    """Return the cells of *table*, not of tables in it, in text order."""
    cells: list[Slot] = []
    first = 0
    for group in row_groups(table):
        rows = group.findall("tr")
        cells += _slots_of(group, rows, first)
        first += len(rows)
    return tuple(cells)


def row_groups(table: Element) -> Iterator[Element]:
    """Yield the table's head, bodies and feet; the table itself if it has rows of its own."""
    if table.find("tr") is not None:
        yield table
    yield from (part for part in table if part.tag in GROUPS)


def column_count(grid: tuple[Slot, ...]) -> int:
    """Return the number of columns."""
    return max((slot.column + slot.width for slot in grid), default=0)


def _slots_of(group: Element, rows: list[Element], first: int) -> Iterator[Slot]:
    taken: dict[int, set[int]] = {}  # by row: columns covered by cells above or before
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while column in taken.get(row, ()):
                column += 1
            width = _span(cell, "colspan")
            height = min(_span(cell, "rowspan"), len(rows) - row)
            yield Slot(cell, group, first + row, column, width, height)
            for below in range(row, row + height):
                taken.setdefault(below, set()).update(range(column, column + width))
            column += width


def _span(cell: Element, name: str) -> int:
    value = cell.get(name, "1")
    return max(1, int(value)) if value.isdecimal() else 1
