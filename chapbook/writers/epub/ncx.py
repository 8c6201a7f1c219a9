"""The NCX: the contents and the list of pages for readers of EPUB 2, such as old Kindles.

OPF 2.0.1, 2.4.1, and DAISY's Z39.86-2005, 8.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from lxml import etree

from chapbook.model.metadata import Metadata
from chapbook.writers.epub.navigation import Point

DEPTH = 2  # levels that Kindle shows
_NCX = "http://www.daisy.org/z3986/2005/ncx/"
_PREFIXES: Any = {None: _NCX}  # the default namespace, which lxml-stubs do not allow
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def ncx(
    metadata: Metadata, contents: Sequence[Point], pages: Sequence[Point], order: Sequence[str]
) -> bytes:
    """Return the bytes of the NCX. *order* are all addresses in both lists, in reading order.

    `playOrder` numbers the places of both lists in that order; equal places have equal numbers.
    """
    root = etree.Element(f"{{{_NCX}}}ncx", nsmap=_PREFIXES)
    root.set("version", "2005-1")
    root.set(_XML_LANG, metadata.lang)
    depth = DEPTH if any(point.points for point in contents) else 1
    numbers = [int(page.label) for page in pages if page.label.isdecimal()]
    head = etree.SubElement(root, f"{{{_NCX}}}head")
    for name, content in (
        ("dtb:uid", metadata.identifier),  # must equal the package's identifier (OPF 2.0.1, 2.4.1)
        ("dtb:depth", str(depth)),
        ("dtb:totalPageCount", str(len(pages))),
        ("dtb:maxPageNumber", str(max(numbers, default=0))),
    ):
        etree.SubElement(head, f"{{{_NCX}}}meta", name=name, content=content)
    _labelled(root, "docTitle", metadata.full_title)
    ranks = _play_order(contents, pages, order)
    _add_points(etree.SubElement(root, f"{{{_NCX}}}navMap"), contents, ranks, count(1))
    if pages:
        _add_pages(etree.SubElement(root, f"{{{_NCX}}}pageList"), pages, ranks)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _play_order(
    contents: Sequence[Point], pages: Sequence[Point], order: Sequence[str]
) -> dict[str, int]:
    shown = {point.href for point in (*contents, *pages)}
    shown |= {below.href for point in contents for below in point.points}
    return {href: rank for rank, href in enumerate(filter(shown.__contains__, order), 1)}


def _add_points(
    parent: Any,
    points: Sequence[Point],
    ranks: Mapping[str, int],
    number: Iterator[int],
    depth: int = DEPTH,
) -> None:
    for point in points:
        element = etree.SubElement(parent, f"{{{_NCX}}}navPoint", id=f"point-{next(number)}")
        element.set("playOrder", str(ranks[point.href]))
        _labelled(element, "navLabel", point.label)
        etree.SubElement(element, f"{{{_NCX}}}content", src=point.href)
        if depth > 1:
            _add_points(element, point.points, ranks, number, depth - 1)


def _add_pages(parent: Any, pages: Sequence[Point], ranks: Mapping[str, int]) -> None:
    for number, page in enumerate(pages, 1):
        element = etree.SubElement(parent, f"{{{_NCX}}}pageTarget", id=f"target-{number}")
        is_counted = page.label.isdecimal() and int(page.label) > 0
        element.set("type", "normal" if is_counted else "front")
        if is_counted:
            element.set("value", str(int(page.label)))
        element.set("playOrder", str(ranks[page.href]))
        _labelled(element, "navLabel", page.label)
        etree.SubElement(element, f"{{{_NCX}}}content", src=page.href)


def _labelled(parent: Any, name: str, text: str) -> None:
    label = etree.SubElement(etree.SubElement(parent, f"{{{_NCX}}}{name}"), f"{{{_NCX}}}text")
    label.text = text
