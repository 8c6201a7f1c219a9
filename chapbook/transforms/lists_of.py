"""Adds lists of figures, tables and listings, if the author wants them, before all sections."""

from __future__ import annotations

from copy import deepcopy
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.document import Document
from chapbook.model.dom import (
    BLOCK_ELEMENTS,
    append,
    classes,
    contents,
    element,
    is_note_call,
    replace,
    unwrap,
    walk,
)
from chapbook.transforms.numbering import KIND, NUMBER, caption_of
from chapbook.transforms.panels import LETTERED


def list_captions(document: Document) -> Document:
    """Put a section before the others for each wanted list with an entry."""
    body = document.body
    first = next((n for n, child in enumerate(body) if child.tag == "section"), len(body))
    for kind in reversed(document.metadata.lists):
        listed = (node for node in body.iter() if node.get(KIND) == kind)
        entries = [_entry(node) for node in listed if LETTERED not in classes(node)]
        if entries:
            body.insert(first, _section(document.words[f"list-of-{kind}s"], kind, entries))
    return document


def _section(title: str, kind: str, entries: list[Element]) -> Element:
    names = f"frontmatter unnumbered {vocabulary.LIST_OF} {vocabulary.LIST_OF}-{kind}s"
    section = element("section", element("h2", title), *entries, class_=names, data_depth="1")
    section.set("id", f"list-of-{kind}s")
    return section


def _entry(node: Element) -> Element:
    """Return a line of the list: a link with label and caption, and the page."""
    if "id" not in node.attrib:
        node.set("id", f"{node.get(KIND)}-{node.get(NUMBER, '').replace('.', '-')}")
    address = f"#{node.get('id')}"
    link = element("a", href=address)
    if (caption := caption_of(node)) is not None:
        words = _words(caption)
        for part in (words.text or "", *contents(words)):
            append(link, part)
    return element(
        "p",
        link,
        " ",
        element("a", class_=vocabulary.PAGE_REF, href=address),
        class_=vocabulary.ENTRY,
    )


def _words(caption: Element) -> Element:
    """Return a copy of a caption for use in a link: without notes, ids and links."""
    words = deepcopy(caption)
    for parent, node in reversed(list(walk(words))):
        node.attrib.pop("id", None)
        if is_note_call(node):
            replace(parent, node)
        elif node.tag == "a" or node.tag in BLOCK_ELEMENTS:
            unwrap(parent, node)
    return words
