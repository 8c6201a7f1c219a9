"""The class names of pandoc's HTML: authors' own stay, pandoc's become ours, `cb-` is stripped.

Authors may give any class to anything, and pandoc gives classes too, without a prefix. What pandoc
alone writes is recognized by more than its class: by its role, its id, its place or its content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.dom import BLOCK_ELEMENTS, classes

_OF_REFERENCES = frozenset(
    "references hanging-indent csl-bib-body csl-entry csl-left-margin csl-right-inline csl-block "
    "csl-indent".split()
)
_LISTED = {"csl-bib-body": "list", "csl-entry": "listitem"}  # pandoc's roles for these classes
_TYPED = re.compile(r"(\$\$?).*\1", re.DOTALL)  # a formula that pandoc could not convert
_EQUATION_ID = re.compile(r"eq[-:].+")


def settle_classes(root: Element) -> None:
    """Leave in *root*, a page of pandoc's, no `cb-` class but those that mark what pandoc made."""
    nodes = list(root.iter())
    for node in nodes:
        _set(node, (name for name in classes(node) if not vocabulary.is_ours(name)))
    for node in nodes:
        if node.tag == "a":
            _mark_link(node)
        elif node.tag == "span" and _is_typed_formula(node):
            _mark(node, "math", "inline", "display")
        elif node.tag == "div":
            _mark_div(node)
    _mark_notes(root.find("body"))


def _set(node: Element, names: Iterable[str]) -> None:
    if "class" in node.attrib:
        node.set("class", " ".join(names))
        if not node.get("class"):
            del node.attrib["class"]


def _mark(node: Element, *names: str) -> None:
    """Give those classes of *node* that are among *names* our prefix."""
    _set(node, (f"{vocabulary.PREFIX}{each}" if each in names else each for each in classes(node)))


def _mark_link(link: Element) -> None:
    """Mark the call of a note, and a link whose words are its address."""
    number = link.get("id", "").removeprefix("fnref")
    is_call = link.get("role") == "doc-noteref" and link.get("href") == f"#fn{number}"
    if is_call and number.isdecimal():
        _mark(link, "footnote-ref")
    address = unquote(link.get("href", "")).removeprefix("mailto:")
    if not len(link) and address == unquote(link.text or ""):
        _set(
            link,
            (
                vocabulary.OWN_ADDRESS if each in ("uri", "email") else each
                for each in classes(link)
            ),
        )


def _is_typed_formula(span: Element) -> bool:
    return not len(span) and _TYPED.fullmatch(span.text or "") is not None


def _mark_div(div: Element) -> None:
    names = classes(div)
    if div.get("id") == "refs" and "csl-bib-body" in names:
        for node in div.iter():
            _mark(node, *_OF_REFERENCES)
        return
    if any(div.get("role") == role and name in names for name, role in _LISTED.items()):
        del div.attrib["role"]  # an author's own class: it is not a list of references
    if "equation" in names and _is_labeled_formula(div):
        _mark(div, "equation")
    if "line-block" in names and not any(child.tag in BLOCK_ELEMENTS for child in div):
        _mark(div, "line-block")


def _is_labeled_formula(div: Element) -> bool:
    """Return whether *div* is a formula with a label, from `chapbook.reading.lua_filters`."""
    formulas = [node for node in div.iter() if _local(node) == "math" or _is_typed_formula(node)]
    return len(formulas) == 1 and _EQUATION_ID.fullmatch(div.get("id", "")) is not None


def _local(node: Element) -> str:
    name: object = node.tag  # a comment's is not text
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def _mark_notes(body: Element | None) -> None:
    """Mark the notes, with which pandoc ends the text, and their links back."""
    last = body[-1] if body is not None and len(body) else None
    if last is None or last.tag != "section" or last.get("role") != "doc-endnotes":
        return
    if last.get("id") == "footnotes" and "footnotes-end-of-document" in classes(last):
        _mark(last, "footnotes")
        for link in last.iter("a"):
            if link.get("role") == "doc-backlink":
                _mark(link, "footnote-back")
