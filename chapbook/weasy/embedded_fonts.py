"""Prepares the fonts that a PDF embeds: glyphs by number, and names from the fonts' bytes.

- In a CID-keyed font, a number in the text is a CID, and the font's charset maps it to a glyph
  (ISO 32000-1, 9.7.4.2). WeasyPrint writes glyph numbers instead, so readers that follow the
  standard, such as MuPDF, find no glyph. The charset therefore becomes the identity.
- Tables that only shaping reads are removed: versions of HarfBuzz write them differently (GDEF).
"""

from __future__ import annotations

import io
from hashlib import sha256

_UNREAD = frozenset({"GDEF", "STAT"})
_TAG_LETTERS = 6  # ISO 32000-1, 9.6.4


def subset_tag(content: bytes) -> str:
    """Return the six letters that name the subset with the bytes *content* (ISO 32000-1, 9.6.4).

    >>> subset_tag(b"glyphs")
    'ETRXGA'
    """
    return "".join(chr(ord("A") + byte % 26) for byte in sha256(content).digest()[:_TAG_LETTERS])


def for_pdf(content: bytes) -> bytes:
    """Return the font *content* for a PDF, without tables that only shaping and styling read.

    If the font is CID-keyed, each glyph's CID becomes the glyph's number.
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
