"""Patch of `weasyprint.pdf.fonts`: what is embedded is made for a PDF, and named by its bytes.

WeasyPrint 70 has three faults here:
- It shows text by glyph numbers, and embeds CID-keyed fonts as they are, in which a number stands
  for a CID. And it leaves tables in the font that only shaping reads, which versions of HarfBuzz
  write differently. `chapbook.weasy.embedded_fonts` puts both right.
- The tag of a subset is a digest of Pango's description of the font, which differs between versions
  of Pango. It becomes a digest of the embedded bytes.
- A glyph without a text of its own gets an empty text, which is no ToUnicode (ISO 19005-3,
  6.2.11.7). It becomes a word joiner.
"""

from __future__ import annotations

from typing import Any

from chapbook.model.patching import Patch
from chapbook.weasy.embedded_fonts import for_pdf, subset_tag

_WORD_JOINER = "\u2060"


def _clean_with(known: Any) -> Any:
    def clean(font: Any, to_unicode: dict[int, str], hinting: bool) -> None:
        for texts in (font.to_unicode, to_unicode):
            texts.update({glyph: _WORD_JOINER for glyph, text in texts.items() if not text})
        known(font, to_unicode, hinting)
        font.file_content = for_pdf(font.file_content)
        _, _, family = font.name.partition(b"+")
        font.name = b"/%s+%s" % (subset_tag(font.file_content).encode(), family)

    return clean


PATCHES = (
    Patch(
        "weasyprint.pdf.fonts:Font",
        "clean",
        _clean_with,
        reported="the empty texts: https://github.com/Kozea/WeasyPrint/issues/2841",
        written_for={
            "weasyprint.pdf.fonts:Font.clean": "794f0211f18453f1",
            "weasyprint.pdf.fonts:Font.__init__": "1f281166b10302a4",
        },
    ),
)
