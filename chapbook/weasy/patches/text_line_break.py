"""Patch of `weasyprint.text.line_break`: hyphenation by the patterns of the right region.

WeasyPrint asks Pyphen, which for a tag without a region takes the first of its files: British
patterns for `en`, Austrian ones for `de`. And it prints the first part of a word as a break changes
it, but the second as it was (Hungarian “asz-szony”). `chapbook.weasy.hyphenation` does neither.
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
