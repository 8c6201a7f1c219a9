"""Page breaks of the author: marks the block after one, which begins a page in print."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.document import Document
from chapbook.model.dom import add_class, classes, replace, walk

# The class of the div that `chapbook.reading.pandoc` makes of every notation for it.
BREAK = "pagebreak"


def break_pages(document: Document) -> Document:
    """Mark the block after each page break, and remove the break itself."""
    waiting = False
    for parent, node in list(walk(document.body)):
        if waiting and not _is_break(node):
            add_class(node, vocabulary.AFTER_PAGE_BREAK)
            waiting = False
        if _is_break(node):
            replace(parent, node)
            waiting = True
    return document


def _is_break(node: Element) -> bool:
    return node.tag == "div" and BREAK in classes(node) and not len(node)
