"""Footnotes: moves them from pandoc's list at the end into values of the document."""

from __future__ import annotations

from dataclasses import replace as with_changes
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.document import Document, Note
from chapbook.model.dom import append, classes, contents, element, replace, unwrap, walk


def collect_notes(document: Document) -> Document:
    """Move the notes out of the tree, and number their calls in the order of the text."""
    body = document.body
    section = notes_section(body)
    if section is None:
        return document
    bodies = {item.get("id"): item for item in section.iter("li")}
    replace(body, section)
    notes: list[Note] = []
    for parent, call in list(walk(body)):
        if (
            vocabulary.FOOTNOTE_REF in classes(call)
            and (item := bodies.pop(call.get("href", "")[1:], None)) is not None
        ):
            note = Note(len(notes) + 1, _note_body(item))
            notes.append(note)
            replace(parent, call, _call(note))
    return with_changes(document, notes=tuple(notes))


def notes_section(body: Element) -> Element | None:
    """Return pandoc's list of notes, if *body* ends with it; authors may use the same names."""
    last = body[-1] if len(body) else None
    if last is None or vocabulary.FOOTNOTES not in classes(last):
        return None
    return last


def _call(note: Note) -> Element:
    return element(
        "a", str(note.number), class_=vocabulary.NOTEREF, id=note.ref_id, href=f"#{note.id}"
    )


def _note_body(item: Element) -> Element:
    body = element("div", item.text or "", class_=vocabulary.NOTE_BODY)
    for part in contents(item):
        append(body, part)
    for parent, node in list(walk(body)):
        if node.tag == "a" and vocabulary.FOOTNOTE_BACK in classes(node):
            replace(parent, node)
        elif node.tag == "section":
            unwrap(parent, node)
    return body
