"""Every golden PDF before veraPDF, and before a second renderer."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from tests import golden_cases as cases
from tests.drawn import by_mupdf, by_pdfium, differing_pages
from tests.validators.verapdf import FLAVOURS, broken_rules

# A worker keeps what it has made: test_golden.py has asked for it.
CASES = [pytest.param(case, marks=pytest.mark.xdist_group(case)) for case in cases.CASES]


def pdf_of(case: str) -> bytes:
    return next(item for path, item in cases.make(case).files.items() if path.suffix == ".pdf")


@pytest.mark.parametrize("case", CASES)
def test_verapdf_finds_pdf_a_3a_and_pdf_ua_1(case: str, tmp_path: Path) -> None:
    (path := tmp_path / f"{case}.pdf").write_bytes(pdf_of(case))
    broken = {each: broken_rules(path, each) for each in FLAVOURS}
    assert broken == {"3a": [], "ua1": []}


@pytest.mark.parametrize("case", CASES)
def test_mupdf_draws_what_pdfium_draws(case: str) -> None:
    pdf = pdf_of(case)
    assert differing_pages(by_mupdf(pdf), by_pdfium(pdf)) == []


def test_verapdf_sees_a_missing_glyph_and_a_missing_language(tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    with pikepdf.open(io.BytesIO(pdf_of("bare"))) as pdf:
        del pdf.Root.Lang
        page = pdf.pages[0]
        name = next(iter(page.Resources.Font.keys()))
        shown = f"/Artifact BMC BT {name} 9 Tf 9 9 Td <0000> Tj ET EMC".encode()
        page.contents_add(pdf.make_stream(shown))
        pdf.save(path)
    clauses = {
        each.partition(":")[0] for flavour in FLAVOURS for each in broken_rules(path, flavour)
    }
    assert {"6.2.11.8", "7.21.8", "7.2"} <= clauses


def test_a_page_without_its_ink_is_seen() -> None:
    """The measure is not so coarse that a blank page would pass for one with a line of text."""
    drawn = by_pdfium(pdf_of("nameless"))
    blanked = [drawn[0].point(lambda _: 255), *drawn[1:]]
    assert len(differing_pages(blanked, drawn)) == 1
