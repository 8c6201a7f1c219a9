"""Citations: links them to the list of references, and its entries back to their pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace as with_changes
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.document import Document
from chapbook.model.dom import BLOCK_ELEMENTS, HEADINGS, append, classes, element, unwrap, walk
from chapbook.model.errors import Code, Finding, warning
from chapbook.reading.source_positions import Places

_LIST = "refs"  # pandoc's id for the list of references
_ENTRY = "ref-"
_CITES = "data-cites"
_BACK = "↑"


def cite(document: Document) -> Document:
    """Link citations and references both ways, and give the references their own section."""
    body = document.body
    trees = [body, *(note.body for note in document.notes)]
    findings = [finding for tree in trees for finding in _unwrap_citations(tree, document)]
    entries = {
        node.get("id", "").removeprefix(_ENTRY): node
        for node in body.iter("div")
        if node.get("id", "").startswith(_ENTRY) and vocabulary.CSL_ENTRY in classes(node)
    }
    back: dict[str, list[str]] = {}
    for tree in trees:
        _link(tree, entries, back)
    for key, names in back.items():
        _lead_back(entries[key], names, document.words["list-separator"])
    for node in [div for div in body.iter("div") if div.get("id") == _LIST]:
        for part in (node, *node):
            part.attrib.pop("role", None)  # not a list in ARIA: it also contains page markers
        if vocabulary.REFERENCES in classes(node):
            _head(document, node)
    return with_changes(document, findings=(*document.findings, *findings))


def _unwrap_citations(tree: Element, document: Document) -> Iterator[Finding]:
    """Remove pandoc's spans; a citation that is in no bibliography stays as it was written."""
    for parent, node in list(walk(tree)):
        keys = node.attrib.pop(_CITES, "").split()
        if not keys or node.tag != "span":
            continue
        if f"@{keys[0]}" in "".join(node.itertext()):
            message = f"“@{keys[0]}” is not defined; set bibliography: in the front matter block"
            where = Places(document.manuscript).of(f"@{keys[0]}")
            yield warning(Code.CITATION_MISSING, message, where)
        unwrap(parent, node)


def _link(tree: Element, entries: Mapping[str, Element], back: dict[str, list[str]]) -> None:
    """Give each paragraph's first citation of a work an id, for *back*; unlink unknown works."""
    blocks = {tree: tree}
    seen: set[tuple[Element, str]] = set()
    for parent, node in list(walk(tree)):
        blocks[node] = node if node.tag in BLOCK_ELEMENTS else blocks[parent]
        target = node.get("href", "")
        if node.tag != "a" or not target.startswith(f"#{_ENTRY}"):
            continue
        key = target[1:].removeprefix(_ENTRY)
        if key not in entries:
            if node.get("role") == "doc-biblioref":
                unwrap(parent, node)
            continue
        node.set("role", "doc-biblioref")
        if (blocks[node], key) not in seen and "id" not in node.attrib:
            seen.add((blocks[node], key))
            name = re.sub(r"[^\w.-]", "-", key)  # as in its id
            back.setdefault(key, []).append(f"cite-{name}-{len(back.get(key, ())) + 1}")
            node.set("id", back[key][-1])


def _lead_back(entry: Element, names: list[str], comma: str) -> None:
    """Add the pages on which it is cited to the end of *entry*."""
    last = entry[-1] if len(entry) and entry[-1].tag in BLOCK_ELEMENTS else entry
    append(last, " ")
    links = element("span", f"{_BACK} ", class_=vocabulary.BACKLINKS)
    for number, name in enumerate(names):
        link = element("a", class_=vocabulary.PAGE_REF, href=f"#{name}")
        links.append(element("span", comma if number else "", link, class_=vocabulary.LOCATOR))
    last.append(links)


def _head(document: Document, references: Element) -> None:
    """Put *references* below a heading: the author's, or ours at the end of the text."""
    body = document.body
    parents = {child: parent for parent in body.iter() for child in parent}
    section = parents[references]
    index = list(section).index(references)
    if index and section[index - 1].tag in HEADINGS:
        if len(section) == 2 and section.tag == "section":
            section.set("role", "doc-bibliography")
        return
    node = references
    while node is not body:
        if parents[node][-1] is not node or (node.tail or "").strip():
            return
        node = parents[node]
    section.remove(references)
    names = "unnumbered backmatter" if document.metadata.documentclass == "book" else "unnumbered"
    heading = element("h2", document.words["references"])
    new_section = element(
        "section", heading, references, class_=names, id="references", data_depth="1"
    )
    new_section.set("role", "doc-bibliography")
    body.append(new_section)
