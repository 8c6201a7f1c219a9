"""Replaces invisible characters for which Pango shows the box of a missing glyph.

Pango gives spaces and format characters the face of the text before them, and HarfBuzz then sets
them without a glyph. It does not do so for Hangul fillers, line separators and the Ogham space
(U+1680), so the PDF would refer to .notdef (ISO 19005-3, 6.2.11.8). Each of these is replaced by a
character that means the same to a reader and needs no glyph.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

_WORD_JOINER, _SPACE = "\u2060", "\u2005"
_REPLACEMENTS = {
    **dict.fromkeys("\u115f\u1160\u3164\uffa0", _WORD_JOINER),
    **dict.fromkeys("\u1680\u2028\u2029", _SPACE),
}
_REPLACED = re.compile(f"[{''.join(_REPLACEMENTS)}]")


def replace_unseen(tree: Element) -> None:
    """Replace invisible characters in *tree*, in place, by characters that need no glyph.

    Each replacement is one character, and white space if the replaced one is, so positions in the
    text do not change.
    """
    for node in tree.iter():
        node.text, node.tail = _replaced(node.text), _replaced(node.tail)


def _replaced(text: str | None) -> str | None:
    return _REPLACED.sub(lambda match: _REPLACEMENTS[match[0]], text) if text else text
