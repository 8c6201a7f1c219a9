"""The index: collects the terms that authors mark, `[word]{.index}`, and lists their pages.

A term is listed by its own words, or by `entry="Stuart, Mary"`; `!` separates an entry from those
below it, as in makeindex. `see` and `see-also` refer to other entries, `range="start"` and
`range="end"` enclose pages, and `sort` is the text to sort an entry by.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from copy import deepcopy
from dataclasses import replace as with_changes
from itertools import count
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.document import Document
from chapbook.model.dom import classes, element, is_note_call, replace, text_of, unwrap, walk
from chapbook.model.errors import Code, Finding, Place, warning
from chapbook.reading.source_positions import Places
from chapbook.transforms.index_tree import Entry, Locator, index_list, place_index

_NAMELESS = (r"\[\s*\]\{\s*\.index\s*\}", r"\[\s*\]\{[^}]*\.index")
_DATA = ("entry", "see", "see-also", "range", "sort")


def make_index(document: Document) -> Document:
    """Give every term an id, and list all terms in an index."""
    top = Entry(Element("span"), "")
    findings: list[Finding] = []
    places = Places(document.manuscript)
    taken = {node.get("id") for tree in _trees(document) for node in tree.iter()}
    names = free_names("idx", taken)
    for term in list(_terms(document)):
        findings += _take(term, top, names, places)
    for tree in _trees(document):
        for node in tree.iter():
            for name in _DATA:
                node.attrib.pop(f"data-{name}", None)
    if top.entries:
        findings += _unclosed(top, document)
        entry_names = free_names("entry", taken)
        listed, lost = index_list(top, document.words, document.metadata.lang, entry_names)
        findings += (_lost(path, places) for path in lost)
        place_index(document.body, listed, document.words)
    return with_changes(document, findings=(*document.findings, *findings))


def free_names(stem: str, taken: Container[str | None]) -> Iterator[str]:
    """Yield names such as "idx-1" and "idx-2" that are not in *taken*."""
    return (name for number in count(1) if (name := f"{stem}-{number}") not in taken)


def _trees(document: Document) -> Iterator[Element]:
    yield document.body
    yield from (note.body for note in document.notes)


def _terms(document: Document) -> Iterator[Element]:
    """Yield the terms in the order of the text; those of a note come at its call."""
    notes = {note.ref_id: note.body for note in document.notes}
    for node in document.body.iter():
        if node.tag == "span" and "index" in classes(node):
            yield node
        elif node.tag == "a" and node.get("id") in notes and is_note_call(node):
            body = notes.pop(node.get("id", ""))
            yield from (term for term in body.iter("span") if "index" in classes(term))


def _take(term: Element, top: Entry, names: Iterator[str], places: Places) -> Iterator[Finding]:
    """Add *term* to its entry, and make it a place that the entry links to."""
    path = [part for part in map(str.strip, term.get("data-entry", "").split("!")) if part]
    label = _label(term)
    words = text_of(label)
    if not path and not words:
        message = 'a term of the index has no words: write [word]{.index} or entry="word"'
        yield warning(Code.INDEX_ENTRY, message, places.matching(*_NAMELESS))
        return
    entry = _entry_at(top, path, label, term.get("data-sort"))
    place = _place(term, next(names))
    entry.see += _targets(term, "see")
    entry.see_also += _targets(term, "see-also")
    if not entry.see or words:
        yield from _locate(entry, place, term.get("data-range", ""), places)


def _targets(term: Element, name: str) -> list[str]:
    return [part for part in map(str.strip, term.get(f"data-{name}", "").split(";")) if part]


def _entry_at(top: Entry, path: list[str], label: Element, sort: str | None) -> Entry:
    """Return the entry at *path*, or with *label* if *path* is empty; make it if it is new."""
    labels = [element("span", part) for part in path] or [label]
    entry = top
    for shown in labels:
        words = text_of(shown)
        child = entry.entries.setdefault(words.casefold(), Entry(shown, words))
        if words[:1].islower():
            child.label, child.sort = shown, words  # the form within a sentence
        entry = child
    entry.sort = sort or entry.sort
    return entry


def _label(term: Element) -> Element:
    """Return a copy of the words of *term* with their emphasis, for the index."""
    label = deepcopy(term)
    label.tail = None
    label.attrib.clear()
    for parent, node in list(walk(label)):
        if is_note_call(node):
            replace(parent, node)
        elif node.tag in {"a", "span"}:
            unwrap(parent, node)
        else:
            node.attrib.pop("id", None)
    return label


def _place(term: Element, name: str) -> str:
    """Give *term* the id *name*; if its author gave it an id, keep both."""
    others = [other for other in classes(term) if other != "index"]
    if "id" not in term.attrib:
        term.set("id", name)
        term.set("class", " ".join([vocabulary.INDEX_TERM, *others]))
        return name
    place = element("span", class_=vocabulary.INDEX_TERM, id=name)
    place.tail, term.text = term.text, None
    term.insert(0, place)
    term.set("class", " ".join(others))
    return name


def _locate(entry: Entry, name: str, kind: str, places: Places) -> Iterator[Finding]:
    """Add the place *name* to *entry*: a single place, or the beginning or end of a range."""
    waiting = next((locator for locator in entry.locators if locator.is_open), None)
    if kind == "end" and waiting is not None:
        waiting.end, waiting.is_open = name, False
        return
    if kind == "end":
        message = f"the range of “{text_of(entry.label)}” in the index ends before it begins"
        yield warning(Code.INDEX_ENTRY, message, _of_range(entry, "end", places))
    entry.locators.append(Locator(name, is_open=kind == "start"))


def _unclosed(top: Entry, document: Document) -> Iterator[Finding]:
    for entry in top.entries.values():
        if any(locator.is_open for locator in entry.locators):
            message = f"the range of “{text_of(entry.label)}” in the index begins and never ends"
            where = _of_range(entry, "start", Places(document.manuscript))
            yield warning(Code.INDEX_ENTRY, message, where)
        yield from _unclosed(entry, document)


def _of_range(entry: Entry, which: str, places: Places) -> Place:
    """Return the place of the beginning or the end of a range of *entry* in the manuscript."""
    mark = rf"range=\W?{which}"
    words = re.escape(text_of(entry.label))
    return places.matching(
        rf"\[[^\]]*{words}[^\]]*\]\{{[^}}]*{mark}",
        rf"{words}[^}}]*{mark}",
        rf"{mark}[^}}]*{words}",
        mark,
    )


def _lost(path: str, places: Places) -> Finding:
    message = f"the index has no entry “{path}”, which a “see” names; only its words are printed"
    return warning(Code.INDEX_ENTRY, message, places.matching(r"see(?:-also)?=[^}]*", path))
