"""Files appear whole or not at all, and all of them or none."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chapbook.cli.output import make_folder, write_files, write_folder
from chapbook.model.errors import OutputError

NEW = {"a.pdf": b"new a", "b.epub": b"new b", "c.html": b"new c"}
OLD = {"a.pdf": b"old a", "b.epub": b"old b"}  # c.html was never there


def state(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in OLD.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def write(folder: Path) -> None:
    write_files({folder / name: content for name, content in NEW.items()})


def test_all_are_written(folder: Path) -> None:
    write(folder)
    assert state(folder) == NEW


def test_files_can_be_read_by_whom_the_mask_allows(folder: Path) -> None:
    before = os.umask(0o027)
    try:
        write(folder)
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o640}


def failing(real: Callable[..., Any], at: int, cause: BaseException) -> Callable[..., Any]:
    """*real*, which raises *cause* instead of running for the *at*th time."""
    calls = 0

    def call(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at:
            raise cause
        return real(*arguments, **named)

    return call


FULL = OSError(errno.ENOSPC, "No space left on device")
DENIED = PermissionError(errno.EACCES, "Permission denied")


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("name", ["fsync", "fdopen", "replace"])
@pytest.mark.parametrize(
    "cause", [FULL, DENIED, KeyboardInterrupt()], ids=["full", "denied", "ctrl-c"]
)
def test_a_failure_at_any_step_leaves_what_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, at: int, cause: BaseException
) -> None:
    if name == "replace":
        monkeypatch.setattr(Path, name, failing(Path.replace, at, cause))
    else:
        monkeypatch.setattr(os, name, failing(getattr(os, name), at, cause))
    expected = OutputError if isinstance(cause, OSError) else KeyboardInterrupt
    with pytest.raises(expected) as raised:
        write(folder)
    monkeypatch.undo()
    assert state(folder) == OLD
    if isinstance(raised.value, OutputError) and isinstance(cause, OSError):
        assert raised.value.where is not None
        assert Path(raised.value.where.file).name in NEW
        assert str(cause.strerror) in raised.value.message
        assert raised.value.remedy


def test_a_file_system_without_links(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", failing(os.link, 1, OSError(errno.EPERM, "no links")))
    monkeypatch.setattr(Path, "replace", failing(Path.replace, 3, FULL))
    with pytest.raises(OutputError):
        write(folder)
    monkeypatch.undo()
    assert state(folder) == OLD


def test_a_folder_in_the_way_stops_all(folder: Path) -> None:
    (folder / "c.html").mkdir()
    with pytest.raises(OutputError, match=r"c\.html: there is a folder with the name of this file"):
        write(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == OLD


def test_a_link_is_replaced_and_its_target_is_not(folder: Path) -> None:
    target = folder / "target"
    target.write_bytes(b"precious")
    (folder / "c.html").symlink_to(target)
    write(folder)
    assert target.read_bytes() == b"precious"
    assert not (folder / "c.html").is_symlink()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fdopen

    def full(number: int, mode: str) -> Any:
        os.close(number)
        return real(os.open("/dev/full", os.O_WRONLY), mode)

    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_files({tmp_path / "a": b"x"})
    monkeypatch.undo()
    assert list(tmp_path.iterdir()) == []


def test_folders_are_made(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(OutputError, match="there is a file with the name of this folder"):
            make_folder(path)


def test_a_folder_appears_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    files = {f"{name}/file": name.encode() for name in "abc"}
    replace = Path.replace
    moves = 0

    def fail_at_the_last(self: Path, target: Path) -> Path:
        nonlocal moves
        moves += self.name in files or len(self.name) == 1
        if moves == 3:
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail_at_the_last)
    with pytest.raises(OutputError, match="No space left"):
        write_folder(empty, files)
    assert list(empty.iterdir()) == []
    moves = 0
    monkeypatch.undo()
    for folder in (empty, tmp_path / "new" / "folder"):
        write_folder(folder, files)
        assert sorted(path.name for path in folder.iterdir()) == ["a", "b", "c"]
        assert (folder / "b" / "file").read_bytes() == b"b"
    with pytest.raises(OutputError, match="this folder is not empty"):
        write_folder(empty, files)
