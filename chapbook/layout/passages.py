"""Passages for some formats only: one document for all, of which each format leaves some out.

They are numbered, paged and linked as if every format had them, so that the formats agree on every
number; what names them is the attribute that our filter has left
(`chapbook.reading.lua_hidden_content`).
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace as with_changes
from xml.etree.ElementTree import Element

from chapbook.layout.formula_drawings import NUMBER
from chapbook.model.document import Document, Publication
from chapbook.model.dom import HEADINGS, append, contents, is_page_break, replace, unwrap, walk
from chapbook.reading.lua_hidden_content import FORMATS_KEY

_FORMATS = f"data-{FORMATS_KEY}"
PRINTED = "pdf"
"""The family of the formats that are made of the pages."""


def for_format(publication: Publication, family: str) -> Publication:
    """*publication* as the formats of *family* show it."""
    document = publication.document
    trees = (document.body, *(note.body for note in document.notes))
    if not any(_FORMATS in node.attrib for tree in trees for node in tree.iter()):
        return publication
    body = deepcopy(document.body)
    for number, node in enumerate(body.iter()):
        node.set(NUMBER, str(number))  # as layout counts them: pages begin in the whole text
    _keep(body, family)
    if family != PRINTED:
        for node in body.iter():
            del node.attrib[NUMBER]
    return with_changes(publication, document=_settled(document, body, family))


def _settled(document: Document, body: Element, family: str) -> Document:
    """*document* with *body*, the notes that are called in it and the images that are shown."""
    called = {node.get("href") for node in body.iter("a")}
    notes = [
        with_changes(note, body=deepcopy(note.body))
        for note in document.notes
        if f"#{note.id}" in called
    ]
    for note in notes:
        _keep(note.body, family)
    trees = (body, *(note.body for note in notes))
    _drop_dead_links(trees, document)
    shown = {image.get("src") for tree in trees for image in tree.iter("img")}
    assets = {href: asset for href, asset in document.assets.items() if href in shown}
    return with_changes(document, body=body, notes=tuple(notes), assets=assets)


def _keep(tree: Element, family: str) -> None:
    """Take what *family* does not show out of *tree*."""
    for parent, node in reversed(list(walk(tree))):
        formats = node.attrib.pop(_FORMATS, None)
        if formats is None or family in formats.split():
            continue
        # A page may begin in what is left out: its marker stays.
        marks = [deepcopy(each) for each in node.iter() if is_page_break(each)]
        for mark in marks:
            mark.tail = None
        if node.tag in HEADINGS and parent.tag == "section" and parent[0] is node:
            parent.remove(node)
            parent.set("data-headless", "")
        else:
            replace(parent, node, *marks)
    for parent, node in list(walk(tree)):
        if "data-headless" in node.attrib:
            _dissolve(parent, node)


def _dissolve(parent: Element, section: Element) -> None:
    """Put what is left of a section without its heading at the end of the one before it."""
    index = list(parent).index(section)
    before = parent[index - 1] if index else None
    if before is None or before.tag != "section":
        unwrap(parent, section)
        return
    parts = [section.text or "", *contents(section)]
    replace(parent, section)
    for part in parts:
        append(before, part)


def _drop_dead_links(trees: tuple[Element, ...], document: Document) -> None:
    """Leave links to what is not shown as words."""
    whole = (document.body, *(note.body for note in document.notes))
    known = {node.get("id") for tree in whole for node in tree.iter()}
    kept = {node.get("id") for tree in trees for node in tree.iter()}
    gone = {f"#{name}" for name in known - kept}
    for tree in trees:
        for parent, node in list(walk(tree)):
            if node.tag == "a" and node.get("href") in gone:
                unwrap(parent, node)
