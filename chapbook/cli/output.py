"""Writes files so that they appear completely or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from chapbook.model.errors import OutputError, Place

_PREFIX = ".chapbook-"


def write_files(files: Mapping[Path, bytes]) -> None:
    """Write all of *files*, or none: each under a temporary name in its folder, then renamed.

    Raises OutputError; the earlier files are then unchanged.
    """
    staged: list[Path] = []
    former: dict[Path, Path | None] = {}
    try:
        for path, content in files.items():
            staged.append(_stage(path, content))
        try:
            for temporary, path in zip(staged, files, strict=True):
                former[path] = _keep(path, len(former))
                _rename(temporary, path)
        except BaseException:
            _put_back(former)
            raise
        for folder in {path.parent for path in files}:
            _sync(folder)
    finally:
        for name in (*staged, *filter(None, former.values())):
            with contextlib.suppress(OSError):
                name.unlink()


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write *files*, by their relative paths, as the new *folder*: all of them, or nothing.

    Raises OutputError, also if *folder* is not empty.
    """
    is_there = os.path.lexists(folder)
    if is_there and not (folder.is_dir() and not any(folder.iterdir())):
        raise OutputError(
            "this folder is not empty", where=Place(str(folder)), remedy="name a new folder"
        )
    # An empty folder is filled, not replaced: it may be somebody's working directory.
    parent = folder if is_there else folder.parent
    make_folder(parent)
    moved: list[Path] = []
    try:
        staged = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    except OSError as error:
        raise _refused(folder, error) from error
    try:
        for path, content in files.items():
            file = staged / path
            file.parent.mkdir(parents=True, exist_ok=True)
            _stage(file, content).replace(file)
        if is_there:
            for entry in list(staged.iterdir()):
                entry.replace(folder / entry.name)
                moved.append(folder / entry.name)
        else:
            staged.chmod(0o777 & ~_umask())
            staged.replace(folder)
        _sync(parent)
    except BaseException as error:
        for entry in moved:
            entry.replace(staged / entry.name)
        if isinstance(error, OSError):
            raise _refused(folder, error) from error
        raise
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _keep(path: Path, number: int) -> Path | None:
    """Return a second name for the file at *path*, to restore it; None if there is no file.

    Raises OutputError for a folder, which a rename cannot replace.
    """
    if path.is_dir():
        raise OutputError(
            "there is a folder with the name of this file",
            where=Place(str(path)),
            remedy="move it away or choose another folder with --out",
        )
    second = path.with_name(f"{_PREFIX}{os.getpid()}-{number}")
    with contextlib.suppress(OSError):
        second.unlink()  # left by a killed process with the same number
    if not os.path.lexists(path):
        return None
    try:
        os.link(path, second, follow_symlinks=False)
    except OSError:  # a file system without links
        try:
            shutil.copy2(path, second, follow_symlinks=False)
        except OSError as error:
            raise _refused(path, error) from error
    return second


def _put_back(former: Mapping[Path, Path | None]) -> None:
    for path, kept in former.items():
        with contextlib.suppress(OSError):
            if kept:
                kept.replace(path)
            else:
                path.unlink()


def make_folder(folder: Path) -> None:
    """Make *folder* and its parents. Raises OutputError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise OutputError(
            "there is a file with the name of this folder",
            where=Place(str(folder)),
            remedy="move it away or choose another folder with --out",
        ) from error
    except OSError as error:
        raise _refused(folder, error) from error


def _stage(path: Path, content: bytes) -> Path:
    temporary = None
    try:
        descriptor, name = tempfile.mkstemp(prefix=_PREFIX, dir=path.parent)
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o666 & ~_umask())
    except BaseException as error:
        if temporary:
            temporary.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _refused(path, error) from error
        raise
    return temporary


def _rename(temporary: Path, path: Path) -> None:
    try:
        temporary.replace(path)
    except OSError as error:
        raise _refused(path, error) from error


def _refused(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"cannot be written: {error.strerror}",
        where=Place(str(path)),
        remedy="make room or choose another folder with --out",
    )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync(folder: Path) -> None:
    """Make the renames survive a power cut, if the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def replace_folder(folder: Path, files: Iterable[tuple[str, bytes | Path]], marker: str) -> int:
    """Replace the content of *folder* by *files*, each bytes or a file to copy; return their count.

    The new folder is written beside the old one and then renamed, so it is complete or unchanged.
    Raises OutputError, also if *folder* is neither empty nor has a file called *marker*.
    """
    _refuse_replacing(folder, marker)
    make_folder(folder.parent)
    fresh: Path | None = None
    try:
        fresh = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder.parent))
        count = 0
        for name, content in files:
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Path):
                shutil.copyfile(content, path)
            else:
                path.write_bytes(content)
            count += 1
        fresh.chmod(0o777 & ~_umask())
        os.sync()  # once for all: syncing a thousand files one by one would take long
        _swap(fresh, folder)
    except OSError as error:
        raise _refused(folder, error) from error
    finally:
        if fresh is not None:
            shutil.rmtree(fresh, ignore_errors=True)
    return count


def _refuse_replacing(folder: Path, marker: str) -> None:
    """Raise OutputError if *folder* is not one that we may replace."""
    if not os.path.lexists(folder):
        return
    if folder.is_symlink() or not folder.is_dir():
        message = "this is not a folder"
    elif (folder / marker).is_file() or not any(folder.iterdir()):
        return
    else:
        message = "this folder has other files, which would be lost"
    raise OutputError(message, where=Place(str(folder)), remedy="choose another folder with --out")


def _swap(fresh: Path, folder: Path) -> None:
    """Rename *fresh* to *folder*, and the former *folder* to the name of *fresh*."""
    if not folder.exists():
        fresh.rename(folder)
        return
    former = fresh.with_name(f"{fresh.name}-former")
    folder.rename(former)
    try:
        fresh.rename(folder)
    except BaseException:
        former.rename(folder)
        raise
    former.rename(fresh)
