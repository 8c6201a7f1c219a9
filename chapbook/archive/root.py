"""The storage root: what it declares, how it places its objects, and which there are.

OCFL 1.1, section 4. A root by another tool may have another layout, or tell none: then objects are
found by looking. A root with an extension that we do not know is refused, for its objects might
mean something else than they say.
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
_SMALL = 1024 * 1024  # bytes; what a root says of itself is a few lines
_TRIES = 3  # a release may change the object between the readings of its inventory and sidecar
_DEEPEST = 40  # folders; the extension 0003 allows 32 and the object's own


@dataclass(frozen=True, slots=True)
class Root:
    """A storage root that was opened."""

    storage: Storage
    spec: str
    layout: Layout | None  # None where the root tells none
    is_new: bool = False  # nothing is there yet

    def find(self, work: str) -> str | None:
        """The path of the object of *work*, or None."""
        if self.layout:
            try:
                place = self.layout.place(work)
            except ArchiveError:  # no such object can be there
                return None
            if is_object(entries_of(self.storage, place)):
                return place
            self.assure_there()
            return None
        found = (place for place in self.objects() if self.work_at(place) == work)
        return next(found, None)

    def objects(self) -> Iterator[str]:
        """The path of every object, by listings alone."""
        self.assure_there()
        yield from self._objects("", 0)

    def assure_there(self) -> None:
        """Raise ArchiveError where the storage root has vanished since it was opened."""
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
        """The identifier of the object at *place*: from its path where that tells it."""
        told = self.layout.work_at(place) if self.layout else None
        return told or self.inventory(place).work

    def inventory(self, place: str) -> Inventory:
        """The inventory of the object at *place*. Raises EditionCorrupt, ArchiveError."""
        self._refuse_extensions(place)
        for _ in range(_TRIES):
            found = self._proved(place)
            if found:
                return found
        raise EditionCorrupt(
            "the inventory was altered, or its sidecar was",
            where=Place(f"{self.storage.name}/{place}/{FILE}"),
            remedy="run: chapbook verify; and restore the object from a backup",
        )

    def _proved(self, place: str) -> Inventory | None:
        """The inventory, if its sidecar agrees."""
        where = Place(f"{self.storage.name}/{place}/{FILE}")
        content = content_of(self.storage, f"{place}/{FILE}", LARGEST)
        if content is None:
            raise EditionCorrupt("the inventory is missing", where=where)
        inventory = parse_inventory(content, where)
        sidecar = sidecar_name(inventory.algorithm)
        beside = content_of(self.storage, f"{place}/{sidecar}", _SMALL)
        if beside is not None and sidecar_agrees(beside, content, inventory.algorithm):
            return replace(inventory, form=form_of(beside, inventory.algorithm))
        # So it is where a release was killed before its last write (`in_place.py`).
        return inventory if is_complete(self.storage, place, inventory.head, sidecar) else None

    def place_of_new(self, work: str) -> str:
        """Where a first version of *work* goes. Raises ArchiveError where nothing may stand."""
        place = (self.layout or self._inferred()).place(work)
        if entries_of(self.storage, place):
            raise ArchiveError(
                "the place of a new work is taken by something that is no OCFL object",
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
        """The layout by which the objects of a root that tells none seem to lie."""
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
    """Whether a folder with these *entries* is an object's."""
    return any(entry.is_plain and entry.name.startswith(OBJECT) for entry in entries)


def open_root(storage: Storage, *, create: bool) -> Root:
    """The storage root at *storage*. Raises ArchiveError; with *create*, one may be to be made."""
    where = Place(storage.name)
    entries = {entry.name: entry for entry in entries_of(storage, "")}
    declared = [name for name in entries if name.startswith("0=")]
    if not declared:
        if create and set(entries) <= {EXTENSIONS, LAYOUT_FILE} and not _has_foreign(storage):
            return Root(storage, "1.1", layouts.layout_named(layouts.HASHED_WITH_ID, {}), True)
        told = "this is no archive of editions" if entries else "there is no archive"
        if LAYOUT_FILE in entries:
            told = "this file is missing, without which the folder is no archive"
            where = Place(f"{storage.name}/0=ocfl_1.1")
        remedy = "name another with --archive, or release a first edition: chapbook release"
        raise ArchiveError(told, where=where, remedy=remedy)
    spec = _spec(storage, declared)
    refuse_unknown(storage, EXTENSIONS)
    return Root(storage, spec, _layout(storage))


def _has_foreign(storage: Storage) -> bool:
    """Whether `extensions` holds more than a creation that was killed leaves."""
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
    """Raise ArchiveError where *folder* holds an extension that Chapbook does not know."""
    for entry in entries_of(storage, folder):
        if entry.is_folder and entry.name not in KNOWN_EXTENSIONS:
            raise ArchiveError(
                f"it uses the OCFL extension {entry.name!r}, which Chapbook does not know",
                where=Place(f"{storage.name}/{folder}/{entry.name}"),
                remedy="use the tool that made it; nothing was changed",
            )


def _layout(storage: Storage) -> Layout | None:
    told = _json(storage, LAYOUT_FILE)
    if told is None:
        return None
    name = told.get("extension")
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
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise EditionCorrupt("is no JSON", where=Place(f"{storage.name}/{path}")) from error
    if not isinstance(told, dict):
        raise EditionCorrupt("is no JSON object", where=Place(f"{storage.name}/{path}"))
    return told


def make(storage: Storage) -> Root:
    """Make an empty folder a storage root; its declaration last. Only who holds it may."""
    name = layouts.HASHED_WITH_ID
    storage.put(f"{EXTENSIONS}/{name}/config.json", layouts.standard_config())
    storage.put(LAYOUT_FILE, layouts.standard_layout())
    storage.put("0=ocfl_1.1", b"ocfl_1.1\n")
    return open_root(storage, create=False)
