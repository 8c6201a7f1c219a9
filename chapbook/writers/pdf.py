"""The reading PDF: what was laid out, as a file that is both PDF/A-3a and PDF/UA-1."""

from __future__ import annotations

from chapbook.design.templates import Design
from chapbook.layout.page_layout import lay_out
from chapbook.model.document import Artefact, Publication


def write_pdf(publication: Publication, design: Design) -> Artefact:
    """The PDF of *publication*: the pages whose numbers the other formats carry."""
    layout = publication.layout or lay_out(publication, design)
    pages = "1 page" if layout.page_count == 1 else f"{layout.page_count:,} pages"
    return Artefact("pdf", ".pdf", layout.pdf, pages, layout.findings)
