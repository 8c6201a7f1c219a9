"""Every call by which the archive changes a disk, and nothing else.

A test can stop a release at each of these calls, as a kill or a full disk would. `os` is imported
as a module, so that tests can replace it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator

_NOT_SUPPORTED = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EXDEV, errno.ENOTTY})
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS, errno.EXDEV})


def make_folder(path: str) -> None:
    """Make the folder *path*. Its parent must exist, and it must not."""
    os.mkdir(path)


def write(path: str, content: bytes) -> None:
    """Write a new file, and wait until it is on the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def link(path: str, other: str) -> None:
    """Give the file at *path* a second name; copy it if the file system has no links."""
    try:
        os.link(path, other, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        with open(path, "rb") as stream:
            write(other, stream.read())


def rename(path: str, other: str) -> None:
    """Move *path* to *other*, and replace a file or an empty folder there."""
    os.rename(path, other)


def exchange(path: str, other: str) -> bool:
    """Exchange two folders in one atomic step; return False if this system cannot."""
    code = _exchange(os.fsencode(path), os.fsencode(other))
    if code in _NOT_SUPPORTED:
        return False
    if code:
        raise OSError(code, os.strerror(code), path)
    return True


def _exchange(path: bytes, other: bytes) -> int:
    """Return 0 or the error number. Linux 3.15 has renameat2(2), macOS 10.12 renamex_np(2)."""
    import ctypes

    system = ctypes.CDLL(None, use_errno=True)
    if hasattr(system, "renameat2"):
        here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
        failed = system.renameat2(here, path, here, other, swap)
    elif hasattr(system, "renamex_np"):
        failed = system.renamex_np(path, other, 2)  # RENAME_SWAP
    else:
        return errno.ENOSYS
    return ctypes.get_errno() if failed else 0


def remove(path: str) -> None:
    """Remove a file, or a folder with all its content; do nothing if it does not exist."""
    try:
        is_folder = stat.S_ISDIR(os.lstat(path).st_mode)
    except FileNotFoundError:
        return
    if not is_folder:
        os.unlink(path)
        return
    for entry in os.listdir(path):
        remove(f"{path}/{entry}")
    os.rmdir(path)


def remove_empty(path: str) -> bool:
    """Remove the folder *path* if it is empty; return whether it no longer exists."""
    try:
        os.rmdir(path)
    except OSError as error:
        if error.errno in {errno.ENOTEMPTY, errno.EEXIST}:
            return False
        if error.errno != errno.ENOENT:
            raise
    return True


def sync_folder(path: str) -> None:
    """Wait until the names in the folder *path* are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOT_SUPPORTED:  # some network file systems cannot sync a folder
            raise
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def locked(folder: str) -> Iterator[None]:
    """Lock *folder*: wait until no other process has the lock. It ends with the process."""
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
