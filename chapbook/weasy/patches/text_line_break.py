"""Patch of `weasyprint.text.line_break`: hyphenation by the patterns of the right region.

WeasyPrint uses Pyphen. For a tag without a region, Pyphen takes the first of its files: British
patterns for `en`, Austrian ones for `de`. If a break changes letters (Hungarian “asz-szony”),
WeasyPrint changes only the first part of the word. `chapbook.weasy.hyphenation` avoids both.
"""

from __future__ import annotations

from types import SimpleNamespace

from chapbook.model.patching import Patch
from chapbook.weasy.hyphenation import Hyphenator, patterns

PATCHES = (
    Patch(
        "weasyprint.text.line_break",
        "pyphen",
        lambda _: SimpleNamespace(language_fallback=patterns, Pyphen=Hyphenator),
        reported="not reported",
        written_for={"weasyprint.text.line_break:split_first_line": "39ad1016863ca34d"},
    ),
)
