"""Gives every format the same pagination: markers in the document where printed pages begin.

`page_markers.py` says where exactly a marker is put. A page reference (`a.page-ref`) is empty
until then: print numbers it by itself, and the other formats get the number from print.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace as with_changes
from xml.etree.ElementTree import Element

from chapbook.layout.formula_drawings import NUMBER
from chapbook.layout.page_locators import drop_repeated
from chapbook.layout.page_markers import MarkedTree, marker
from chapbook.model import vocabulary
from chapbook.model.document import Break, Document, Page, Publication
from chapbook.model.dom import classes, is_page_ref
from chapbook.weasy.pages import Beginning, without_space

_END = Break(Page(""), node=0, count=sys.maxsize)


# From the laid-out tree to the document's ------------------------------------------------------


def breaks(laid_out: Element, beginnings: Sequence[Beginning]) -> tuple[Break, ...]:
    """Return where pages begin in the document's tree; layout made the tree *laid_out* from it."""
    parents = {child: parent for parent in laid_out.iter() for child in parent}
    page_breaks: list[Break] = []
    for beginning in reversed(beginnings):
        page = Page(beginning.label)
        if beginning.node is None:  # the page has only the rest of a note: take the next beginning
            page_breaks.append(with_changes(page_breaks[-1] if page_breaks else _END, page=page))
            continue
        if not _is_furniture(beginning.node, parents):
            page_breaks.append(Break(page, *_in_document(beginning.node, beginning.count, parents)))
    return tuple(reversed(page_breaks))


def _is_furniture(node: Element, parents: Mapping[Element, Element]) -> bool:
    """Return whether *node* comes from a template, such as a half title or the contents."""
    while vocabulary.TITLE_BLOCK not in classes(node):
        if "data-furniture" in node.attrib:
            return True
        if node not in parents:
            return False
        node = parents[node]
    return False


def _in_document(
    node: Element, count: int, parents: Mapping[Element, Element]
) -> tuple[int | None, int]:
    """Return the number of the document's element around *node*, and the characters before."""
    owner = node
    while NUMBER not in owner.attrib:
        if owner not in parents:
            return None, 0  # the title block is no part of the document's tree
        owner = parents[owner]
    before = 0
    for parent, text in _own_texts(owner):
        length = len(without_space(text))
        if parent is node and count < length:
            return int(owner.attrib[NUMBER]), before + count
        before += length
        count -= length if parent is node else 0
    return int(owner.attrib[NUMBER]), before


def _own_texts(owner: Element) -> Iterator[tuple[Element, str]]:
    """Yield the text of *owner* itself, and of the spans that layout put into it."""
    yield owner, owner.text or ""
    for child in owner:
        if NUMBER not in child.attrib and child.tag != "footnote":
            yield from _own_texts(child)
        yield owner, child.tail or ""


# Into the document's tree ---------------------------------------------------------------------


def paginate(publication: Publication) -> Publication:
    """Return *publication* with a marker in its text for each page of its layout."""
    layout = publication.layout
    if layout is None:
        return publication
    document = publication.document
    body = deepcopy(document.body)
    tree = MarkedTree(body)
    # In reverse order, so that earlier positions stay valid. The first page begins with the
    # title; the templates put the marker before it.
    for page_break in reversed(layout.breaks[1:]):
        tree.insert(marker(page_break.page), page_break.node or 0, page_break.count)
    pages = tuple(page_break.page for page_break in layout.breaks)
    notes = tuple(with_changes(note, body=deepcopy(note.body)) for note in document.notes)
    for part in (body, *(note.body for note in notes)):
        _fill_page_references(part, layout.folios)
    paginated: Document = with_changes(document, body=body, notes=notes, pages=pages)
    return with_changes(publication, document=paginated)


def _fill_page_references(tree: Element, folios: Mapping[str, str]) -> None:
    """Write the printed folios of their targets into *tree*'s page references."""
    for node in tree.iter("a"):
        if is_page_ref(node):
            node.text = folios.get(node.get("href", "")[1:], "")
    drop_repeated(tree, folios)
