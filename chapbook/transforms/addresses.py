"""Marks addresses and file names, which are never hyphenated (Chicago Manual of Style, 7.46)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.document import Document
from chapbook.model.dom import add_class
from chapbook.transforms.marking import mark_runs

# A character of an address: no space, dash, quotation mark, bracket of markup, and no Chinese.
_C = r"[^\s\u2013\u2014\u201c-\u201f\u00ab\u00bb\u2039\u203a<>\"\u2e80-\uffef]"
_ADDRESS = re.compile(
    rf"""
    (?<![\w/@.\\-])
    (?: (?i:[a-z][a-z\d+.-]*://){_C}+                       # https://example.org/
      | (?i:mailto|doi|urn|hdl|arxiv):(?=\w){_C}+           # doi:10.1000/182
      | (?i:www)\.{_C}+
      | 10\.\d{{4,9}}/{_C}+                                 # 10.1000/182
      | [\w.+-]+@[\w-]+(?:\.[\w-]+)+                        # name@example.org
      | [A-Za-z]:\\{_C}+ | \\\\\w{_C}+                      # C:\folder\file
      | (?:~|\.\.?)/\w{_C}* | /\w[\w.-]*/{_C}*              # ~/folder, ../folder, /usr/lib
      | [\w.-]+/[\w.-]+/{_C}*                               # folder/folder/file
      | [\w-]+(?:\.[\w-]+)+/{_C}+                           # example.org/page
      | [\w-]+/[\w-]+\.\w+                                  # folder/file.txt
      | [\w-]{{2,}}(?:\.[\w-]+)*\.(?:[a-z][a-z\d]{{0,4}}|[A-Z][A-Z\d]{{1,4}})(?!\w)  # file.txt
      | \w*[^\W_]_[^\W_]\w*                                 # file_name
    )
    (?<![.,;:!?'\u2019\u2026)\]}}])                         # the end of a sentence is left out
    """,
    re.VERBOSE,
)
_SET_APART = frozenset("code pre kbd samp math".split())


def mark_addresses(document: Document) -> Document:
    """Mark addresses and file names with the class `cb-address`; no letter changes."""
    for tree in (document.body, *(note.body for note in document.notes)):
        mark_in(tree)
    return document


def mark_in(tree: Element) -> None:
    """Mark the addresses in *tree*: a link to itself by its class, others by a span."""
    for link in tree.iter("a"):
        if _is_its_own_address(link):
            add_class(link, vocabulary.ADDRESS)
    mark_runs(tree, _addresses, vocabulary.ADDRESS, _is_set_apart)


def _addresses(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _ADDRESS.finditer(text) if re.search(r"[^\W\d_]", match[0]))


def _is_its_own_address(link: Element) -> bool:
    words = link.get("class", "").split()
    return not len(link) and bool(
        vocabulary.OWN_ADDRESS in words or _ADDRESS.fullmatch((link.text or "").strip())
    )


def _is_set_apart(node: Element) -> bool:
    return node.tag in _SET_APART or vocabulary.ADDRESS in node.get("class", "").split()
