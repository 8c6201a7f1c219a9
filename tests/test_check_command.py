"""`chapbook check` as people and scripts meet it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from chapbook.cli import chapbook
from chapbook.model.errors import FINDINGS_EXIT_CODE, OutputError

ESSAY = "---\ntitle: An essay\nlang: en\nidentifier: urn:x\n---\n\nSome words.\n\n# Part\n\nMore.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "essay.md").write_text(ESSAY, "utf-8")
    built = CliRunner().invoke(chapbook, ["build", "essay.md", "--format", "html"])
    assert built.exit_code == 0, built.output
    return tmp_path


def test_a_line_for_each_file(folder: Path) -> None:
    result = CliRunner().invoke(chapbook, ["check", "essay.md"])
    assert result.output.splitlines() == ["build/essay.html  agrees  4 words, 1 heading"]
    assert result.exit_code == 0


def test_a_difference_is_reported_with_its_line_and_fails(folder: Path) -> None:
    page = folder / "build" / "essay.html"
    page.write_text(page.read_text("utf-8").replace("Some words.", "Some other words."), "utf-8")
    result = CliRunner().invoke(chapbook, ["check", "essay.md"])
    assert result.exit_code == FINDINGS_EXIT_CODE
    assert "build/essay.html  1 finding  5 words, 1 heading" in result.output
    assert (
        "essay.md:7: error: essay.html: after “Some” the manuscript has “words. Part More.”, "
        "the file “other words. Part More.” [words-differ]" in result.output
    )


def test_json(folder: Path) -> None:
    result = CliRunner().invoke(chapbook, ["check", "essay.md", "--json"])
    report = json.loads(result.output)
    assert report["findings"] == []
    assert report["files"] == [
        {"path": "build/essay.html", "extent": "4 words, 1 heading", "agrees": True}
    ]


def test_a_changed_manuscript_makes_its_files_stale(folder: Path) -> None:
    (folder / "essay.md").write_text(ESSAY.replace("More", "Less"), "utf-8")
    result = CliRunner().invoke(chapbook, ["check", "essay.md", "--json"])
    assert result.exit_code == FINDINGS_EXIT_CODE
    assert [row["code"] for row in json.loads(result.output)["findings"]] == ["stale"]


def test_nothing_built_is_no_agreement(folder: Path) -> None:
    result = CliRunner().invoke(chapbook, ["check", "essay.md", "--out", "elsewhere"])
    assert result.exit_code == OutputError.exit_code
