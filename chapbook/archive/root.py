"""Opens a storage root: its declaration, its layout, and its objects.

OCFL 1.1, section 4. A root by another tool may have another layout, or none; then objects are found
by a search of all folders. A root with an unknown extension is refused, because that extension
could change the meaning of its objects.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chapbook.archive import layouts
from chapbook.archive.in_place import is_complete
from chapbook.archive.inventory import (
    FILE,
    LARGEST,
    Inventory,
    form_of,
    parse_inventory,
    sidecar_agrees,
    sidecar_name,
)
from chapbook.archive.layouts import Layout
from chapbook.archive.storage import STAGING, Entry, Storage, content_of, entries_of
from chapbook.model.errors import ArchiveError, EditionCorrupt, Place

OBJECT = "0=ocfl_object_"
EXTENSIONS = "extensions"
LAYOUT_FILE = "ocfl_layout.json"
SPECS = ("1.0", "1.1")
KNOWN_EXTENSIONS = layouts.names() | {"0001-digest-algorithms", STAGING.rpartition("/")[2]}
_SMALL = 1024 * 1024  # bytes; the files that describe a root have a few lines
_TRIES = 3  # a release may change the object between the readings of its inventory and sidecar
_DEEPEST = 40  # folders; the extension 0003 allows 32 and the object's own


@dataclass(frozen=True, slots=True)
class Root:
    """A storage root that was opened."""

    storage: Storage
    spec: str
    layout: Layout | None  # None if the root declares none
    is_new: bool = False  # nothing is there yet

    def find(self, work: str) -> str | None:
        """Return the path of the object of *work*, or None."""
        if self.layout:
            try:
                place = self.layout.place(work)
            except ArchiveError:  # no such object can be there
                return None
            if is_object(entries_of(self.storage, place)):
                return place
            self.assure_there()
            return None
        places = (place for place in self.objects() if self.work_at(place) == work)
        return next(places, None)

    def objects(self) -> Iterator[str]:
        """Yield the path of every object. This only lists folders."""
        self.assure_there()
        yield from self._objects("", 0)

    def assure_there(self) -> None:
        """Raise ArchiveError if the storage root has vanished since it was opened."""
        if not self.is_new and not entries_of(self.storage, ""):
            remedy = "is its disk mounted?"
            where = Place(self.storage.name)
            raise ArchiveError("the archive has vanished", where=where, remedy=remedy)

    def _objects(self, folder: str, depth: int) -> Iterator[str]:
        entries = entries_of(self.storage, folder)
        if folder and is_object(entries):
            yield folder
            return
        for entry in entries:
            if entry.is_folder and depth < _DEEPEST and (folder or entry.name != EXTENSIONS):
                yield from self._objects(f"{folder}/{entry.name}".lstrip("/"), depth + 1)

    def work_at(self, place: str) -> str:
        """Return the identifier of the object at *place*, from its path if that contains it."""
        work = self.layout.work_at(place) if self.layout else None
        return work or self.inventory(place).work

    def inventory(self, place: str) -> Inventory:
        """Return the inventory of the object at *place*.

        Raises EditionCorrupt if it is missing or altered, ArchiveError for an unknown extension.
        """
        self._refuse_extensions(place)
        for _ in range(_TRIES):
            inventory = self._proved(place)
            if inventory:
                return inventory
        raise EditionCorrupt(
            "the inventory was altered, or its sidecar was",
            where=Place(f"{self.storage.name}/{place}/{FILE}"),
            remedy="run: chapbook verify; and restore the object from a backup",
        )

    def _proved(self, place: str) -> Inventory | None:
        """Return the inventory if its sidecar agrees with it."""
        where = Place(f"{self.storage.name}/{place}/{FILE}")
        content = content_of(self.storage, f"{place}/{FILE}", LARGEST)
        if content is None:
            raise EditionCorrupt("the inventory is missing", where=where)
        inventory = parse_inventory(content, where)
        sidecar = sidecar_name(inventory.algorithm)
        beside = content_of(self.storage, f"{place}/{sidecar}", _SMALL)
        if beside is not None and sidecar_agrees(beside, content, inventory.algorithm):
            return replace(inventory, form=form_of(beside, inventory.algorithm))
        # A release that was killed before its last write leaves this state (`in_place.py`).
        return inventory if is_complete(self.storage, place, inventory.head, sidecar) else None

    def place_of_new(self, work: str) -> str:
        """Return the place for a first version of *work*. Raises ArchiveError if it is taken."""
        place = (self.layout or self._inferred()).place(work)
        if entries_of(self.storage, place):
            raise ArchiveError(
                "the place of a new work is taken by something that is not an OCFL object",
                where=Place(f"{self.storage.name}/{place}"),
                remedy="move it away",
            )
        parts = place.split("/")
        for depth in range(1, len(parts)):
            above = "/".join(parts[:depth])
            if any(not entry.is_folder for entry in entries_of(self.storage, above)):
                raise ArchiveError(
                    f"the place of a new work, {place}, would lie within another object",
                    where=Place(f"{self.storage.name}/{above}"),
                )
        return place

    def _inferred(self) -> Layout:
        """Return the probable layout of a root that declares none, by the place of one object."""
        choices = [
            layouts.layout_named(name, {})
            for name in (layouts.HASHED_WITH_ID, layouts.HASHED, layouts.FLAT)
        ]
        first = next(self.objects(), None)
        if first is not None:
            work = self.inventory(first).work
            agreeing = [layout for layout in choices if _places(layout, work, first)]
            choices = agreeing or choices
        return choices[0]

    def _refuse_extensions(self, place: str) -> None:
        if any(entry.name == EXTENSIONS for entry in entries_of(self.storage, place)):
            refuse_unknown(self.storage, f"{place}/{EXTENSIONS}")


def _places(layout: Layout, work: str, place: str) -> bool:
    try:
        return layout.place(work) == place
    except ArchiveError:  # a work that this layout cannot hold
        return False


def is_object(entries: list[Entry]) -> bool:
    """Return whether a folder with these *entries* is an object."""
    return any(entry.is_plain and entry.name.startswith(OBJECT) for entry in entries)


def open_root(storage: Storage, *, create: bool) -> Root:
    """Return the storage root in *storage*. With *create*, it may be missing, to be made later.

    Raises ArchiveError if it is not an archive, EditionCorrupt if its declaration was altered.
    """
    where = Place(storage.name)
    entries = {entry.name: entry for entry in entries_of(storage, "")}
    declared = [name for name in entries if name.startswith("0=")]
    if not declared:
        if create and set(entries) <= {EXTENSIONS, LAYOUT_FILE} and not _has_foreign(storage):
            return Root(storage, "1.1", layouts.layout_named(layouts.HASHED_WITH_ID, {}), True)
        message = "this is not an archive of editions" if entries else "there is no archive"
        if LAYOUT_FILE in entries:
            message = "this file is missing, without which the folder is not an archive"
            where = Place(f"{storage.name}/0=ocfl_1.1")
        remedy = "name another with --archive, or release a first edition: chapbook release"
        raise ArchiveError(message, where=where, remedy=remedy)
    spec = _spec(storage, declared)
    refuse_unknown(storage, EXTENSIONS)
    return Root(storage, spec, _layout(storage))


def _has_foreign(storage: Storage) -> bool:
    """Return whether `extensions` has more than what a killed creation leaves."""
    ours = {layouts.HASHED_WITH_ID, STAGING.rpartition("/")[2]}
    return any(entry.name not in ours for entry in entries_of(storage, EXTENSIONS))


def _spec(storage: Storage, declared: list[str]) -> str:
    for spec in SPECS:
        if declared == [f"0=ocfl_{spec}"]:
            if content_of(storage, declared[0], _SMALL) == f"ocfl_{spec}\n".encode():
                return spec
            where = Place(f"{storage.name}/{declared[0]}")
            raise EditionCorrupt("the archive's declaration was altered", where=where)
    raise ArchiveError(
        f"this declares {', '.join(declared)}; Chapbook knows 0=ocfl_1.0 and 0=ocfl_1.1",
        where=Place(f"{storage.name}/{declared[-1]}"),
    )


def refuse_unknown(storage: Storage, folder: str) -> None:
    """Raise ArchiveError if *folder* has an extension that Chapbook does not know."""
    for entry in entries_of(storage, folder):
        if entry.is_folder and entry.name not in KNOWN_EXTENSIONS:
            raise ArchiveError(
                f"it uses the OCFL extension {entry.name!r}, which Chapbook does not know",
                where=Place(f"{storage.name}/{folder}/{entry.name}"),
                remedy="use the tool that made it; nothing was changed",
            )


def _layout(storage: Storage) -> Layout | None:
    declared = _json(storage, LAYOUT_FILE)
    if declared is None:
        return None
    name = declared.get("extension")
    if not isinstance(name, str):
        raise EditionCorrupt("names no layout", where=Place(f"{storage.name}/{LAYOUT_FILE}"))
    path = LAYOUT_FILE
    try:
        layouts.demand_known(name)
        path = f"{EXTENSIONS}/{name}/config.json"
        return layouts.layout_named(name, _json(storage, path) or {})
    except ArchiveError as error:
        where = error.where or Place(f"{storage.name}/{path}")
        raise ArchiveError(error.message, where=where, remedy=error.remedy) from error


def _json(storage: Storage, path: str) -> Mapping[str, Any] | None:
    content = content_of(storage, path, _SMALL)
    if content is None:
        return None
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise EditionCorrupt("is not JSON", where=Place(f"{storage.name}/{path}")) from error
    if not isinstance(value, dict):
        raise EditionCorrupt("is not a JSON object", where=Place(f"{storage.name}/{path}"))
    return value


def make(storage: Storage) -> Root:
    """Make an empty folder a storage root; write its declaration last. The caller has the lock."""
    name = layouts.HASHED_WITH_ID
    storage.put(f"{EXTENSIONS}/{name}/config.json", layouts.standard_config())
    storage.put(LAYOUT_FILE, layouts.standard_layout())
    storage.put("0=ocfl_1.1", b"ocfl_1.1\n")
    return open_root(storage, create=False)
