"""Decides what stays together when a text is divided, and where it may be divided."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from xml.etree.ElementTree import Element

from chapbook.model.dom import BLOCK_ELEMENTS, HEADINGS, is_page_break

_DIVISIBLE = frozenset("article section div blockquote ul ol li dl table tbody pre".split())
_KEPT_WITH_NEXT = HEADINGS | {"dt", "caption", "colgroup", "thead"}


def can_be_divided(node: Element) -> bool:
    """Return whether *node* can be divided between documents without breaking a line or word."""
    if node.tag not in _DIVISIBLE:
        return False
    return node.tag == "pre" or any(child.tag in BLOCK_ELEMENTS for child in node)


def units(parent: Element) -> Iterator[list[Element]]:
    """Yield the children of *parent* in groups that a page break would not separate."""
    unit: list[Element] = []
    rows_under_way = 0
    for child, follows in zip_longest(parent, list(parent)[1:]):
        unit.append(child)
        rows_under_way = max(rows_under_way - 1, _rows_below(child, parent))
        if rows_under_way <= 0 and not _is_continued(child, follows):
            yield unit
            unit = []
    if unit:
        yield unit


def is_line(node: Element) -> bool:
    """Return whether *node* is part of a line of text."""
    return node.tag not in BLOCK_ELEMENTS | {"colgroup"} and not is_page_break(node)


def _is_continued(child: Element, follows: Element | None) -> bool:
    """Return whether the next element belongs to *child*: after a heading, a marker, in a line."""
    if child.tag in _KEPT_WITH_NEXT or is_page_break(child):
        return True
    ends_in_line = child.tag not in BLOCK_ELEMENTS or bool((child.tail or "").strip())
    return ends_in_line and follows is not None and follows.tag not in BLOCK_ELEMENTS


def _rows_below(row: Element, parent: Element) -> int:
    """Return the number of rows below *row* into which a cell of it extends."""
    if row.tag != "tr":
        return 0
    spans = [span for cell in row if (span := cell.get("rowspan", "1")).isdecimal()]
    rows = [len(parent) if int(span) == 0 else int(span) for span in spans]
    return max(rows, default=1) - 1


def lines(code: Element) -> Iterator[str | Element]:
    """Yield the lines of *code* with their line ends, and its elements; tails are lines too."""
    yield from (code.text or "").splitlines(keepends=True)
    for child in list(code):
        tail, child.tail = child.tail, None
        yield child
        yield from (tail or "").splitlines(keepends=True)


def number_of(ordered: Element, index: int) -> int:
    """Return the number of the item *index*, from 0, of an ordered list (HTML 4.4.5)."""
    items = [child for child in ordered if child.tag == "li"]
    is_reversed = "reversed" in ordered.attrib
    start = ordered.get("start", "")
    number = len(items) if is_reversed else 1
    number = int(start) if start.lstrip("-").isdecimal() else number
    for item in items[:index]:
        value = item.get("value", "")
        number = int(value) if value.lstrip("-").isdecimal() else number
        number += -1 if is_reversed else 1
    return number
