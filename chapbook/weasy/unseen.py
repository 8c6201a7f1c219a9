"""Characters that show nothing, but for which Pango shows the box of a missing glyph.

Pango leaves spaces and format characters to the face of the text before them, and HarfBuzz then
sets them without a glyph of their own. The fillers of Hangul, line separators and the space of
Ogham (U+1680) are not treated so: the PDF would refer to .notdef (ISO 19005-3, 6.2.11.8). Each is
replaced by a character that means the same to a reader and needs no glyph.
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
    """Replace in the text of *tree*, in place, what shows nothing by what needs no glyph.

    Each replacement is one character, and white space where the replaced one is: places in the
    text stay what they were.
    """
    for node in tree.iter():
        node.text, node.tail = _replaced(node.text), _replaced(node.tail)


def _replaced(text: str | None) -> str | None:
    return _REPLACED.sub(lambda match: _REPLACEMENTS[match[0]], text) if text else text
