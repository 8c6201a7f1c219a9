"""Footnotes: from pandoc's list at the end to values that each format places as it should."""

from __future__ import annotations

from dataclasses import replace as with_changes
from xml.etree.ElementTree import Element

from chapbook.document import Document, Note
from chapbook.dom import append, classes, contents, element, replace, unwrap, walk


def collect_notes(document: Document) -> Document:
    """Take the notes out of the tree and number their calls in the order of the text."""
    body = document.body
    bodies: dict[str, Element] = {}
    for parent, node in list(walk(body)):
        if node.tag == "section" and "footnotes" in classes(node):
            bodies = {f"#{item.get('id')}": item for item in node.iter("li") if item.get("id")}
            replace(parent, node)
            break
    if not bodies:
        return document
    notes: list[Note] = []
    for parent, call in list(walk(body)):
        item = bodies.get(call.get("href", "")) if call.tag == "a" else None
        if item is not None and "footnote-ref" in classes(call):
            made = Note(len(notes) + 1, _note_body(item))
            notes.append(made)
            replace(parent, call, _call(made))
    return with_changes(document, notes=tuple(notes))


def _call(made: Note) -> Element:
    return element("a", str(made.number), class_="noteref", id=made.ref_id, href=f"#{made.id}")


def _note_body(item: Element) -> Element:
    body = element("div", item.text or "", class_="note-body")
    for part in contents(item):
        append(body, part)
    for parent, node in list(walk(body)):
        if node.tag == "a" and "footnote-back" in classes(node):
            replace(parent, node)
        elif node.tag == "section":
            unwrap(parent, node)
    return body
