"""The files that commands of the archive read: only those they need."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chapbook.archive import disk
from chapbook.archive.store import Archive, open_archive
from tests.archive.samples import WORK, filled, stamp

EDITIONS = 4  # of every work
_watched: list[tuple[str, list[str]]] = []


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event in {"open", "os.scandir"} and isinstance(arguments[0], str):
        for root, reads in _watched:
            if arguments[0].startswith(root):
                reads.append(arguments[0])


sys.addaudithook(_watch)  # for good: Python has no way to take one away


@contextmanager
def reads_in(root: str) -> Iterator[list[str]]:
    """Every file that is opened and every folder that is listed below *root*."""
    reads: list[str] = []
    _watched.append((root, reads))
    try:
        yield reads
    finally:
        _watched.pop()


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An archive of one work, and one of fifty."""
    folder = tmp_path_factory.mktemp("costs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(disk.os, "fsync", lambda _: None)  # type: ignore[attr-defined]
        for works in (1, 50):
            filled(folder / str(works), works, EDITIONS)
    return folder / "1", folder / "50"


def release(archive: Archive) -> None:
    archive.add(WORK, {"a": b"1"}, stamp(9), after=len(archive.versions(WORK)))


ACTS: dict[str, tuple[int, Callable[[Archive], object]]] = {
    # name: how many files and folders it may touch at most, and the act
    "the versions of a work": (12, lambda archive: archive.versions(WORK)),
    "a file of an edition": (
        16,
        lambda archive: archive.read(archive.versions(WORK)[0], "edition.json"),
    ),
    "the proof of an edition": (24, lambda archive: list(archive.verify(WORK, 2))),
    "the proof of a work": (200, lambda archive: list(archive.verify(WORK))),
    "a release": (200, release),
}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_on_one_work_reads_as_much_in_a_large_archive_as_in_a_small_one(
    name: str, archives: tuple[Path, Path]
) -> None:
    most, act = ACTS[name]
    counts = []
    for root in archives:
        with reads_in(str(root)) as reads:
            act(open_archive(str(root)))
        counts.append(len(reads))
    assert counts[0] == counts[1]
    assert 0 < counts[0] <= most


def test_listing_the_works_reads_no_inventory(archives: tuple[Path, Path]) -> None:
    root = archives[1]
    with reads_in(str(root)) as reads:
        assert len(list(open_archive(str(root)).works())) == 50
    assert [path for path in reads if "inventory.json" in path] == []


def test_the_history_of_a_work_reads_one_inventory(archives: tuple[Path, Path]) -> None:
    root = archives[1]
    with reads_in(str(root)) as reads:
        open_archive(str(root)).versions(WORK)
    assert len([path for path in reads if path.endswith("inventory.json")]) == 1
