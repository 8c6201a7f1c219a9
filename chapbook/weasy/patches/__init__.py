"""Patches of WeasyPrint: a file for each of its modules, named after it.

Each file says what is wrong in WeasyPrint 70, and how the patch corrects it.
`tests/test_patches.py` fails when the patched code changes, and when a patch is no longer needed.
"""

from __future__ import annotations

from chapbook.model.patching import Patches
from chapbook.weasy.patches import (
    draw_text,
    images,
    layout,
    layout_inline,
    pdf_fonts,
    pdf_stream,
    pdf_tags,
    svg,
    text_line_break,
)

VERSION = "70.0"
"""The version of WeasyPrint that the patches were written for."""

PATCHES = Patches(
    *draw_text.PATCHES,
    *images.PATCHES,
    *layout.PATCHES,
    *layout_inline.PATCHES,
    *pdf_fonts.PATCHES,
    *pdf_stream.PATCHES,
    *pdf_tags.PATCHES,
    *svg.PATCHES,
    *text_line_break.PATCHES,
)

patched = PATCHES.on
"""The context in which WeasyPrint lays out and writes."""
