"""Gives each cell of a table its headers in the structure tree (ISO 14289-1, 7.5).

WeasyPrint counts the cells of a row without their spans, gives headers no Scope, and takes the
header of a group of rows for that of a column. So all headers are written again here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


def head_cells(document: Any) -> None:
    """Write the headers of each cell into WeasyPrint's *document*, before it becomes a PDF."""
    from weasyprint.formatting_structure import boxes

    for page in document.pages:
        for table in _tables(page._page_box, boxes.TableBox):  # noqa: SLF001 - no other name
            _head(table)


def _tables(box: Any, kind: type) -> Iterator[Any]:
    for item in getattr(box, "children", ()):
        child = getattr(item, "_box", item)
        if isinstance(child, kind):
            yield child
        yield from _tables(child, kind)


_SCOPES = {"col": "Column", "colgroup": "Column", "row": "Row", "rowgroup": "Row"}


@dataclass(slots=True)
class _Heads:
    """The headers of a table so far: those of its columns, its rows and the current group."""

    columns: dict[int, list[Any]] = field(default_factory=dict)
    rows: dict[int, list[Any]] = field(default_factory=dict)
    group: list[Any] = field(default_factory=list)
    cells: list[tuple[Any, range, range, list[Any]]] = field(default_factory=list)

    def take(self, cell: Any, row: int) -> None:
        """Record which cells the header *cell* belongs to, or where the cell *cell* is."""
        mark, name = cell.mark, cell.mark.get("ID")
        columns = range(cell.grid_x, cell.grid_x + cell.colspan)
        rows = range(row, row + cell.rowspan)
        if cell.element_tag != "th":
            self.cells.append((mark, columns, rows, self.group))
            return
        scope = cell.element.get("scope", "col")
        mark["A"]["Scope"] = f"/{_SCOPES.get(scope, 'Column')}"
        if scope == "rowgroup":
            self.group = [name]
        elif scope == "row":
            for number in rows:
                self.rows.setdefault(number, []).append(name)
        else:
            for number in columns:
                self.columns.setdefault(number, []).append(name)

    def write(self) -> None:
        """Write the headers of each cell, each header once."""
        import pydyf

        for mark, columns, rows, group in self.cells:
            mark["A"].pop("Headers", None)
            names = [name for number in columns for name in self.columns.get(number, ())]
            names += [*group, *(name for number in rows for name in self.rows.get(number, ()))]
            if names:
                mark["A"]["Headers"] = pydyf.Array({id(name): name for name in names}.values())


def _head(table: Any) -> None:
    heads, number = _Heads(), 0
    for group in table.children:
        heads.group = []
        for row in group.children:
            for cell in row.children:
                if hasattr(cell, "mark") and cell.element is not None:
                    heads.take(cell, number)
            number += 1
    heads.write()
