"""The fonts that a PDF embeds: glyphs found by their numbers, and names made of their bytes.

WeasyPrint 70 has four faults here:
- It shows text by glyph numbers, and embeds CID-keyed fonts as they are. There a number stands for
  a CID, which the font's charset maps to a glyph (ISO 32000-1, 9.7.4.2): readers that follow this,
  such as MuPDF, find no glyph. So the charset becomes the identity.
- The tag of a subset and the font's name in page streams are digests of Pango's description of the
  font, which differs between versions of Pango. Tags become digests of the embedded bytes, and
  fonts are numbered in the order of their first use.
- Tables that only shaping reads stay in the font, and versions of HarfBuzz write them differently
  (GDEF). They are left out.
- A glyph without a text of its own gets an empty text, which is no ToUnicode (ISO 19005-3,
  6.2.11.7). It becomes a word joiner.
"""

from __future__ import annotations

import io
from hashlib import sha256
from typing import Any

_WORD_JOINER = "\u2060"
_UNREAD = frozenset({"GDEF", "STAT"})
_TAG_LETTERS = 6  # ISO 32000-1, 9.6.4


def mend_embedded_fonts(stream_class: Any, font_class: Any) -> None:
    """Patch WeasyPrint's classes of page streams and of fonts, once."""
    if font_class.clean.__module__ != __name__:
        font_class.clean = _clean_with(font_class.clean)
        stream_class.add_font = _add_font_with(stream_class.add_font)


def _clean_with(known: Any) -> Any:
    def clean(font: Any, to_unicode: dict[int, str], hinting: bool) -> None:
        for texts in (font.to_unicode, to_unicode):
            texts.update({glyph: _WORD_JOINER for glyph, text in texts.items() if not text})
        known(font, to_unicode, hinting)
        font.file_content = for_pdf(font.file_content)
        _, _, family = font.name.partition(b"+")
        font.name = b"/%s+%s" % (subset_tag(font.file_content).encode(), family)

    return clean


def _add_font_with(known: Any) -> Any:
    def add_font(stream: Any, pango_font: Any) -> Any:
        fonts = stream._fonts  # noqa: SLF001 - it has no other name
        count = len(fonts)
        font, size = known(stream, pango_font)
        if len(fonts) > count:
            font.hash = f"F{count}"
        return font, size

    return add_font


def subset_tag(content: bytes) -> str:
    """The six letters that name the subset with the bytes *content* (ISO 32000-1, 9.6.4).

    >>> subset_tag(b"glyphs")
    'ETRXGA'
    """
    return "".join(chr(ord("A") + byte % 26) for byte in sha256(content).digest()[:_TAG_LETTERS])


def for_pdf(content: bytes) -> bytes:
    """The font *content* as a PDF embeds it: without what only shaping and styling read.

    If it is CID-keyed, each glyph's CID becomes the glyph's number.
    """
    from fontTools.ttLib import TTFont

    with TTFont(io.BytesIO(content), lazy=True, recalcBBoxes=False, recalcTimestamp=False) as font:
        for table in _UNREAD & {*font.keys()}:
            del font[table]
        if "CFF " in font and hasattr(top := font["CFF "].cff.topDictIndex[0], "ROS"):
            # Set before the glyphs are read: fontTools names them by it.
            top.charset = [".notdef", *(f"cid{number:05}" for number in range(1, top.numGlyphs))]
        packed = io.BytesIO()
        font.save(packed, reorderTables=None)
    return packed.getvalue()
