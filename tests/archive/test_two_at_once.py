"""Releases at the same time: all are stored, in order, or must be repeated."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chapbook.archive.store import open_archive
from chapbook.model.errors import ArchiveChanged
from tests.archive.samples import WORK, errors_of, files, filled, stamp

RELEASES = 8  # by each process
RELEASER = """
import sys
from chapbook.archive.store import open_archive
from chapbook.model.errors import ArchiveChanged
from tests.archive.samples import stamp

root, name, work, releases = sys.argv[1:]
print('ready', flush=True)
sys.stdin.readline()
refused = 0
for number in range(int(releases)):
    while True:
        archive = open_archive(root, create=True)
        seen = len(archive.versions(work))
        content = {'edition.json': f'{name} {number}'.encode()}
        try:
            archive.add(work, content, stamp(seen + 1), after=seen)
            break
        except ArchiveChanged:
            refused += 1
print(refused)
"""


def run(root: Path | str, works: list[str], releases: int = RELEASES) -> Iterator[int]:
    """Start a process for each of *works*, let all go at once; how often each had to look again."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", RELEASER, str(root), str(name), work, str(releases)],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name, work in enumerate(works)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        out, err = process.communicate()
        assert process.returncode == 0, err
        yield int(out)


def stored(root: Path | str, work: str) -> list[str]:
    """Return the contents of the versions of *work*, in order."""
    archive = open_archive(str(root))
    return [archive.read(version, "edition.json").decode() for version in archive.versions(work)]


def test_releases_of_one_work_at_once_are_all_stored_in_order(tmp_path: Path) -> None:
    root = tmp_path / "editions"  # not there yet: all want to make it
    assert len(list(run(root, [WORK] * 3))) == 3
    result = stored(root, WORK)
    assert sorted(result) == sorted(f"{name} {n}" for name in range(3) for n in range(RELEASES))
    for name in range(3):
        own = [text for text in result if text.startswith(f"{name} ")]
        assert own == [f"{name} {number}" for number in range(RELEASES)]
    assert errors_of(root) == []


def test_releases_of_several_works_at_once_are_all_stored(tmp_path: Path) -> None:
    root = tmp_path / "editions"
    works = [f"urn:example:{number}" for number in range(3)]
    assert sum(run(root, works)) == 0, "another work's release is nothing to look at again"
    assert set(open_archive(str(root)).works()) == set(works)
    assert all(len(stored(root, work)) == RELEASES for work in works)
    assert errors_of(root) == []


def test_what_was_decided_on_a_former_state_is_refused(tmp_path: Path) -> None:
    archive = filled(tmp_path / "editions", versions=2)
    with pytest.raises(ArchiveChanged, match="has 2 versions by now, not 1"):
        archive.add(WORK, files(2), stamp(2), after=1)
    assert len(archive.versions(WORK)) == 2
