"""The archive as its users see it: works, their versions, the files in them, and proof of all.

An archive is an OCFL 1.1 storage root. A work is one OCFL object under the work's identifier; what
Chapbook calls an edition (or a printing of it) is one version of that object. What the files mean
is not known here: labels, for one, are the business of those who write `edition.json`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chapbook.archive.values import Stamp, Version
from chapbook.errors import Finding


class Archive:
    """A storage root, on a disk or behind any URL that fsspec understands.

    Reading never changes anything. Everything raises ArchiveError where the archive cannot be
    reached, OutputError where it cannot be written.
    """

    root: str

    def works(self) -> Iterator[str]:
        """The identifier of every work: a listing of folders, and one small read each at most."""
        raise NotImplementedError

    def versions(self, work: str) -> tuple[Version, ...]:
        """Every version of *work*, oldest first; none where there is no such work.

        Reads one inventory, and nothing else.
        Raises EditionCorrupt where the inventory is not what its sidecar says.
        """
        raise NotImplementedError

    def read(self, version: Version, path: str) -> bytes:
        """The file at the logical *path* of *version*.

        Raises EditionCorrupt where it is missing or its digest is another, ArchiveError where
        *version* never had such a path.
        """
        raise NotImplementedError

    def add(self, work: str, files: Mapping[str, bytes], stamp: Stamp, *, after: int) -> Version:
        """Store *files* as the next version of *work*, whole or not at all, and return it.

        *after* is how many versions the caller has seen: raises ArchiveChanged where another
        release came in between, and then the caller looks again. One release at a time writes; a
        second one waits. What an interrupted release left is cleared away first.
        """
        raise NotImplementedError

    def verify(self, work: str | None = None, number: int | None = None) -> Iterator[Finding]:
        """What is wrong with the archive, with one *work*, or with one version of it.

        Every byte is read and every digest computed; ocfl-py judges the form of objects and root;
        every file that no inventory knows is named.
        """
        raise NotImplementedError


def open_archive(root: str, *, create: bool = False) -> Archive:
    """The archive at *root*, a folder or a URL such as `s3://bucket/editions`.

    With *create*, a folder that is missing or empty becomes one at the first `add`, not before.
    Raises ArchiveError for what is no archive, or one with extensions that Chapbook does not know.
    """
    raise NotImplementedError
