"""Patch of `weasyprint.pdf.tags`: PDF tags for elements that WeasyPrint does not know.

WeasyPrint tags footnotes, code and the parts of a table of contents as `NonStruct` or `Div`.
"""

from __future__ import annotations

from collections.abc import Callable

from chapbook.model.patching import Patch

_TAGS = {
    "footnote": "Note",
    "code": "Code",
    "pre": "Code",
    "line-number": "Lbl",
    "em": "Span",
    "strong": "Span",
    "toc": "TOC",
    "toci": "TOCI",
    "reference": "Reference",
    "footer": "Art",
    "aside": "Sect",
}

Namer = Callable[[str | None], str]


def _get_pdf_tag_with(original: Namer) -> Namer:
    def get_pdf_tag(tag: str | None) -> str:
        return _TAGS.get(tag or "") or original(tag)

    return get_pdf_tag


PATCHES = (
    Patch(
        "weasyprint.pdf.tags",
        "_get_pdf_tag",
        _get_pdf_tag_with,
        reported="https://github.com/Kozea/WeasyPrint/issues/2482",
        written_for={"weasyprint.pdf.tags:_get_pdf_tag": "882707358f7c4392"},
    ),
)
