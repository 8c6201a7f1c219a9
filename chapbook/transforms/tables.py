"""Tables: headers say what they head (WCAG 2.2, technique H63)."""

from __future__ import annotations

from chapbook.document import Document
from chapbook.dom import add_class

LONGEST_KEPT_WHOLE = 12  # rows: a longer table may break across pages, its head repeated


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
            head = table.find("thead")
            if head is not None and not "".join(head.itertext()).strip():
                table.remove(head)
    return document
