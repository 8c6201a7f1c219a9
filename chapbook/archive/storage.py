"""Where an archive lies: what a disk and a bucket have in common, as the archive needs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from chapbook.archive.inventory import Addition

STAGING = "extensions/chapbook-staging"
"""What a release has under way; the next release clears away what a killed one left there.

OCFL keeps a storage root's `extensions` for such, and validators let it be. Between releases it is
gone.
"""

LOCK = "lock"
"""The name in STAGING of what keeps a second release out, where a storage has no locks."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One name in a folder."""

    name: str
    is_folder: bool
    is_plain: bool  # a file; what is neither is a link or a device


class Storage(Protocol):
    """A tree of folders and files; paths are relative to the storage root, parted by `/`.

    Where a path is not there, FileNotFoundError; else ArchiveError, or OutputError in writing.
    """

    name: str

    def entries(self, folder: str) -> list[Entry]:
        """What lies in *folder*, sorted by name."""

    def chunks(self, path: str) -> Iterator[bytes]:
        """The content of a file, piece by piece."""

    def read(self, path: str, largest: int | None = None) -> bytes:
        """The content of a file. Raises EditionCorrupt where it has more than *largest* bytes."""

    def put(self, path: str, content: bytes) -> None:
        """Write a file, whole or not at all, in place of a former one."""

    def remove(self, path: str) -> None:
        """Remove a file, or a folder with all in it; and the folders above that are then empty."""

    def for_judge(self, path: str) -> object:
        """What ocfl-py opens: a path, or an fsspec file system."""

    def make_root(self) -> None:
        """Make the folder of the storage root, where folders are made."""

    def exclusive(self) -> AbstractContextManager[None]:
        """One release at a time: wait for another to end."""

    def assure_exclusive(self) -> None:
        """Raise ArchiveError where another release took over."""

    def publish(self, place: str, addition: Addition, declaration: str) -> None:
        """Add a version to the object at *place*; its first one, where *declaration* is not empty.

        *declaration* is the name of the file that makes a folder an object.
        """


def content_of(storage: Storage, path: str, largest: int) -> bytes | None:
    """A file's content, or None where there is none."""
    try:
        return storage.read(path, largest)
    except FileNotFoundError:
        return None


def entries_of(storage: Storage, folder: str) -> list[Entry]:
    """What lies in *folder*; nothing where it is not there."""
    try:
        return storage.entries(folder)
    except FileNotFoundError:
        return []
