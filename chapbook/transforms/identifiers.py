"""Identifiers: makes them unique, valid in XML, and stable from one edition to the next."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.document import Document
from chapbook.model.dom import text_of

RESERVED = re.compile(
    r"(?:note|noteref|page|fig|contents|title|cover|nav|notes|main|text)(?:-\d+)?|page-[ivxlcdm]+"
)
"""Names that the formats use for their own parts."""

_NAME = re.compile(r"[^\W\d][\w.-]*")  # an XML name without colons (W3C Namespaces, NCName)


def settle_identifiers(document: Document) -> Document:
    """Give every section an id, make every id a unique XML name, and update the links."""
    taken: set[str] = set()
    renamed: dict[str, str] = {}
    trees = [document.body, *(note.body for note in document.notes)]
    for node in (node for tree in trees for node in tree.iter()):
        wanted = node.get("id")
        if wanted is None and node.tag == "section":
            wanted = slug(text_of(node[0])) if len(node) else "section"
        if wanted is None or _is_noteref(node):
            continue
        settled = _unique(_fit(wanted), taken)
        taken.add(settled)
        renamed.setdefault(wanted, settled)
        node.set("id", settled)
    for link in (link for tree in trees for link in tree.iter("a")):
        target = link.get("href", "")
        if target.startswith("#") and not _is_noteref(link):
            link.set("href", f"#{renamed.get(target[1:], target[1:])}")
    return document


def slug(text: str) -> str:
    """Return an id for a heading, as pandoc and GitHub make it.

    >>> slug("Grasping Security Assistance!")
    'grasping-security-assistance'
    """
    words = re.sub(r"[^\w\s.-]", "", text).strip().casefold()
    return re.sub(r"\s+", "-", words) or "section"


def _is_noteref(node: Element) -> bool:
    return node.tag == "a" and node.get("class") == vocabulary.NOTEREF


def _fit(name: str) -> str:
    name = re.sub(r"[^\w.-]", "-", name)
    if not _NAME.fullmatch(name) or RESERVED.fullmatch(name):
        name = f"s-{name}"
    return name


def _unique(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    number = 2
    while f"{name}-{number}" in taken:
        number += 1
    return f"{name}-{number}"
