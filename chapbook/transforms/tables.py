"""Tables: sets the scope of headers (WCAG 2.2, technique H63), and marks long and wide tables."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.document import Document
from chapbook.model.dom import add_class, classes, element, text_of
from chapbook.model.table_grid import Slot, column_count, slots

LONGEST_KEPT_WHOLE = 14  # lines: a longer table may break across pages, its head repeated
WIDEST_UNSHRUNK = 56  # characters of an e-reader's line at a table's size, with the cells' padding
ROW_HEADERS = "row-headers"  # the authors' class for a first column of row headers
_PADDING = 3  # characters that the padding of a cell takes
_LINE = 60  # characters of a printed line at a table's size


def scope_headers(document: Document) -> Document:
    """Give every header cell its scope, and remove a head with only empty cells."""
    for tree in (document.body, *(note.body for note in document.notes)):
        for table in tree.iter("table"):
            _drop_empty_head(table)
            _head_rows(table)
            _split_at_headings(table)
            for slot in slots(table):
                _scope(slot)
            if _lines(table) > LONGEST_KEPT_WHOLE:
                add_class(table, vocabulary.LONG)
            if narrowest(table) > WIDEST_UNSHRUNK:
                add_class(table, vocabulary.WIDE)
    return document


def narrowest(table: Element) -> int:
    """Return the width of the table in characters if every cell breaks at every space."""
    columns: dict[int, int] = {}
    for slot in slots(table):
        longest = max(map(len, text_of(slot.cell).split()), default=0)
        for column in slot.columns:
            share = -(-longest // slot.width)
            columns[column] = max(columns.get(column, 0), share)
    return sum(columns.values()) + _PADDING * len(columns)


# Headers ---------------------------------------------------------------------------------------


def _drop_empty_head(table: Element) -> None:
    head = table.find("thead")
    if head is not None and all(_is_empty(cell) for row in head for cell in row):
        table.remove(head)


def _is_empty(cell: Element) -> bool:
    return not "".join(cell.itertext()).strip() and cell.find(".//img") is None


def _head_rows(table: Element) -> None:
    """Make the first column headers, if the author says so or the corner is empty.

    An empty corner means that the column is not a column of values.
    """
    grid = slots(table)
    first = [slot for slot in grid if slot.column == 0 and slot.width == 1]
    heads, bodies = _in_group(first, "thead"), _in_group(first, "tbody")
    corner_is_empty = bool(heads) and all(_is_empty(slot.cell) for slot in heads)
    bodies_speak = bool(bodies) and not any(_is_empty(slot.cell) for slot in bodies)
    asked = ROW_HEADERS in classes(table)
    if asked or (corner_is_empty and bodies_speak and column_count(grid) > 1):
        for slot in first:
            if slot.group.tag != "thead" and not _is_empty(slot.cell):
                slot.cell.tag = "th"
    for slot in grid:
        if slot.cell.tag == "th" and _is_empty(slot.cell):
            slot.cell.tag = "td"  # an empty cell is no header
            slot.cell.attrib.pop("scope", None)


def _in_group(cells: Sequence[Slot], tag: str) -> list[Slot]:
    return [slot for slot in cells if slot.group.tag == tag]


def _split_at_headings(table: Element) -> None:
    """Begin a new body at each row that is one header across the table."""
    columns = column_count(slots(table))
    for body in table.findall("tbody") if columns > 1 else ():
        grid = [slot for slot in slots(table) if slot.group is body]
        wide = {id(slot.cell) for slot in grid if slot.cell.tag == "th" and slot.width == columns}
        current, place = body, list(table).index(body)
        for row in list(body)[1:]:
            if len(row) == 1 and id(row[0]) in wide:
                current, place = element("tbody"), place + 1
                table.insert(place, current)
            if current is not body:
                body.remove(row)
                current.append(row)


def _scope(slot: Slot) -> None:
    if slot.cell.tag != "th":
        return
    if slot.group.tag == "thead":
        scope = "col"
    elif len(slot.group[0]) == 1 and slot.group[0][0] is slot.cell and len(slot.group) > 1:
        scope = "rowgroup"
    else:
        scope = "row"
    slot.cell.attrib.setdefault("scope", scope)


# Length ----------------------------------------------------------------------------------------


def _lines(table: Element) -> int:
    """Estimate the lines of the table in print, with columns as wide as their words need."""
    grid = slots(table)
    lengths: dict[int, int] = {}
    for slot in grid:
        share = len(text_of(slot.cell)) // slot.width
        for column in slot.columns:
            lengths[column] = max(lengths.get(column, 1), share)
    room = max(1, _LINE - _PADDING * len(lengths))
    asked = sum(lengths.values())
    heights: dict[int, int] = {}
    for slot in grid:
        width = max(1, sum(lengths[column] for column in slot.columns) * min(1, room / asked))
        lines = -(-len(text_of(slot.cell)) // int(width)) + _blocks(slot.cell)
        heights[slot.row] = max(heights.get(slot.row, 1), lines // slot.height)
    return sum(heights.values())


def _blocks(cell: Element) -> int:
    """Return the additional lines for blocks in a cell: each list item begins one."""
    return max(0, sum(node.tag in {"li", "p", "br"} for node in cell.iter()) - 1)
