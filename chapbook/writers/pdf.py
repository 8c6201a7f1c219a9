"""The reading PDF: the pages as a file that conforms to PDF/A-3a and PDF/UA-1."""

from __future__ import annotations

from chapbook.design.templates import Design
from chapbook.layout.page_layout import lay_out
from chapbook.model.document import Artefact, Publication
from chapbook.model.errors import OutputError


def write_pdf(publication: Publication, design: Design) -> Artefact:
    """Return the PDF of *publication*. Its page numbers are in all other formats."""
    layout = publication.layout or lay_out(publication, design)
    if layout.typeset is None:
        raise OutputError("nothing was laid out")
    written = layout.typeset.write()
    findings = (*layout.findings, *written.findings)
    return Artefact("pdf", ".pdf", written.pdf, layout.extent, findings)
