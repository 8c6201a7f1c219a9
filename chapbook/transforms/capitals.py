"""Marks words in capitals, which have their own letter-spacing and are never hyphenated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.document import Document
from chapbook.model.dom import classes
from chapbook.transforms.marking import mark_runs

# Three capitals or more, also with digits and inner points: UNIFIL, COVID-19, U.S.A.
_CAPITALS = re.compile(r"(?<!\w)[^\W\d_](?:[^\W\d_]|[\d.&-](?=\w)){2,}(?!\w)")
_SET_APART = frozenset("code pre kbd samp math h1 h2 h3 h4 h5 h6 abbr".split())
_SET_ALREADY = frozenset({vocabulary.CAPS, "smallcaps", vocabulary.ADDRESS})


def set_capitals(document: Document) -> Document:
    """Mark the acronyms of running text as `span class="cb-caps"`; no letter changes."""
    for tree in (document.body, *(note.body for note in document.notes)):
        mark_runs(tree, _acronyms, vocabulary.CAPS, _is_set_apart)
    return document


def _acronyms(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _CAPITALS.finditer(text) if match[0].isupper())


def _is_set_apart(node: Element) -> bool:
    return node.tag in _SET_APART or not _SET_ALREADY.isdisjoint(classes(node))
