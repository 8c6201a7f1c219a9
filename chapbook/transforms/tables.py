"""Tables: headers say what they head (WCAG 2.2, technique H63)."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from chapbook.document import Document
from chapbook.dom import add_class, text_of

LONGEST_KEPT_WHOLE = 12  # rows: a longer table may break across pages, its head repeated
WIDEST_UNSHRUNK = 56  # characters of a print line at a table's size, the cells' padding included
_PADDING = 3  # characters that the padding of a cell takes


def scope_headers(document: Document) -> Document:
    """Give every header cell its scope, and drop a head of empty cells, which heads nothing."""
    for tree in (document.body, *(note.body for note in document.notes)):
        for table in tree.iter("table"):
            for part in table:
                for cell in part.iter("th"):
                    scope = "col" if part.tag == "thead" else "row"
                    cell.attrib.setdefault("scope", scope)
            if len(list(table.iter("tr"))) > LONGEST_KEPT_WHOLE:
                add_class(table, "long")
            if narrowest(table) > WIDEST_UNSHRUNK:
                add_class(table, "wide")
            head = table.find("thead")
            if head is not None and not "".join(head.itertext()).strip():
                table.remove(head)
    return document


def narrowest(table: Element) -> int:
    """How many characters wide the table is when every cell breaks at every space."""
    columns: dict[int, int] = {}
    for row in table.iter("tr"):
        for index, cell in enumerate(row):
            longest = max(map(len, text_of(cell).split()), default=0)
            columns[index] = max(columns.get(index, 0), longest)
    return sum(columns.values()) + _PADDING * len(columns)
