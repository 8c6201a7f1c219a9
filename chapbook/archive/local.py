"""An archive on a disk: an object changes in one atomic step, or not at all.

The new state of the whole object is staged. Files that the object has already are linked there
under a second name. Then the staged object and the old one are exchanged. If a file system cannot
do that (exFAT, some of FUSE), the version is added file by file (`in_place.py`).
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager

from chapbook.archive import disk, in_place
from chapbook.archive.inventory import FILE, Addition
from chapbook.archive.storage import STAGING, Entry
from chapbook.model.errors import ArchiveError, EditionCorrupt, OutputError, Place

_PIECE = 1024 * 1024  # bytes read at once
_STAGED = f"{STAGING}/object"
_REMEDIES = {
    errno.ENOSPC: "make room on that disk",
    errno.EDQUOT: "make room in your quota",
    errno.EROFS: "it is read-only: mount it for writing, or choose another with --archive",
    errno.EACCES: "ask who owns it for permission, or choose another with --archive",
    # flock(2) of a folder on NFS; without a lock, two releases at once could harm each other.
    errno.EBADF: "this file system cannot lock a folder: choose a local disk or a bucket",
    errno.ENOLCK: "this file system has no locks: choose a local disk or a bucket",
    errno.ENOENT: "the folder has vanished; is its disk mounted?",
}


class Local:
    """A storage root in a folder."""

    def __init__(self, folder: str) -> None:
        self.name = folder
        self._root = os.path.realpath(folder)

    def entries(self, folder: str) -> list[Entry]:
        """As in Storage; a link is neither a folder nor a file."""
        with self._reading(folder) as path, os.scandir(path) as found:
            return sorted(
                (
                    Entry(
                        entry.name,
                        entry.is_dir(follow_symlinks=False),
                        entry.is_file(follow_symlinks=False),
                    )
                    for entry in found
                ),
                key=lambda entry: entry.name,
            )

    def chunks(self, path: str) -> Iterator[bytes]:
        """As in Storage."""
        with self._reading(path) as place:
            # O_NONBLOCK: if this is a pipe, do not wait for its other end.
            descriptor = os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
            with os.fdopen(descriptor, "rb", buffering=0) as stream:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise EditionCorrupt("this is not a file", where=self._where(path))
                while piece := stream.read(_PIECE):
                    yield piece

    def read(self, path: str, largest: int | None = None) -> bytes:
        """As in Storage."""
        content = bytearray()
        for piece in self.chunks(path):
            content += piece
            if largest is not None and len(content) > largest:
                raise EditionCorrupt(f"has more than {largest} bytes", where=self._where(path))
        return bytes(content)

    def put(self, path: str, content: bytes) -> None:
        """As in Storage: the file is staged, then renamed."""
        with self._writing():
            staged = self._path(f"{STAGING}/file")
            self._make_folders(STAGING)
            disk.remove(staged)
            disk.write(staged, content)
            folder, _, _ = path.rpartition("/")
            self._make_folders(folder)
            disk.rename(staged, self._path(path))
            disk.sync_folder(self._path(folder))

    def remove(self, path: str) -> None:
        """As in Storage."""
        with self._writing():
            disk.remove(self._path(path))
            while path := path.rpartition("/")[0]:
                if not disk.remove_empty(self._path(path)):
                    break

    def for_judge(self, path: str) -> str:
        """As in Storage."""
        return self._path(path)

    def make_root(self) -> None:
        """Make the folder, as in Storage, and the folders above it."""
        with self._writing():
            missing = []
            path = self._root
            while not os.path.lexists(path):
                missing.append(path)
                path = os.path.dirname(path)
            for path in reversed(missing):
                with contextlib.suppress(FileExistsError):  # another release made it first
                    disk.make_folder(path)

    def exclusive(self) -> AbstractContextManager[None]:
        """As in Storage."""
        return self._exclusive()

    @contextlib.contextmanager
    def _exclusive(self) -> Iterator[None]:
        with self._writing(), disk.locked(self._root):
            yield

    def assure_exclusive(self) -> None:
        """Do nothing: a process keeps its lock on a folder until it ends."""

    def publish(self, place: str, addition: Addition, declaration: str) -> None:
        """As in Storage; in one atomic step if the file system can."""
        with self._writing():
            self._make_folders(STAGING)
            if declaration:
                self._move_in(place, addition, declaration)
            elif not self._exchange(place, addition):
                in_place.publish(self, place, addition, declaration)

    def _move_in(self, place: str, addition: Addition, declaration: str) -> None:
        """Stage a new object with the missing folders above it, and rename the topmost of them."""
        parts = place.split("/")
        depth = 1
        while depth < len(parts) and os.path.isdir(self._path("/".join(parts[:depth]))):
            depth += 1
        inside = "/".join([_STAGED, *parts[depth:]])
        self._make_folders(inside)
        declared = f"{declaration.removeprefix('0=')}\n".encode()
        disk.write(self._path(f"{inside}/{declaration}"), declared)
        self._stage_version(inside, addition)
        self._sync_all(_STAGED)
        staged, target = self._path(_STAGED), self._path("/".join(parts[:depth]))
        disk.rename(staged, target)
        try:
            disk.sync_folder(os.path.dirname(target))
        except OSError:
            disk.rename(target, staged)
            raise

    def _exchange(self, place: str, addition: Addition) -> bool:
        """Stage the object with its new version and exchange the two; return False if it cannot."""
        disk.make_folder(self._path(_STAGED))
        self._stage_former(place, _STAGED, frozenset({FILE, addition.sidecar_name}))
        self._stage_version(_STAGED, addition)
        self._sync_all(_STAGED)
        staged, target = self._path(_STAGED), self._path(place)
        if not disk.exchange(staged, target):
            disk.remove(staged)
            return False
        try:
            disk.sync_folder(os.path.dirname(target))
        except OSError:
            disk.exchange(staged, target)
            raise
        return True

    def _stage_former(self, place: str, staged: str, without: frozenset[str] = frozenset()) -> None:
        """Link all files of the folder *place* in *staged*, except those named in *without*."""
        for entry in self.entries(place):
            former, name = f"{place}/{entry.name}", f"{staged}/{entry.name}"
            if entry.is_folder:
                disk.make_folder(self._path(name))
                self._stage_former(former, name)
            elif not entry.is_plain:
                raise EditionCorrupt("this is not a file", where=self._where(former))
            elif entry.name not in without:
                disk.link(self._path(former), self._path(name))

    def _stage_version(self, staged: str, addition: Addition) -> None:
        self._make_folders(f"{staged}/{addition.folder}")
        for path, content in addition.content.items():
            self._make_folders(f"{staged}/{path}".rpartition("/")[0])
            disk.write(self._path(f"{staged}/{path}"), content)
        for folder in (f"{staged}/{addition.folder}", staged):
            disk.write(self._path(f"{folder}/{FILE}"), addition.inventory)
            disk.write(self._path(f"{folder}/{addition.sidecar_name}"), addition.sidecar)

    def _sync_all(self, folder: str) -> None:
        for entry in self.entries(folder):
            if entry.is_folder:
                self._sync_all(f"{folder}/{entry.name}")
        disk.sync_folder(self._path(folder))

    def _make_folders(self, folder: str) -> None:
        """Make *folder* and the folders above it that are missing in the storage root."""
        if not folder or os.path.isdir(path := self._path(folder)):
            return
        above = folder.rpartition("/")[0]
        self._make_folders(above)
        disk.make_folder(path)
        disk.sync_folder(self._path(above))

    def _path(self, path: str) -> str:
        """Return the full path of *path*. Raises EditionCorrupt if a link leads elsewhere."""
        place = f"{self._root}/{path}".rstrip("/")
        above = os.path.dirname(place)
        if os.path.realpath(above) != above:
            raise EditionCorrupt("a link leads elsewhere", where=self._where(path))
        return place

    def _where(self, path: str) -> Place:
        return Place(f"{self.name}/{path}")

    @contextlib.contextmanager
    def _reading(self, path: str) -> Iterator[str]:
        try:
            yield self._path(path)
        except (FileNotFoundError, NotADirectoryError) as error:
            if os.path.isfile(self._root):
                raise ArchiveError("this is not a folder", where=Place(self.name)) from error
            raise FileNotFoundError(path) from error
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise EditionCorrupt("this is a link", where=self._where(path)) from error
            message = f"cannot be read: {error.strerror}"
            raise ArchiveError(message, where=self._where(path)) from error

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise OutputError(
                f"the archive cannot be written: {error.strerror}",
                where=Place(self.name),
                remedy=_REMEDIES.get(error.errno or 0, "choose another with --archive"),
            ) from error
