"""Compares the words before and after a transform with the effect that it declares."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from xml.etree.ElementTree import Element

from rapidfuzz.distance import Indel

from chapbook.model.document import Document
from chapbook.model.dom import classes, text_of
from chapbook.transforms.effects import Effect, Move, Removal, Source

_TOKEN = re.compile(r"\w+|[^\w\s]")
_NUMBER = re.compile(r"\d+[a-z]?|[A-Z]|[a-z]|[ivxlcdm]+|\W")


def unexplained(before: Document, after: Document, effect: Effect) -> list[str]:
    """Return a line for each kind of change between the two that *effect* does not explain.

    *before* and *after* have trees of their own. Formulas are left out.
    """
    old, new = _tokens(before), _tokens(after)
    gone: Counter[str] = Counter()
    come: Counter[str] = Counter()
    for step in Indel.opcodes(old, new):
        gone.update(old[step.src_start : step.src_end] if step.tag != "equal" else ())
        come.update(new[step.dest_start : step.dest_end] if step.tag != "equal" else ())
    moved = (gone & come) & _count(_MOVED[kind](before) for kind in effect.moves)
    lost = gone - moved - _count(_REMOVED[kind](before) for kind in effect.removes)
    known = {token for kind in effect.adds for token in _SOURCES[kind](before)}
    is_number = Source.NUMBERS in effect.adds
    added = {
        token
        for token in come - moved
        if token not in known and not (is_number and _NUMBER.fullmatch(token))
    }
    problems = [f"lost: {' '.join(sorted(lost.elements()))}"] if lost else []
    return problems + ([f"added: {' '.join(sorted(added))}"] if added else [])


def _tokens(document: Document) -> list[str]:
    trees = (document.body, *(note.body for note in document.notes))
    return [token for tree in trees for token in _TOKEN.findall(_text(tree))]


def _text(tree: Element) -> str:
    tree = deepcopy(tree)
    for formula in list(tree.iter("math")):
        tail = formula.tail
        formula.clear()
        formula.tail = tail
    return text_of(tree)


def _count(kinds: Iterable[Iterable[str]]) -> Counter[str]:
    return Counter(token for texts in kinds for text in texts for token in _TOKEN.findall(text))


def _titles(document: Document) -> Iterator[str]:
    """Yield the first heading if it has the letters of the title."""
    metadata = document.metadata
    titles = (metadata.title, f"{metadata.title} {metadata.subtitle}")
    heading = next((node for node in document.body.iter() if node.tag in _HEADINGS), None)
    if heading is not None and _letters(text_of(heading)) in map(_letters, titles):
        yield text_of(heading)


_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


def _letters(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _markers(document: Document) -> Iterator[str]:
    for quote in document.body.iter("blockquote"):
        if match := re.match(r"\s*\[!\w+\][+-]?", text_of(quote)):
            yield match[0]


def _back_links(document: Document) -> Iterator[str]:
    return (text_of(link) for link in document.body.iter("a") if text_of(link) == "↩\ufe0e")


def _asterisms(document: Document) -> Iterator[str]:
    trees = (document.body, *(note.body for note in document.notes))
    return ("⁂" for tree in trees for node in tree.iter("p") if text_of(node) == "⁂")


def _notes(document: Document) -> Iterator[str]:
    last = document.body[-1] if len(document.body) else None
    if last is not None and "footnotes" in " ".join(classes(last)):
        yield text_of(last)


def _feet(document: Document) -> Iterator[str]:
    return (_text(foot) for foot in document.body.iter("tfoot"))


def _references(document: Document) -> Iterator[str]:
    return (_text(node) for node in document.body.iter() if "references" in classes(node))


def _labels(document: Document) -> Iterator[str]:
    return (token for text in document.words.values() for token in _TOKEN.findall(text))


def _attributes(document: Document) -> Iterator[str]:
    trees = (document.body, *(note.body for note in document.notes))
    texts = (text for tree in trees for node in tree.iter() for text in node.attrib.values())
    return (token for text in texts for token in _TOKEN.findall(text))


def _definitions(document: Document) -> Iterator[str]:
    lines = re.findall(r"^ {0,3}\*\[.+\]:.+$", document.manuscript.text, re.MULTILINE)
    return (token for line in lines for token in _TOKEN.findall(line))


def _copies(document: Document) -> Iterator[str]:
    return iter(_tokens(document))


_Reader = Callable[[Document], Iterator[str]]
_REMOVED: dict[Removal, _Reader] = {
    Removal.REPEATED_TITLE: _titles,
    Removal.ADMONITION_MARKER: _markers,
    Removal.BACK_LINK: _back_links,
    Removal.ASTERISM: _asterisms,
}
_MOVED: dict[Move, _Reader] = {
    Move.NOTES: _notes,
    Move.TABLE_FOOT: _feet,
    Move.REFERENCES: _references,
}
_SOURCES: dict[Source, _Reader] = {
    Source.LABELS: _labels,
    Source.NUMBERS: lambda _: iter(()),
    Source.ATTRIBUTES: _attributes,
    Source.DEFINITIONS: _definitions,
    Source.COPIES: _copies,
}
