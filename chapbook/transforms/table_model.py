"""Corrects tables in raw HTML that break HTML's table model (HTML, 4.9.1 and 4.9.12)."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from chapbook.model.dom import append, contents, element
from chapbook.model.table_grid import column_count, row_groups, slots


def mend_table(table: Element) -> None:
    """Give *table* one caption, its columns, one head, bodies and a foot, in this order."""
    _join_captions(table)
    _order_parts(table)
    for group in row_groups(table):
        _drop_empty_rows(group)
    _clip_spans(table)
    _settle_columns(table)


def _join_captions(table: Element) -> None:
    captions = table.findall("caption")
    if not captions:
        return
    first = captions[0]
    for other in captions[1:]:
        table.remove(other)
        for part in (f" {other.text or ''}", *contents(other)):
            append(first, part)
    table.remove(first)
    table.insert(0, first)


def _order_parts(table: Element) -> None:
    """Make a second head a body, and move the foot to the end, where browsers show it."""
    for tag in ("thead", "tfoot"):
        for extra in table.findall(tag)[1:]:
            extra.tag = "tbody"
    head = table.find("thead")
    parts = list(table)
    if head is not None and any(part.tag == "tbody" for part in parts[: parts.index(head)]):
        head.tag = "tbody"
    foot = table.find("tfoot")
    if foot is not None:
        table.remove(foot)
        table.append(foot)


def _drop_empty_rows(group: Element) -> None:
    """Remove rows in which no cell begins, and shorten the spans over them."""
    rows = group.findall("tr")
    for number in reversed(range(len(rows))):
        if len(rows[number]):
            continue
        group.remove(rows[number])
        for above, row in enumerate(rows[:number]):
            for cell in row:
                span = int(cell.get("rowspan", "1"))
                if above + span > number:
                    cell.set("rowspan", str(span - 1))


def _clip_spans(table: Element) -> None:
    """Shorten spans of cells that reach below their group."""
    for slot in slots(table):
        if "rowspan" in slot.cell.attrib:
            slot.cell.set("rowspan", str(slot.height))
        for name in ("rowspan", "colspan"):
            if slot.cell.get(name) == "1":
                del slot.cell.attrib[name]


def _settle_columns(table: Element) -> None:
    """Make the number of `col` elements that of the columns."""
    columns = list(table.iter("col"))
    if not columns:
        return
    count = sum(int(column.get("span", "1")) for column in columns)
    wanted = column_count(slots(table))
    if count > wanted:
        for group in table.findall("colgroup"):
            table.remove(group)
    elif count < wanted:
        group = table.findall("colgroup")[-1]
        group.extend(element("col") for _ in range(wanted - count))
