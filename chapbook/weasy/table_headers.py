"""Tables in the structure tree: which headers head a cell (ISO 14289-1, 7.5).

WeasyPrint counts a row's cells where spans should be counted, gives headers no Scope, and takes
what heads a group of rows for a column's: here each cell is given its headers anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


def head_cells(document: Any) -> None:
    """Tell each cell of the tables in WeasyPrint's *document* its headers, before it is written."""
    from weasyprint.formatting_structure import boxes

    for page in document.pages:
        for table in _tables(page._page_box, boxes.TableBox):  # noqa: SLF001 - no other name
            _head(table)


def _tables(box: Any, kind: type) -> Iterator[Any]:
    for held in getattr(box, "children", ()):
        child = getattr(held, "_box", held)
        if isinstance(child, kind):
            yield child
        yield from _tables(child, kind)


_SCOPES = {"col": "Column", "colgroup": "Column", "row": "Row", "rowgroup": "Row"}


@dataclass(slots=True)
class _Heads:
    """The headers of a table as they are met: those of its columns, of its rows, of a group."""

    columns: dict[int, list[Any]] = field(default_factory=dict)
    rows: dict[int, list[Any]] = field(default_factory=dict)
    group: list[Any] = field(default_factory=list)
    cells: list[tuple[Any, range, range, list[Any]]] = field(default_factory=list)

    def take(self, cell: Any, row: int) -> None:
        """Note what *cell* heads, or where it stands."""
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

    def tell(self) -> None:
        """Give each cell its headers, once each."""
        import pydyf

        for mark, columns, rows, group in self.cells:
            mark["A"].pop("Headers", None)
            found = [name for number in columns for name in self.columns.get(number, ())]
            found += [*group, *(name for number in rows for name in self.rows.get(number, ()))]
            if found:
                mark["A"]["Headers"] = pydyf.Array({id(each): each for each in found}.values())


def _head(table: Any) -> None:
    heads, number = _Heads(), 0
    for group in table.children:
        heads.group = []
        for row in group.children:
            for cell in row.children:
                if hasattr(cell, "mark") and cell.element is not None:
                    heads.take(cell, number)
            number += 1
    heads.tell()
