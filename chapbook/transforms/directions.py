"""Marks passages in a language of the other direction, as HTML requires.

The Unicode algorithm orders characters, but not elements. With `lang` alone, an English sentence
with a word in italics would run backwards in an Arabic one (HTML 3.2.6.4).
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from chapbook.lang.direction import is_right_to_left
from chapbook.model.document import Document


def set_directions(document: Document) -> Document:
    """Set `dir` on each element whose `lang` has another direction than the text around it."""
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
