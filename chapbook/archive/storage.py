"""The storage of an archive: the interface that a disk and a bucket have in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from chapbook.archive.inventory import Addition

STAGING = "extensions/chapbook-staging"
"""The folder for files of a running release. The next release removes what a killed one left there.

OCFL reserves `extensions` in a storage root for such uses, and validators accept it. Between
releases the folder does not exist.
"""

LOCK = "lock"
"""The name in STAGING of the file that keeps a second release out if a storage has no locks."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One name in a folder."""

    name: str
    is_folder: bool
    is_plain: bool  # a file; an entry that is neither is a link or a device


class Storage(Protocol):
    """A tree of folders and files; paths are relative to the storage root, separated by `/`.

    Methods raise FileNotFoundError if a path does not exist, otherwise ArchiveError, or OutputError
    in writing.
    """

    name: str

    def entries(self, folder: str) -> list[Entry]:
        """Return the entries of *folder*, sorted by name."""

    def chunks(self, path: str) -> Iterator[bytes]:
        """Yield the content of a file in pieces."""

    def read(self, path: str, largest: int | None = None) -> bytes:
        """Return the content of a file. Raises EditionCorrupt if it exceeds *largest* bytes."""

    def put(self, path: str, content: bytes) -> None:
        """Write a file, whole or not at all, and replace a former one."""

    def remove(self, path: str) -> None:
        """Remove a file or a folder with its content, and the folders above that are then empty."""

    def for_judge(self, path: str) -> object:
        """Return the value that ocfl-py opens: a path, or an fsspec file system."""

    def make_root(self) -> None:
        """Make the folder of the storage root, if this storage needs folders."""

    def exclusive(self) -> AbstractContextManager[None]:
        """Return a context for one release at a time; it waits for another to end."""

    def assure_exclusive(self) -> None:
        """Raise ArchiveError if another release took over."""

    def publish(self, place: str, addition: Addition, declaration: str) -> None:
        """Add a version to the object at *place*; the first one if *declaration* is not empty.

        *declaration* is the name of the file that marks a folder as an object.
        """


def content_of(storage: Storage, path: str, largest: int) -> bytes | None:
    """Return the content of a file, or None if it does not exist."""
    try:
        return storage.read(path, largest)
    except FileNotFoundError:
        return None


def entries_of(storage: Storage, folder: str) -> list[Entry]:
    """Return the entries of *folder*; none if it does not exist."""
    try:
        return storage.entries(folder)
    except FileNotFoundError:
        return []
