"""Page breaks that authors write, in every way that they write them, in every format."""

from __future__ import annotations

import io
import re
import zipfile

import pypdfium2
import pytest

from chapbook.design.templates import load_templates
from chapbook.pipeline import Built, Job, build
from chapbook.reading.manuscript import decode

WAYS = (
    "\\newpage",
    "\\pagebreak",
    "\\clearpage",
    "::: pagebreak\n:::",
    "::: {.page-break}\n:::",
    "<!-- pagebreak -->",
    "<!-- page-break -->",
    "<!--PAGEBREAK-->",
)
HEAD = (
    "---\ntitle: Breaks\nlang: en\nidentifier: urn:uuid:00000000-0000-4000-8000-0000000000c0\n---\n"
)


def built(text: str) -> Built:
    job = Job(
        decode("text.md", "text", f"{HEAD}\n{text}\n".encode()), None, {}, load_templates(None)
    )
    return build(job, ["pdf", "epub", "html"])


@pytest.mark.parametrize("way", WAYS)
def test_what_follows_a_page_break_begins_a_page(way: str) -> None:
    result = built(f"One.\n\n{way}\n\nTwo.\n\n{way}\n\n# Three\n\nWords.")
    assert result.findings == ()
    pdf, epub, html = (artefact.content for artefact in result.artefacts)
    with pypdfium2.PdfDocument(pdf) as document:
        tops = [page.get_textpage().get_text_range().split()[0] for page in document]
    assert tops == ["Breaks", "Two.", "Three"]
    with zipfile.ZipFile(io.BytesIO(epub)) as book:
        text = book.read("EPUB/text.xhtml").decode()
        style = book.read("EPUB/style.css").decode()
    for page in (text, html.decode()):
        assert len(re.findall(r'<(?:p|section)\b[^>]* ?class="cb-after-page-break"', page)) == 2
        assert "pagebreak" not in page.replace("doc-pagebreak", "").replace('"pagebreak"', "")
    assert ".cb-after-page-break { page-break-before: always; break-before: page; }" in style


def test_a_page_break_at_the_very_end_adds_no_page() -> None:
    result = built("One.\n\n\\newpage")
    assert result.artefacts[0].extent == "1 page"


def test_a_command_in_the_middle_of_a_sentence_is_reported_and_breaks_nothing() -> None:
    result = built("One \\newpage two.")
    assert [finding.code.value for finding in result.findings] == ["raw-dropped"]
    assert result.artefacts[0].extent == "1 page"
