"""A snapshot is all that a build reads: built from it, every manuscript gives the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from chapbook.archive.snapshot import opened, safe, take
from chapbook.cli.inputs import job
from chapbook.errors import ArchiveError
from chapbook.pipeline import Job, build
from tests.archive.shelf import Desk
from tests.golden_cases import CASES, manuscript

QUICK = ("epub", "html")  # what print takes is no more, and takes longer


def made(by: Job, formats: tuple[str, ...]) -> dict[str, bytes]:
    return {each.format: each.content for each in build(by, formats).artefacts}


# The manual is proved the same way where it is released: it is large.
@pytest.mark.parametrize("case", [case for case in CASES if case != "manual"])
def test_a_golden_manuscript_built_from_its_snapshot_gives_the_same_bytes(case: str) -> None:
    path = str(manuscript(case))
    formats = ("pdf", *QUICK) if case in {"figures", "metadata"} else QUICK
    snapshot, _ = take(path)
    with opened(snapshot) as from_snapshot:
        assert made(from_snapshot, formats) == made(job(path), formats)


def test_what_is_saved_after_the_snapshot_has_no_part_in_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.write("1.0.0")
    before = made(job(str(desk.manuscript)), QUICK)
    snapshot, _ = take(str(desk.manuscript))
    desk.write("2.0.0", words="twice")
    (tmp_path / "images" / "the seal.png").unlink()
    (tmp_path / "chapbook.toml").unlink()
    with opened(snapshot) as from_snapshot:
        assert made(from_snapshot, QUICK) == before


def test_a_snapshot_leaves_no_folder_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path / "desk")
    desk.write("1.0.0")
    snapshot, _ = take(str(desk.manuscript))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    seen: list[Path] = []

    def stop() -> None:
        with opened(snapshot):
            seen.extend(temporary.iterdir())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()
    assert len(seen) == 1
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("path", ["a", "a/b.png", "a b/ü.svg", "..a/b..", "a/.hidden"])
def test_a_path_within_the_folder_is_safe(path: str) -> None:
    assert safe(path) == path


@pytest.mark.parametrize(
    "path", ["", "/a", "a/", "a//b", "..", "../a", "a/../../b", ".", "./a", "a\\b", "a\0b"]
)
def test_a_path_that_is_not_within_the_folder_is_refused(path: str) -> None:
    with pytest.raises(ArchiveError):
        safe(path)
