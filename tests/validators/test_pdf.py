"""The PDF before independent judges: qpdf for its syntax, MuPDF for fonts, boxes and tags."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pymupdf
import pytest

from chapbook.cli import inputs
from chapbook.pipeline import build

ROOT = Path(__file__).parents[2]
MANUSCRIPTS = [
    ROOT / "source" / "security-assistance.md",
    ROOT / "source" / "manual",
    ROOT / "tests" / "validators" / "hard" / "constructs.md",
]


@pytest.fixture(scope="module", params=MANUSCRIPTS, ids=lambda path: path.stem)
def pdf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    source: Path = request.param
    path = tmp_path_factory.mktemp("pdf") / f"{source.stem}.pdf"
    path.write_bytes(build(inputs.job(str(source)), ["pdf"]).artefacts[0].content)
    return path


def test_qpdf_finds_no_fault(pdf: Path) -> None:
    with pikepdf.open(pdf, attempt_recovery=False) as document:  # qpdf as a library
        assert document.check_pdf_syntax() == []


def test_qpdf_finds_the_fault_of_a_damaged_stream(pdf: Path, tmp_path: Path) -> None:
    content = bytearray(pdf.read_bytes())
    start = content.index(b"FlateDecode")
    begins = content.index(b"stream", start)
    content[begins + 20 : begins + 40] = bytes(20)
    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes(content)
    with pikepdf.open(damaged) as document:
        assert document.check_pdf_syntax()


def test_mupdf_sees_every_font_embedded_and_subset(pdf: Path) -> None:
    with pymupdf.open(pdf) as document:
        fonts = {font[0]: font for page in document for font in page.get_fonts(full=True)}
        assert fonts
        for number, (_, extension, _, name, *_) in fonts.items():
            assert extension != "n/a", f"{name} is not embedded"
            assert re.match(r"[A-Z]{6}\+", name), f"{name} is not a subset"
            assert document.xref_get_key(number, "ToUnicode")[0] == "xref", name


def test_mupdf_sees_a_tagged_a5_page(pdf: Path) -> None:
    with pymupdf.open(pdf) as document:
        assert document.markinfo["Marked"]
        assert not document.is_encrypted
        for page in document:
            assert page.mediabox == page.trimbox
            assert tuple(page.mediabox) == pytest.approx((0, 0, 419.528, 595.276), abs=0.001)


def test_no_script_is_in_it(pdf: Path) -> None:
    with pikepdf.open(pdf) as document:
        actions = [each for each in document.objects if isinstance(each, pikepdf.Dictionary)]
        assert not [each for each in actions if each.get("/S") == pikepdf.Name.JavaScript]
