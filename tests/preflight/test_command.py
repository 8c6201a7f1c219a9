"""`chapbook check --printer` as people and scripts use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chapbook.cli import chapbook
from chapbook.cli.check import check
from chapbook.model.errors import FINDINGS_EXIT_CODE, SourceError
from chapbook.printing.vendors import PRINTERS
from tests.preflight.specimens import Layout, Wrap, bookmarked, cover, interior

BOOK = Layout(pages=100)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "book-press.pdf").write_bytes(interior(BOOK))
    (tmp_path / "book-cover.pdf").write_bytes(cover(Wrap()))
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(chapbook, ["check", *words])


def test_a_right_book_has_nothing_found_and_is_not_called_approved(folder: Path) -> None:
    result = run("--printer", "kdp", "book-press.pdf", "book-cover.pdf")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].startswith("book-press.pdf  interior, 100 pages, 127 × 203.2 mm")
    assert lines[0].endswith("nothing found")
    assert "measured here: " in lines[1]
    assert "This is not an approval" in lines[-1]
    assert "approved" not in result.output


def test_a_defect_is_reported_with_rule_source_date_and_certainty(folder: Path) -> None:
    (folder / "book-press.pdf").write_bytes(interior(BOOK, bookmarked))
    result = run("--printer", "kdp", "book-press.pdf")
    assert result.exit_code == FINDINGS_EXIT_CODE
    assert (
        "book-press.pdf: error: it has bookmarks — KDP, Paperback Submission Guidelines, "
        "the vendor's own text, 2026-11; measured here [print-bookmarks]" in result.stderr
    )


def test_json_has_the_basis_of_each_rule(folder: Path) -> None:
    result = run("--printer", "kdp", "book-press.pdf", "book-cover.pdf", "--json")
    report = json.loads(result.stdout)
    inside, outside = report["files"]
    assert (inside["part"], outside["part"]) == ("interior", "cover")
    assert inside["trim_mm"] == [127.0, 203.2]
    (gutter,) = (row for row in inside["rules"] if row["code"] == "print-gutter")
    assert gutter["source"] == "Amazon KDP, paperback"
    assert gutter["read"] == "2026-11"
    assert gutter["certainty"] == "measured here"
    assert all({"pages", "certainty"} <= set(row) for row in report["findings"])


def test_the_paper_decides_how_wide_the_spine_must_be(folder: Path) -> None:
    wide = Wrap(spine=100 * 0.0045 * 72)
    (folder / "book-cover.pdf").write_bytes(cover(wide))
    result = run("--printer", "kdp", "book-press.pdf", "book-cover.pdf")
    assert "[print-spine-width]" in result.stderr
    given = ("--spine-width", "0.45in")
    result = run("--printer", "kdp", *given, "book-press.pdf", "book-cover.pdf")
    assert "[print-spine-width]" not in result.stderr


def test_the_parts_can_be_set(folder: Path) -> None:
    result = run("--printer", "kdp", "--cover", "book-press.pdf", "--json")
    assert json.loads(result.stdout)["files"][0]["part"] == "cover"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--printer", "kdp"), "Name them"),
        (("--printer", "kdp", "essay.md"), "finished PDFs"),
        (("--printer", "kdp", "--paper", "silk", "book-press.pdf"), "white, cream"),
        (("--printer", "kdp", "--trim", "vast", "book-press.pdf"), "--trim: “vast”"),
        (("--printer", "kdp", "--spine-width", "wide", "book-press.pdf"), "12.7mm"),
        (("--paper", "white", "book-press.pdf"), "--printer"),
        (("--printer", "nobody", "book-press.pdf"), "kdp"),
    ],
)
def test_wrong_options_are_reported_in_one_line(
    folder: Path, words: tuple[str, ...], message: str
) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert message in result.output
    assert len(result.output.splitlines()) == 1


def test_a_missing_file_is_reported(folder: Path) -> None:
    assert run("--printer", "kdp", "none.pdf").exit_code == SourceError.exit_code


def test_the_command_knows_every_printer() -> None:
    (option,) = (each for each in check.params if each.name == "printer")
    assert tuple(option.type.choices) == tuple(PRINTERS)  # type: ignore[attr-defined]
