"""Passages in a language of the other direction say so, as readers of HTML have to be told.

The Unicode algorithm orders characters, but not the elements among them: `lang` alone would let
an English sentence with a word in italics run backwards in an Arabic one (HTML 3.2.6.4).
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from chapbook.lang.direction import is_right_to_left
from chapbook.model.document import Document


def set_directions(document: Document) -> Document:
    """Give `dir` to each element whose `lang` is written the other way than what is around it."""
    for tree in (document.body, *(note.body for note in document.notes)):
        _set_within(tree, document.metadata.direction)
    return document


def _set_within(node: Element, around: str) -> None:
    direction = node.get("dir")
    if direction is None and (lang := node.get("lang")):
        direction = "rtl" if is_right_to_left(lang) else "ltr"
        if direction != around:
            node.set("dir", direction)
    for child in node:
        _set_within(child, around if direction in {None, "auto"} else str(direction))
