"""A full disk, a read-only one, one that has vanished: one clear error, nothing half-written."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chapbook.archive.store import open_archive
from chapbook.model.errors import ArchiveError, OutputError
from tests.archive.samples import (
    OTHER,
    WORK,
    errors_of,
    everything,
    files,
    filled,
    stamp,
    whole_versions,
)

MEBIBYTE = 1024 * 1024


def mount(*arguments: str | Path) -> bool:
    done = subprocess.run(["mount", *arguments], capture_output=True, check=False)
    return done.returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two mebibytes, where this user may make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or not mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", folder):
        pytest.skip("no right to mount a small disk: only injected faults are tested")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_is_reported_and_leaves_the_archive_as_it_was(small_disk: Path) -> None:
    root = small_disk / "editions"
    archive = filled(root)
    before = everything(root)
    with pytest.raises(OutputError, match=r"No space left on device — make room on that disk"):
        archive.add(WORK, {"big": os.urandom(2 * MEBIBYTE)}, stamp(3), after=2)
    assert everything(root) == before
    archive.add(WORK, files(3), stamp(3), after=2)
    assert whole_versions(root) == 3
    assert errors_of(root) == []


def test_a_full_disk_at_the_first_release_leaves_no_work(small_disk: Path) -> None:
    root = small_disk / "editions"
    archive = open_archive(str(root), create=True)
    with pytest.raises(OutputError, match="No space left"):
        archive.add(WORK, {"big": os.urandom(2 * MEBIBYTE)}, stamp(1), after=0)
    assert list(open_archive(str(root)).works()) == []
    assert errors_of(root) == []


def test_a_read_only_archive_is_read_and_proved_and_not_written(small_disk: Path) -> None:
    root = small_disk / "editions"
    filled(root)
    assert mount("-o", "remount,ro", small_disk)
    assert whole_versions(root) == 2
    assert errors_of(root) == []
    for work, after in ((WORK, 2), (OTHER, 0)):
        with pytest.raises(OutputError, match="Read-only file system — it is read-only"):
            open_archive(str(root)).add(work, files(3), stamp(3), after=after)
    with pytest.raises(OutputError, match="Read-only file system"):
        open_archive(str(small_disk / "new"), create=True).add(WORK, files(1), stamp(1), after=0)


def test_an_archive_that_vanishes_is_reported_by_every_act(tmp_path: Path) -> None:
    root = tmp_path / "editions"
    archive = filled(root)
    version = archive.versions(WORK)[0]
    shutil.rmtree(root)
    acts: list[Callable[[], object]] = [
        lambda: list(archive.works()),
        lambda: archive.versions(OTHER),
        lambda: archive.read(version, "edition.json"),
        lambda: archive.add(WORK, files(3), stamp(3), after=2),
        lambda: list(archive.verify()),
        lambda: open_archive(str(root)),
    ]
    for act in acts:
        with pytest.raises((ArchiveError, OutputError)) as caught:
            act()
        assert "\n" not in str(caught.value)
    assert not root.exists(), "a vanished archive is not made anew"


def test_a_file_in_the_archives_place_is_reported(tmp_path: Path) -> None:
    (tmp_path / "editions").write_bytes(b"a letter")
    for create in (False, True):
        with pytest.raises(ArchiveError, match="this is not a folder"):
            open_archive(str(tmp_path / "editions"), create=create)


def test_a_file_system_without_locks_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))  # as NFS answers for a folder

    root = tmp_path / "editions"
    archive = filled(root)
    before = everything(root)
    monkeypatch.setattr(fcntl, "flock", no_locks)
    with pytest.raises(OutputError, match="cannot lock a folder: choose a local disk"):
        archive.add(WORK, files(3), stamp(3), after=2)
    assert everything(root) == before


def test_a_disk_without_links_gets_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")  # as exFAT answers

    monkeypatch.setattr(os, "link", no_links)
    root = tmp_path / "editions"
    filled(root, versions=3)
    assert whole_versions(root) == 3
    assert errors_of(root) == []


def test_what_lies_in_the_archive_already_is_stored_once(tmp_path: Path) -> None:
    root = tmp_path / "editions"
    archive = filled(root, versions=1)
    picture = os.urandom(100_000)
    for number in range(2, 6):
        held = {**files(number), "picture.jpg": picture, "copy.jpg": picture}
        archive.add(WORK, held, stamp(number), after=number - 1)
    stored = [path for path in root.rglob("*") if path.is_file() and path.stat().st_size == 100_000]
    assert len(stored) == 1
    assert stored[0].stat().st_nlink == 1, "links to former objects were left"
