"""Leaves out the passages that the author wants in some formats only.

They are numbered, paginated and linked as if every format had them, so that the formats agree on
every number. They have an attribute from our filter (`chapbook.reading.lua_hidden_content`).
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
"""The family of the formats that are made from the pages."""


def for_format(publication: Publication, family: str) -> Publication:
    """Return *publication* as the formats of *family* show it."""
    document = publication.document
    trees = (document.body, *(note.body for note in document.notes))
    if not any(_FORMATS in node.attrib for tree in trees for node in tree.iter()):
        return publication
    body = deepcopy(document.body)
    for number, node in enumerate(body.iter()):
        node.set(NUMBER, str(number))  # numbered as in layout, where the text is whole
    _keep(body, family)
    if family != PRINTED:
        for node in body.iter():
            del node.attrib[NUMBER]
    return with_changes(publication, document=_settled(document, body, family))


def _settled(document: Document, body: Element, family: str) -> Document:
    """Return *document* with *body*, and only the notes and images that *body* refers to."""
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
    """Remove from *tree* what *family* does not show."""
    for parent, node in reversed(list(walk(tree))):
        formats = node.attrib.pop(_FORMATS, None)
        if formats is None or family in formats.split():
            continue
        # The marker of a page that begins in a removed passage stays.
        marks = [deepcopy(inner) for inner in node.iter() if is_page_break(inner)]
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
    """Move the rest of a section that lost its heading to the end of the section before it."""
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
    """Replace each link to something that is not shown by its text."""
    whole = (document.body, *(note.body for note in document.notes))
    known = {node.get("id") for tree in whole for node in tree.iter()}
    remaining = {node.get("id") for tree in trees for node in tree.iter()}
    dead = {f"#{name}" for name in known - remaining}
    for tree in trees:
        for parent, node in list(walk(tree)):
            if node.tag == "a" and node.get("href") in dead:
                unwrap(parent, node)
