"""A release that stops at any of its writes, as a kill or a full disk would stop it.

Every call by which `chapbook.archive.disk` changes the disk goes through its `os`, or through its
`_exchange`. Here another stands in their place and stops at the nth.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chapbook.archive import disk
from chapbook.archive.store import open_archive
from chapbook.model.errors import OutputError
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

CHANGING = {"mkdir", "open", "write", "fsync", "link", "rename", "unlink", "rmdir"}
REAL_EXCHANGE = disk._exchange
AT_MOST = 400  # changes in one release of the samples; a test that needs more has lost its way


class Killed(BaseException):
    """The process ended here; nothing that it would have done after happens."""


class Disk:
    """`os` with a fault at the nth change; or, at none, a count of the changes."""

    def __init__(self, nth: int, fault: type[BaseException], *, swaps: bool = True) -> None:
        self.nth, self.fault, self.swaps = nth, fault, swaps
        self.changes = 0

    def __getattr__(self, name: str) -> object:
        real = getattr(os, name)
        return self.counting(name, real) if name in CHANGING else real

    def counting(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **named: object) -> object:
            if self.is_fatal():
                if name == "write":  # a part of it is on the disk
                    real(args[0], bytes(args[1])[: len(bytes(args[1])) // 2])  # type: ignore[call-overload]
                self.fail()
            # Waiting for the disk is counted, but not done: no power is cut here.
            return None if name == "fsync" else real(*args, **named)

        return call

    def exchange(self, path: bytes, other: bytes) -> int:
        if not self.swaps:
            return errno.EINVAL  # as NFS answers
        if self.is_fatal():
            self.fail()
        return REAL_EXCHANGE(path, other)

    def is_fatal(self) -> bool:
        self.changes += 1
        after = self.changes > self.nth and self.fault is Killed
        return self.nth > 0 and (self.changes == self.nth or after)

    def fail(self) -> None:
        if self.fault is OSError:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        raise self.fault


@pytest.fixture
def with_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Disk], None]]:
    def put(other: Disk) -> None:
        monkeypatch.setattr(disk, "os", other)
        monkeypatch.setattr(disk, "_exchange", other.exchange)

    yield put
    monkeypatch.undo()


# What is released, over which state of the archive: the first version of the first work, the first
# version of another, a further version.
CASES = {
    "a new archive": (0, 0, WORK),
    "a new work": (1, 2, OTHER),
    "a further version": (1, 2, WORK),
}


@pytest.fixture
def prepare(tmp_path: Path) -> Callable[[Path, int, int], None]:
    def copy(root: Path, works: int, versions: int) -> None:
        result = tmp_path / "made"
        if works and not result.exists():
            filled(result, works, versions)
        if works:
            shutil.copytree(result, root)

    return copy


def release(root: Path, work: str) -> None:
    archive = open_archive(str(root), create=True)
    number = len(archive.versions(work)) + 1
    archive.add(work, files(number), stamp(number), after=number - 1)


@pytest.mark.parametrize("swaps", [True, False], ids=["exchanged", "file by file"])
@pytest.mark.parametrize("case", CASES)
def test_a_kill_at_any_write_leaves_the_former_state_or_the_new_one(
    case: str,
    swaps: bool,
    tmp_path: Path,
    with_disk: Callable[[Disk], None],
    prepare: Callable[[Path, int, int], None],
) -> None:
    works, versions, work = CASES[case]
    outcomes = set()
    for nth in range(1, AT_MOST):
        root = tmp_path / str(nth)
        prepare(root, works, versions)
        before = whole_versions(root, work)
        faulty = Disk(nth, Killed, swaps=swaps)
        with_disk(faulty)
        try:
            release(root, work)
        except Killed:
            finished = False
        else:
            finished = True
        with_disk(Disk(0, Killed, swaps=swaps))
        if finished:
            break
        held = everything(root) if root.exists() else {}
        after = whole_versions(root, work)
        assert after in {before, before + 1}
        assert whole_versions(root) >= versions, "a former edition was lost"
        if swaps:
            assert errors_of(root) == [], f"invalid after a kill at change {nth}"
        assert (everything(root) if root.exists() else {}) == held, "reading changed the archive"
        outcomes.add(after - before)
        release(root, OTHER)  # another work's release clears away what was left
        assert [str(finding) for finding in open_archive(str(root)).verify()] == []
        assert not (root / "extensions" / "chapbook-staging").exists()
    assert finished
    assert nth > 20, "hardly anything was stopped"
    assert outcomes == {0, 1} or case != "a further version"


@pytest.mark.parametrize("fault", [OSError, KeyboardInterrupt])
@pytest.mark.parametrize("swaps", [True, False], ids=["exchanged", "file by file"])
@pytest.mark.parametrize("case", CASES)
def test_a_fault_at_any_write_is_one_error_and_leaves_nothing_half_written(
    case: str,
    swaps: bool,
    fault: type[BaseException],
    tmp_path: Path,
    with_disk: Callable[[Disk], None],
    prepare: Callable[[Path, int, int], None],
) -> None:
    works, versions, work = CASES[case]
    for nth in range(1, AT_MOST):
        root = tmp_path / str(nth)
        prepare(root, works, versions)
        before = whole_versions(root, work)
        with_disk(Disk(nth, fault, swaps=swaps))
        try:
            release(root, work)
        except (OutputError, KeyboardInterrupt) as error:
            finished = False
            message = str(error)
        else:
            finished = True
        reached = disk.os.changes >= nth  # type: ignore[attr-defined]
        with_disk(Disk(0, fault, swaps=swaps))
        if not reached:
            break
        assert errors_of(root) == []
        assert whole_versions(root, work) in ({before + 1} if finished else {before, before + 1})
        if fault is OSError and not finished:
            assert message.count("\n") == 0
            assert "No space left" in message
            assert "make room" in message
        assert whole_versions(root) >= versions
    assert finished
    assert nth > 20, "hardly anything was stopped"
