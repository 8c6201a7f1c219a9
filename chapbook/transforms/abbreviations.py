"""Abbreviations: what they stand for, which authors say once, in lines such as `*[WHO]: World …`.

pandoc takes those lines out of the text and keeps nothing of them (PHP Markdown Extra's syntax, its
extension `abbreviations`), so they are read from the manuscript. An empty `::: abbreviations`
becomes their list, for those who read on paper.
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
    """Give every abbreviation its expansion, and tell of those that nobody uses."""
    known = definitions(document.manuscript)
    if not known:
        return document
    marker = _Marker({short: each.long for short, each in known.items()})
    for tree in (document.body, *(note.body for note in document.notes)):
        marker.mark(tree)
    listed = False
    for parent, node in list(walk(document.body)):
        if node.tag == "div" and LIST in classes(node) and not len(node):
            replace(parent, node, _list(known, document.metadata.lang))
            listed = True
    unused = [] if listed else [known[short] for short in known if short not in marker.met]
    findings = map(_unused, unused)
    return with_changes(document, findings=(*document.findings, *findings))


@dataclass(frozen=True, slots=True)
class Definition:
    """An abbreviation, what it stands for, and where that is said."""

    short: str
    long: str
    offset: int
    manuscript: Manuscript


def definitions(manuscript: Manuscript) -> Mapping[str, Definition]:
    """The abbreviations that *manuscript* defines; the last definition of one counts."""
    if "*[" not in manuscript.text:
        return {}
    return {
        found["short"]: Definition(found["short"], found["long"], found.start(), manuscript)
        for found in _DEFINITION.finditer(without_code(manuscript.text))
    }


def _unused(definition: Definition) -> Finding:
    told = (
        f"the abbreviation “{definition.short}” is not used, so nobody reads what it stands for: "
        f"use it, take the line away, or list all with an empty ::: {LIST}"
    )
    where = Places(definition.manuscript).at(definition.offset)
    return warning(Code.ABBREVIATION_UNUSED, told, where)


def _list(known: Mapping[str, Definition], lang: str) -> Element:
    entries = []
    for short in sorted(known, key=lambda short: sort_key(short, lang)):
        entries += [element("dt", short), element("dd", known[short].long)]
    return element("dl", *entries, class_=LIST)


class _Marker:
    """Puts an `abbr` around every abbreviation, longer ones first, whole words only."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known
        longest_first = sorted(known, key=lambda short: (-len(short), short))
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
        self.met: set[str] = set()

    def mark(self, node: Element) -> None:
        if node.tag in _SET_APART:
            self.met.update(self._pattern.findall("".join(node.itertext())))
            return
        for child in list(node):
            self.mark(child)
            self._put(node, child)
        self._put(node, None)

    def _put(self, node: Element, before: Element | None) -> None:
        """Mark the abbreviations of the text after the child *before*, or of the first text."""
        text = (node.text if before is None else before.tail) or ""
        parts = list(self._parted(text))
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

    def _parted(self, text: str) -> Iterator[Element | str]:
        start = 0
        for found in self._pattern.finditer(text):
            yield text[start : found.start()]
            self.met.add(found[0])
            caps = found[0].isupper() and len(found[0]) >= _FEWEST_CAPITALS
            yield element(
                "abbr",
                found[0],
                title=self._known[found[0]],
                class_=vocabulary.CAPS if caps else None,
            )
            start = found.end()
        yield text[start:]
