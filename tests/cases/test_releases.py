"""A release stores what a build makes, also for files that a manuscript names outside its text."""

from pathlib import Path

import pytest

from tests.archive.shelf import run, run_as_json
from tests.cases import FOLDER


def test_a_release_with_a_cover_picture_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chapbook.checks.any_epub.ask_epubcheck", lambda _content, _book: [])
    case = FOLDER / "release-cover-image"
    archive = ("--archive", tmp_path / "editions")
    (row,) = run_as_json("release", case / "main.md", *archive)["editions"]
    assert row["edition"]["edition"] == "1.0.0"
    work = row["edition"]["work"]
    assert run("restore", f"{work}@1.0.0", tmp_path / "again", *archive).exit_code == 0
    assert (tmp_path / "again" / "cover.png").read_bytes() == (case / "cover.png").read_bytes()
    rebuilt = run("rebuild", f"{work}@1.0.0", *archive, "--out", tmp_path / "rebuilt")
    assert rebuilt.exit_code == 0, rebuilt.output
