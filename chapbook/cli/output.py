"""The right edge: files appear whole or not at all."""

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
    """Write all of *files*, or none: each beside its place first, then renamed into it.

    Raises OutputError; what stood there before is then untouched.
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

    Raises OutputError, also where something is in *folder* already.
    """
    is_there = os.path.lexists(folder)
    if is_there and not (folder.is_dir() and not any(folder.iterdir())):
        raise OutputError(
            "something is there already", where=Place(str(folder)), remedy="name a new folder"
        )
    # An empty folder is filled, not replaced: it may be the one that somebody stands in.
    beside = folder if is_there else folder.parent
    make_folder(beside)
    moved: list[Path] = []
    try:
        staged = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=beside))
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
        _sync(beside)
    except BaseException as error:
        for entry in moved:
            entry.replace(staged / entry.name)
        if isinstance(error, OSError):
            raise _refused(folder, error) from error
        raise
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _keep(path: Path, number: int) -> Path | None:
    """A second name for the file at *path*, should it have to come back; None where none is.

    Raises OutputError for a folder, which no rename could replace.
    """
    if path.is_dir():
        raise OutputError(
            "a folder stands where the file should be",
            where=Place(str(path)),
            remedy="move it away or choose another folder with --out",
        )
    second = path.with_name(f"{_PREFIX}{os.getpid()}-{number}")
    with contextlib.suppress(OSError):
        second.unlink()  # of a process of this number that was killed
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
            "a file stands where a folder should be",
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
    """Make the renames last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def replace_folder(folder: Path, files: Iterable[tuple[str, bytes | Path]], marker: str) -> int:
    """Put *files*, each bytes or a file to copy, into *folder* in the stead of all in it.

    It is written beside its place and then renamed, so it is there whole or as it was. A folder
    is replaced only where it is empty or has a file called *marker*. How many files there are now
    comes back. Raises OutputError.
    """
    _judge_replaced(folder, marker)
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
        os.sync()  # all at once: a thousand files one by one would take a thousand waits
        _swap(fresh, folder)
    except OSError as error:
        raise _refused(folder, error) from error
    finally:
        if fresh is not None:
            shutil.rmtree(fresh, ignore_errors=True)
    return count


def _judge_replaced(folder: Path, marker: str) -> None:
    """Raise OutputError where *folder* holds what is not ours to replace."""
    if not os.path.lexists(folder):
        return
    if folder.is_symlink() or not folder.is_dir():
        told = "something that is no folder stands here"
    elif (folder / marker).is_file() or not any(folder.iterdir()):
        return
    else:
        told = "this folder holds other files, which would be lost"
    raise OutputError(told, where=Place(str(folder)), remedy="choose another folder with --out")


def _swap(fresh: Path, folder: Path) -> None:
    """Let *fresh* take the place of *folder*, and *folder* take the name of *fresh*."""
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
