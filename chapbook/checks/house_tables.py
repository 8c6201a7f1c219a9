"""The house's rules for tables, in the terms of the outline: which cells are headers.

The first column heads the rows where the author says so (`.row-headers`), or where nothing stands
above it and every row has something in it. A cell without words heads nothing. The foot is last.
"""

from __future__ import annotations

from collections.abc import Iterator

from chapbook.checks.tree import Node

_PARTS = ("head", "body", "foot")


def settle_tables(root: Node) -> None:
    """Bring the tables of *root* into house style."""
    for table in root.walk():
        if table.kind == "table":
            table.children.sort(key=lambda child: _part(child) == "foot")
            _head_rows(table)


def _part(child: Node | str) -> str:
    return child.get("part") if isinstance(child, Node) else ""


def _head_rows(table: Node) -> None:
    rows = list(_rows(table))
    first = list(_first_column(rows))
    heads = [cell for part, cell in first if part == "head"]
    bodies = [cell for part, cell in first if part == "body"]
    corner_is_empty = bool(heads) and all(map(_is_empty, heads))
    bodies_speak = bool(bodies) and not any(map(_is_empty, bodies))
    several = any(
        len(_cells(row)) > 1 or _cells(row)[0].get("colspan", "1") != "1" for _, row in rows
    )
    if "row-headers" in table.get("classes").split() or (
        corner_is_empty and bodies_speak and several
    ):
        for part, cell in first:
            if part != "head":
                cell.attributes["head"] = "head"
    for _, row in rows:
        for cell in filter(_is_empty, _cells(row)):
            cell.attributes.pop("head", None)


def _rows(table: Node) -> Iterator[tuple[str, Node]]:
    """The rows of *table* with the name of the part that they stand in; of no other table."""
    for child in table.children:
        if isinstance(child, Node) and child.kind == "row" and _cells(child):
            yield "body", child
        elif isinstance(child, Node) and child.get("part"):
            for row in child.children:
                if isinstance(row, Node) and row.kind == "row" and _cells(row):
                    yield child.get("part"), row


def _cells(row: Node) -> list[Node]:
    return [each for each in row.children if isinstance(each, Node) and each.kind == "cell"]


def _first_column(rows: list[tuple[str, Node]]) -> Iterator[tuple[str, Node]]:
    """The cells that stand in the first column and in no other."""
    covered, last_part = 0, ""
    for part, row in rows:
        covered = covered if part == last_part else 0  # no cell reaches into another part
        last_part = part
        if covered:
            covered -= 1
            continue
        first = _cells(row)[0]
        span = first.get("rowspan", "1")
        covered = max(1, int(span)) - 1 if span.isdecimal() else 0
        if first.get("colspan", "1") == "1":
            yield part, first


def _is_empty(cell: Node) -> bool:
    return not cell.words() and not any(node.kind == "picture" for node in cell.walk())
