"""Abbreviations: marks them with their expansions, which authors write once: `*[WHO]: World …`.

pandoc removes those lines (PHP Markdown Extra's syntax, its extension `abbreviations`), so they are
read from the manuscript. An empty `::: abbreviations` becomes a list of them, for readers on paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import replace as with_changes
from xml.etree.ElementTree import Element

from chapbook.lang.collation import sort_key
from chapbook.model import vocabulary
from chapbook.model.document import Document, Manuscript
from chapbook.model.dom import classes, element, replace, walk
from chapbook.model.errors import Code, Finding, warning
from chapbook.reading.source_positions import Places, without_code

LIST = "abbreviations"
_DEFINITION = re.compile(
    r"^[ ]{0,3}\*\[(?P<short>[^\]\n]+)\]:[ \t]*(?P<long>\S.*?)[ \t]*$", re.MULTILINE
)
_SET_APART = frozenset("abbr code pre kbd samp math h1 h2 h3 h4 h5 h6 dt".split())
_FEWEST_CAPITALS = 3  # as in chapbook.transforms.capitals, which sets words alike


def expand_abbreviations(document: Document) -> Document:
    """Give every abbreviation its expansion, and report those that are not used."""
    defined = definitions(document.manuscript)
    if not defined:
        return document
    marker = _Marker({short: definition.long for short, definition in defined.items()})
    for tree in (document.body, *(note.body for note in document.notes)):
        marker.mark(tree)
    listed = False
    for parent, node in list(walk(document.body)):
        if node.tag == "div" and LIST in classes(node) and not len(node):
            replace(parent, node, _list(defined, document.metadata.lang))
            listed = True
    unused = [] if listed else [defined[short] for short in defined if short not in marker.found]
    findings = map(_unused, unused)
    return with_changes(document, findings=(*document.findings, *findings))


@dataclass(frozen=True, slots=True)
class Definition:
    """An abbreviation, its expansion, and the position of its definition."""

    short: str
    long: str
    offset: int
    manuscript: Manuscript


def definitions(manuscript: Manuscript) -> Mapping[str, Definition]:
    """Return the abbreviations that *manuscript* defines, each by its last definition."""
    if "*[" not in manuscript.text:
        return {}
    return {
        match["short"]: Definition(match["short"], match["long"], match.start(), manuscript)
        for match in _DEFINITION.finditer(without_code(manuscript.text))
    }


def _unused(definition: Definition) -> Finding:
    message = (
        f"the abbreviation “{definition.short}” is not used, so readers do not see its meaning: "
        f"use it, delete the line, or list all with an empty ::: {LIST}"
    )
    where = Places(definition.manuscript).at(definition.offset)
    return warning(Code.ABBREVIATION_UNUSED, message, where)


def _list(defined: Mapping[str, Definition], lang: str) -> Element:
    entries = []
    for short in sorted(defined, key=lambda short: sort_key(short, lang)):
        entries += [element("dt", short), element("dd", defined[short].long)]
    return element("dl", *entries, class_=LIST)


class _Marker:
    """Puts an `abbr` around every abbreviation, longer ones first, whole words only."""

    def __init__(self, expansions: Mapping[str, str]) -> None:
        self._expansions = expansions
        longest_first = sorted(expansions, key=lambda short: (-len(short), short))
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
        self.found: set[str] = set()

    def mark(self, node: Element) -> None:
        if node.tag in _SET_APART:
            self.found.update(self._pattern.findall("".join(node.itertext())))
            return
        for child in list(node):
            self.mark(child)
            self._put(node, child)
        self._put(node, None)

    def _put(self, node: Element, before: Element | None) -> None:
        """Mark the abbreviations of the text after the child *before*, or of the first text."""
        text = (node.text if before is None else before.tail) or ""
        parts = list(self._split(text))
        if len(parts) < 2:
            return
        index = 0 if before is None else list(node).index(before) + 1
        if before is None:
            node.text = ""
        else:
            before.tail = ""
        last = before
        for part in parts:
            if isinstance(part, Element):
                node.insert(index, part)
                index, last = index + 1, part
            elif last is None:
                node.text = part
            else:
                last.tail = part

    def _split(self, text: str) -> Iterator[Element | str]:
        start = 0
        for match in self._pattern.finditer(text):
            yield text[start : match.start()]
            self.found.add(match[0])
            caps = match[0].isupper() and len(match[0]) >= _FEWEST_CAPITALS
            yield element(
                "abbr",
                match[0],
                title=self._expansions[match[0]],
                class_=vocabulary.CAPS if caps else None,
            )
            start = match.end()
        yield text[start:]
