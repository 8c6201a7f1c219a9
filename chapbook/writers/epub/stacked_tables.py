"""Marks tables that are too wide for a small screen, to be shown with each cell on its own line.

Each cell gets the name of its column. The table stays a table in its markup and for screen readers.
`templates/epub.css` changes its look if the reading system can; otherwise it is set small.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.dom import add_class, text_of
from chapbook.transforms.tables import narrowest

MOST_CHARACTERS = 64  # in a line of small type on a six-inch screen
_ROLES = {
    "table": "table",
    "thead": "rowgroup",
    "tbody": "rowgroup",
    "tfoot": "rowgroup",
    "tr": "row",
    "td": "cell",
}
"""The elements' own roles, which browsers drop if `display` is changed."""


def stack_tables(tree: Element) -> None:
    """Mark the tables of *tree* that are too wide, and give each cell the name of its column."""
    for table in tree.iter("table"):
        names = _column_names(table)
        if names and narrowest(table) > MOST_CHARACTERS and _is_plain(table, len(names)):
            add_class(table, vocabulary.STACKED)
            for row in table.iterfind("tbody/tr"):
                for cell, name in zip(row, names, strict=True):
                    if name:
                        cell.set("data-column", name)
            for node in table.iter():
                if role := _ROLES.get(node.tag) or _role_of_header(node):
                    node.set("role", role)


def _role_of_header(node: Element) -> str | None:
    if node.tag != "th":
        return None
    return "rowheader" if node.get("scope") == "row" else "columnheader"


def _column_names(table: Element) -> list[str]:
    """Return the text of the head's cells, if the head is one row."""
    rows = table.findall("thead/tr")
    return [text_of(cell) for cell in rows[0]] if len(rows) == 1 else []


def _is_plain(table: Element, columns: int) -> bool:
    """Return whether each row of *table* has a cell for each column, and no table is in it."""
    rows = table.findall("tbody/tr")
    spans = any(
        {"colspan", "rowspan"} & set(cell.attrib) for row in table.iter("tr") for cell in row
    )
    return not spans and all(len(row) == columns for row in rows) and table.find(".//table") is None
