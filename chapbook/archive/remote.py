"""An archive behind a URL, mainly a bucket of S3, through ocfl-py's file layer (fsspec).

There are no renames, so a version is added file by file (`in_place.py`); each file appears whole.
There are no locks either: the release that first creates the file LOCK has the archive.
"""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from chapbook.archive import in_place, ocfl
from chapbook.archive.inventory import Addition
from chapbook.archive.storage import LOCK, STAGING, Entry
from chapbook.model.errors import ArchiveError, EditionCorrupt, OutputError, Place

_PIECE = 4 * 1024 * 1024  # bytes read at once
_LOCK = f"{STAGING}/{LOCK}"
_PATIENCE_S = 120.0  # how long to wait for another release
_PAUSE_S = 0.5
_RENEWAL_S = 60.0
_STALE_S = 3600.0  # a lock that is not renewed for so long belongs to a dead process


class Remote:
    """A storage root at a URL such as `s3://bucket/editions?endpoint_url=https://…`."""

    def __init__(self, url: str) -> None:
        self.name = url.partition("?")[0].rstrip("/")
        try:
            self._fs = ocfl.file_system(url)
        except Exception as error:  # every storage raises its own errors
            message = f"the archive cannot be reached: {_reason(error)}"
            raise ArchiveError(message, where=Place(self.name), remedy=_REMEDY) from error
        self._token = ""
        self._renewed_s = 0.0  # when the lock was written, by the monotonic clock

    def entries(self, folder: str) -> list[Entry]:
        """As in Storage."""
        with self._reading(folder):
            self._fs.invalidate_cache()  # another process may have changed what was listed
            listing = self._fs.ls(folder, detail=True)
            entries = [_entry(info) for info in listing if info["name"].strip("/") != folder]
        if not entries:  # a bucket has no empty folders
            raise FileNotFoundError(folder)
        return sorted(entries, key=lambda entry: entry.name)

    def chunks(self, path: str) -> Iterator[bytes]:
        """As in Storage."""
        with self._reading(path), self._fs.open(path, "rb", block_size=_PIECE) as stream:
            while piece := stream.read(_PIECE):
                yield bytes(piece)

    def read(self, path: str, largest: int | None = None) -> bytes:
        """As in Storage."""
        with self._reading(path):
            if largest is not None and self._fs.size(path) > largest:
                where = Place(f"{self.name}/{path}")
                raise EditionCorrupt(f"has more than {largest} bytes", where=where)
            return bytes(self._fs.cat_file(path))

    def for_judge(self, path: str) -> object:
        """As in Storage."""
        self._fs.invalidate_cache()
        return ocfl.folder_of(self._fs, path)

    def put(self, path: str, content: bytes) -> None:
        """As in Storage; folders are made if the file system needs them."""
        with self._writing():
            if self._token and time.monotonic() - self._renewed_s > _RENEWAL_S:
                self._write_lock(self._token)  # shows others that this process is alive
            try:
                self._fs.pipe_file(path, content)
            except FileNotFoundError:
                self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
                self._fs.pipe_file(path, content)

    def remove(self, path: str) -> None:
        """As in Storage."""
        with self._writing(), contextlib.suppress(FileNotFoundError):
            self._fs.invalidate_cache()
            self._fs.rm(path, recursive=True)

    def make_root(self) -> None:
        """Do nothing: a bucket needs no folders, and its owner must create the bucket."""

    def publish(self, place: str, addition: Addition, declaration: str) -> None:
        """As in Storage."""
        in_place.publish(self, place, addition, declaration)

    def exclusive(self) -> AbstractContextManager[None]:
        """As in Storage."""
        return self._exclusive()

    @contextlib.contextmanager
    def _exclusive(self) -> Iterator[None]:
        token = f"{os.uname().nodename} {os.getpid()} {uuid.uuid4()}"
        waited_s = 0.0
        while not self._take(token):
            if waited_s >= _PATIENCE_S:
                raise OutputError(
                    "another release holds the archive",
                    where=Place(self.name),
                    remedy=f"wait for it; if it died, remove {self.name}/{_LOCK}",
                )
            time.sleep(_PAUSE_S)
            waited_s += _PAUSE_S
        self._token = token
        try:
            yield
        finally:
            self._token = ""
            if self._holder() == token:
                self.remove(_LOCK)

    def assure_exclusive(self) -> None:
        """As in Storage: check that the lock is still ours."""
        if self._holder() != self._token:
            raise ArchiveError(
                "another release took the archive over, for this one seemed dead",
                where=Place(self.name),
                remedy="run it again",
            )

    def _take(self, token: str) -> bool:
        """Create the lock, unless a process that may be alive has it; return whether we have it."""
        holder = self._holder()
        if holder and not (_is_dead(holder) or self._is_stale()):
            return False
        with self._writing():
            if holder:
                self.remove(_LOCK)
            with contextlib.suppress(FileExistsError, FileNotFoundError):
                self._fs.makedirs(STAGING, exist_ok=True)
            with contextlib.suppress(FileExistsError):
                self._write_lock(token, mode="create")
        return self._holder() == token

    def _write_lock(self, token: str, mode: str = "overwrite") -> None:
        self._fs.pipe_file(_LOCK, token.encode(), mode=mode)
        self._renewed_s = time.monotonic()

    def _holder(self) -> str:
        """Return the token of the process that has the lock; empty if none has it."""
        try:
            return self.read(_LOCK, 1024).decode(errors="replace")
        except FileNotFoundError:
            return ""

    def _is_stale(self) -> bool:
        """Return whether the lock is too old by the storage's clock: the time of a new file."""
        probe = f"{STAGING}/{uuid.uuid4()}"
        try:
            self.put(probe, b"?")
            age = self._fs.modified(probe) - self._fs.modified(_LOCK)
        except (FileNotFoundError, NotImplementedError):
            return False
        finally:
            self.remove(probe)
        return bool(age.total_seconds() > _STALE_S)

    @contextlib.contextmanager
    def _reading(self, path: str) -> Iterator[None]:
        try:
            yield
        except (FileNotFoundError, NotADirectoryError) as error:
            raise FileNotFoundError(path) from error
        except ArchiveError:
            raise
        except Exception as error:  # every storage raises its own errors
            message = f"the archive cannot be read: {_reason(error)}"
            raise ArchiveError(message, where=Place(self.name), remedy=_REMEDY) from error

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except (ArchiveError, OutputError, FileExistsError, FileNotFoundError):
            raise
        except Exception as error:  # every storage raises its own errors
            message = f"the archive cannot be written: {_reason(error)}"
            raise OutputError(message, where=Place(self.name), remedy=_REMEDY) from error


_REMEDY = "look at the URL, the network and the credentials"


def _reason(error: Exception) -> str:
    """Return the message of an error in one line."""
    return " ".join(str(error).split()) or type(error).__name__


def _entry(info: dict[str, Any]) -> Entry:
    name = info["name"].rstrip("/").rpartition("/")[2]
    return Entry(name, info["type"] == "directory", info["type"] == "file")


def _is_dead(holder: str) -> bool:
    """Return whether *holder* is a process of this machine that has ended."""
    node, _, rest = holder.partition(" ")
    number = rest.partition(" ")[0]
    if node != os.uname().nodename or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:  # it belongs to another user
        return False
    return False
