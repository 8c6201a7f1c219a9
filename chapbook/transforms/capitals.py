"""Acronyms: words in capitals are set as capitals want to be set, and are never hyphenated."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from chapbook.document import Document
from chapbook.dom import element

# Three capitals or more, digits and inner points with them: UNIFIL, COVID-19, U.S.A.
_CAPITALS = re.compile(r"(?<!\w)[^\W\d_](?:[^\W\d_]|[\d.&-](?=\w)){2,}(?!\w)")
_SET_APART = frozenset("code pre kbd samp math h1 h2 h3 h4 h5 h6 abbr".split())


def set_capitals(document: Document) -> Document:
    """Mark the acronyms of running text as `span class="caps"`; no letter changes."""
    for tree in (document.body, *(note.body for note in document.notes)):
        _mark(tree)
    return document


def _mark(node: Element) -> None:
    if node.tag in _SET_APART or node.get("class") in {"caps", "smallcaps"}:
        return
    for child in list(node):
        _mark(child)
        head, marked = _split(child.tail or "")
        if marked:
            child.tail = head
            index = list(node).index(child) + 1
            for offset, span in enumerate(marked):
                node.insert(index + offset, span)
    head, marked = _split(node.text or "")
    if marked:
        node.text = head
        for offset, span in enumerate(marked):
            node.insert(offset, span)


def _split(text: str) -> tuple[str, list[Element]]:
    """The text before the first acronym, and a span for each with the text after it as its tail."""
    found = [match for match in _CAPITALS.finditer(text) if match[0].isupper()]
    if not found:
        return text, []
    spans = []
    for match, following in zip(found, [*found[1:], None], strict=True):
        span = element("span", match[0], class_="caps")
        span.tail = text[match.end() : following.start() if following else len(text)]
        spans.append(span)
    return text[: found[0].start()], spans
