"""A catalog of an archive lists the newest edition of each work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from chapbook.archive.store import open_archive
from chapbook.cli import chapbook
from tests.archive.shelf import Desk


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an archive of three editions of a work, released in another order."""
    monkeypatch.setattr("chapbook.checks.any_epub.ask_epubcheck", lambda _content, _book: [])
    monkeypatch.chdir(tmp_path)
    desk = Desk(tmp_path / "desk")
    archive = open_archive("editions", create=True)
    for label, words in (("1.0.0", "once"), ("10.0.0", "ten times"), ("2.0.0", "twice")):
        desk.write(label, words)
        assert desk.release(archive).is_new
    return tmp_path


def test_the_newest_edition_of_an_archive_is_listed(shelf: Path) -> None:
    done = CliRunner().invoke(chapbook, ["catalog", "editions", "--out", "shelf", "--json"])
    assert done.exit_code == 0, done.output
    (work,) = json.loads(done.stdout)["works"]
    assert (work["title"].partition(":")[0], work["edition"]) == (
        "A Work of Many Editions",
        "10.0.0",
    )
    assert "chapbook-" not in done.stdout, "the folder in between is told"
    epubs = list((shelf / "shelf").rglob("*.epub"))
    assert len(epubs) == 1
    archive = open_archive("editions")
    versions = [version for name in archive.works() for version in archive.versions(name)]
    released = [archive.read(version, "outputs/many.epub") for version in versions]
    assert released.index(epubs[0].read_bytes()) == 1
    beside = {path.suffix for path in epubs[0].parent.iterdir() if "many" in path.name}
    assert beside == {".epub", ".html", ".pdf"}


def test_an_archive_is_not_changed_by_a_catalog(shelf: Path) -> None:
    def state() -> dict[str, bytes]:
        return {
            path.relative_to(shelf).as_posix(): path.read_bytes()
            for path in (shelf / "editions").rglob("*")
            if path.is_file()
        }

    before = state()
    assert CliRunner().invoke(chapbook, ["catalog", "editions", "--out", "shelf"]).exit_code == 0
    assert state() == before
