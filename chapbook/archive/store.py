"""The archive for its users: works, their versions, the files in them, and verification.

An archive is an OCFL 1.1 storage root. A work is one OCFL object under the work's identifier. An
edition, or a printing of it, is one version of that object. This module does not know the meaning
of the files: the modules that write `edition.json` know labels, for example.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

from chapbook.archive import in_place
from chapbook.archive.inventory import Inventory, extend, hash_of
from chapbook.archive.local import Local
from chapbook.archive.root import OBJECT, Root, make, open_root
from chapbook.archive.storage import Storage
from chapbook.archive.values import Stamp, Version
from chapbook.model.errors import (
    ArchiveChanged,
    ArchiveError,
    EditionCorrupt,
    Finding,
    OutputError,
    Place,
)

__all__ = ["Archive", "Stamp", "Version", "open_archive"]
_REMEDY = "run: chapbook verify; and restore the object from a backup"


class Archive:
    """A storage root, on a disk or behind any URL that fsspec understands.

    Reading never changes anything. Every method raises ArchiveError if the archive cannot be
    reached, and OutputError if it cannot be written.
    """

    def __init__(self, root: Root) -> None:
        self.root = root.storage.name
        self._root = root
        # The inventories that were read. Their entries for a version never change.
        self._seen: dict[str, tuple[str, Inventory]] = {}

    def works(self) -> Iterator[str]:
        """Yield the identifier of every work, from listings and at most one small file each."""
        for place in self._root.objects():
            yield self._root.work_at(place)

    def versions(self, work: str) -> tuple[Version, ...]:
        """Return every version of *work*, oldest first; none if there is no such work.

        It reads one inventory, and nothing else. Raises EditionCorrupt if the inventory does not
        match its sidecar.
        """
        place = self._root.find(work)
        return self._at(work, place).versions if place else ()

    def read(self, version: Version, path: str) -> bytes:
        """Return the file at the logical *path* of *version*.

        Raises EditionCorrupt if it is missing or has another digest, ArchiveError if *version*
        never had such a path.
        """
        if path not in version.files:
            message = f"version {version.number} of {version.work} has no {path}"
            raise ArchiveError(message, where=Place(self.root))
        digest = version.files[path]
        place, inventory = self._seen.get(version.work) or self._found(version.work)
        content_path = f"{place}/{inventory.manifest[digest][0]}"
        where = Place(f"{self.root}/{content_path}")
        try:
            content = self._root.storage.read(content_path)
        except FileNotFoundError as error:
            raise EditionCorrupt(f"{path} is missing", where=where, remedy=_REMEDY) from error
        if hash_of(content, version.digest_algorithm) != digest:
            raise EditionCorrupt(f"{path} was altered", where=where, remedy=_REMEDY)
        return content

    def add(self, work: str, files: Mapping[str, bytes], stamp: Stamp, *, after: int) -> Version:
        """Store *files* as the next version of *work*, whole or not at all, and return it.

        *after* is the number of versions that the caller has seen. If another release came in
        between, this raises ArchiveChanged, and the caller looks again. Only one release at a time
        writes; a second one waits. First, the remains of an interrupted release are removed.
        """
        storage = self._root.storage
        if self._root.is_new:
            storage.make_root()
        with storage.exclusive():
            self._root = open_root(storage, create=self._root.is_new)
            in_place.clear(storage)
            try:
                if self._root.is_new:
                    self._root = make(storage)
                return self._add(work, files, stamp, after)
            finally:
                # If something cannot be removed now, the next release removes it.
                with suppress(OutputError, ArchiveError):
                    storage.assure_exclusive()
                    in_place.clear(storage)

    def _add(self, work: str, files: Mapping[str, bytes], stamp: Stamp, after: int) -> Version:
        place = self._root.find(work)
        former = self._at(work, place) if place else None
        if (seen := len(former.versions) if former else 0) != after:
            raise ArchiveChanged(
                f"{work} has {seen} versions by now, not {after}: another release came in between",
                where=Place(self.root),
                remedy="run it again",
            )
        addition = extend(former, work, files, stamp, spec=self._root.spec)
        declaration = "" if former else f"{OBJECT}{self._root.spec}"
        target = place or self._root.place_of_new(work)
        self._root.storage.publish(target, addition, declaration)
        self._seen.pop(work, None)  # it does not have the files of the new version
        return addition.version

    def verify(self, work: str | None = None, number: int | None = None) -> Iterator[Finding]:
        """Yield the errors of the archive, of one *work*, or of one version of it.

        Every byte is read and every digest computed. ocfl-py checks the form of objects and root.
        Every file that no inventory lists is reported.
        """
        from chapbook.archive import proof, root_proof

        if work is None:
            yield from root_proof.of_root(self._root)
        else:
            place, inventory = self._found(work)
            if number is not None and not 1 <= number <= len(inventory.versions):
                raise ArchiveError(f"{work} has no version {number}", where=Place(self.root))
            yield from proof.of_object(self._root, place, number)

    def _found(self, work: str) -> tuple[str, Inventory]:
        place = self._root.find(work)
        if place is None:
            raise ArchiveError(f"the archive has no work {work}", where=Place(self.root))
        return place, self._at(work, place)

    def _at(self, work: str, place: str) -> Inventory:
        """Return the inventory at *place*, and keep it for later."""
        inventory = self._root.inventory(place)
        if inventory.work != work:
            message = f"the object of {inventory.work} is in the place of {work}"
            raise EditionCorrupt(message, where=Place(f"{self.root}/{place}"), remedy=_REMEDY)
        self._seen[work] = place, inventory
        return inventory


def open_archive(root: str, *, create: bool = False) -> Archive:
    """Return the archive at *root*, a folder or a URL such as `s3://bucket/editions`.

    With *create*, a missing or empty folder becomes an archive at the first `add`, not before.
    Raises ArchiveError if it is not an archive, or has extensions that Chapbook does not know.
    """
    return Archive(open_root(_storage(root), create=create))


def _storage(root: str) -> Storage:
    scheme, parted, path = root.partition("://")
    if not parted:
        return Local(root)
    if scheme in {"file", "local"}:
        return Local(path)
    from chapbook.archive.remote import Remote

    return Remote(root)
