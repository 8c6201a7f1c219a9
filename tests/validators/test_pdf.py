"""The PDF before independent judges: qpdf for its syntax, poppler for fonts, boxes and tags."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from chapbook.cli import inputs
from chapbook.pipeline import build
from tests.validators import tools

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


def run(*command: str | Path) -> str:
    finished = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def test_qpdf_finds_no_fault(pdf: Path) -> None:
    assert "No syntax or stream encoding errors found" in run(tools.qpdf(), "--check", pdf)


def test_poppler_sees_every_font_embedded_and_subset(pdf: Path) -> None:
    rows = run(tools.poppler("pdffonts"), pdf).splitlines()[2:]
    assert rows
    for row in rows:
        embedded, subset, unicode = row.split()[-5:-2]
        assert (embedded, subset, unicode) == ("yes", "yes", "yes"), row


def test_poppler_sees_a_tagged_a5_page(pdf: Path) -> None:
    told = run(tools.poppler("pdfinfo"), "-box", pdf)
    facts = dict(line.split(":", 1) for line in told.splitlines() if ":" in line)
    assert facts["Tagged"].strip() == "yes"
    assert facts["Encrypted"].strip() == "no"
    assert facts["JavaScript"].strip() == "no"
    assert facts["Page size"].split()[:3] == ["419.528", "x", "595.276"]
    assert facts["TrimBox"].split() == facts["MediaBox"].split()
