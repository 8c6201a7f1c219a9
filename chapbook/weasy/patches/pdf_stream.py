"""Patch of `weasyprint.pdf.stream`: fonts are numbered in the order of their first use.

WeasyPrint names a font in page streams by a digest of Pango's description of it, which differs
between versions of Pango.
"""

from __future__ import annotations

from typing import Any

from chapbook.model.patching import Patch


def _add_font_with(original: Any) -> Any:
    def add_font(stream: Any, pango_font: Any) -> Any:
        fonts = stream._fonts  # noqa: SLF001 - it has no other name
        count = len(fonts)
        font, size = original(stream, pango_font)
        if len(fonts) > count:
            font.hash = f"F{count}"
        return font, size

    return add_font


PATCHES = (
    Patch(
        "weasyprint.pdf.stream:Stream",
        "add_font",
        _add_font_with,
        reported="not reported (https://github.com/Kozea/WeasyPrint/issues/1553 is similar)",
        written_for={"weasyprint.pdf.stream:Stream.add_font": "e4226e1117477217"},
    ),
)
