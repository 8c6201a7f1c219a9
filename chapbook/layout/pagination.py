"""One pagination in every format: the printed pages' beginnings, as markers in the one tree.

Where a marker stands, `page_markers.py` says.

A page reference (`a.page-ref`) is empty until then: print counts by itself, and the other formats
are told what it came to.
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
    """Where the pages begin in the document's tree, of which layout made the tree *laid_out*."""
    parents = {child: parent for parent in laid_out.iter() for child in parent}
    found: list[Break] = []
    for beginning in reversed(beginnings):
        page = Page(beginning.label)
        if beginning.node is None:  # only the rest of a note: where the next page begins
            found.append(with_changes(found[-1] if found else _END, page=page))
            continue
        if not _is_furniture(beginning.node, parents):
            found.append(Break(page, *_in_document(beginning.node, beginning.count, parents)))
    return tuple(reversed(found))


def _is_furniture(node: Element, parents: Mapping[Element, Element]) -> bool:
    """Whether *node* is the templates': no words of a half title or of contents are elsewhere."""
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
    """The number of the document's element in which *node* stands, and the characters before."""
    owner = node
    while NUMBER not in owner.attrib:
        if owner not in parents:
            return None, 0  # the title block is no part of the document's tree
        owner = parents[owner]
    before = 0
    for each, text in _own_texts(owner):
        length = len(without_space(text))
        if each is node and count < length:
            return int(owner.attrib[NUMBER]), before + count
        before += length
        count -= length if each is node else 0
    return int(owner.attrib[NUMBER]), before


def _own_texts(owner: Element) -> Iterator[tuple[Element, str]]:
    """What stands in *owner* itself, also where layout has put a span of its own around it."""
    yield owner, owner.text or ""
    for child in owner:
        if NUMBER not in child.attrib and child.tag != "footnote":
            yield from _own_texts(child)
        yield owner, child.tail or ""


# Into the document's tree ---------------------------------------------------------------------


def paginate(publication: Publication) -> Publication:
    """*publication* with a marker in its text for each page of its layout."""
    layout = publication.layout
    if layout is None:
        return publication
    document = publication.document
    body = deepcopy(document.body)
    tree = MarkedTree(body)
    # From the end, so that what stands before keeps its place. The first page begins with the
    # title, which templates set, its marker before it.
    for each in reversed(layout.breaks[1:]):
        tree.insert(marker(each.page), each.node or 0, each.count)
    pages = tuple(each.page for each in layout.breaks)
    notes = tuple(with_changes(note, body=deepcopy(note.body)) for note in document.notes)
    for part in (body, *(note.body for note in notes)):
        _say_pages(part, layout.folios)
    paginated: Document = with_changes(document, body=body, notes=notes, pages=pages)
    return with_changes(publication, document=paginated)


def _say_pages(tree: Element, folios: Mapping[str, str]) -> None:
    """Write into *tree*'s page references what print says there: the folios of their targets."""
    for node in tree.iter("a"):
        if is_page_ref(node):
            node.text = folios.get(node.get("href", "")[1:], "")
    drop_repeated(tree, folios)
