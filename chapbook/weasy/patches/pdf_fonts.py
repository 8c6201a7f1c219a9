"""Patch of `weasyprint.pdf.fonts`: embedded fonts are prepared for a PDF, and named by their bytes.

WeasyPrint 70 has three faults here:
- It writes text as glyph numbers, but embeds CID-keyed fonts unchanged, in which a number is a CID.
  It also keeps tables that only shaping reads, which versions of HarfBuzz write differently.
  `chapbook.weasy.embedded_fonts` corrects both.
- The tag of a subset is a digest of Pango's description of the font, which differs between versions
  of Pango. It becomes a digest of the embedded bytes.
- A glyph without its own text gets an empty one, which ToUnicode does not allow (ISO 19005-3,
  6.2.11.7). It becomes a word joiner.
"""

from __future__ import annotations

from typing import Any

from chapbook.model.patching import Patch
from chapbook.weasy.embedded_fonts import for_pdf, subset_tag

_WORD_JOINER = "\u2060"


def _clean_with(original: Any) -> Any:
    def clean(font: Any, to_unicode: dict[int, str], hinting: bool) -> None:
        for texts in (font.to_unicode, to_unicode):
            texts.update({glyph: _WORD_JOINER for glyph, text in texts.items() if not text})
        original(font, to_unicode, hinting)
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
