"""Adds a version file by file, for a storage that cannot exchange two folders.

The order is: the content, the inventory of the version, the inventory of the object, its sidecar.
For a new object, the declaration comes after all of these. Meanwhile a note in STAGING names the
object. With it, the next release of any work finds the files that a killed release left, and
completes or removes them. Until then, the object has every former version, and readers see either
the state before or the state after.
"""

from __future__ import annotations

import json
import re

from chapbook.archive.inventory import (
    FILE,
    LARGEST,
    Addition,
    is_relative,
    parse_inventory,
    sidecar_agrees,
    sidecar_name,
)
from chapbook.archive.storage import LOCK, STAGING, Storage, content_of, entries_of
from chapbook.model.errors import EditionCorrupt, Place

_NOTE = ".json"
_OBJECT = "0=ocfl_object_"
_FOLDER = re.compile("v[0-9]+")
_SIDECAR = re.compile(r"inventory\.json\.sha(256|512)")


def publish(storage: Storage, place: str, addition: Addition, declaration: str) -> None:
    """Add a version to the object at *place*, as described in Storage.publish."""
    note = f"{STAGING}/{addition.folder}{_NOTE}"
    value = {"object": place, "folder": addition.folder, "sidecar": addition.sidecar_name}
    storage.put(note, json.dumps(value).encode())
    for path, content in addition.content.items():
        storage.put(f"{place}/{path}", content)
    for folder in (f"{place}/{addition.folder}", place):
        storage.assure_exclusive()
        storage.put(f"{folder}/{FILE}", addition.inventory)
        storage.put(f"{folder}/{addition.sidecar_name}", addition.sidecar)
    if declaration:
        storage.put(f"{place}/{declaration}", f"{declaration.removeprefix('0=')}\n".encode())
    storage.remove(note)


def clear(storage: Storage) -> None:
    """Remove what an interrupted release left. Only a release with the lock may call this."""
    for entry in entries_of(storage, STAGING):
        path = f"{STAGING}/{entry.name}"
        if entry.is_plain and entry.name.endswith(_NOTE):
            _repair(storage, path)
        if entry.name != LOCK:
            storage.remove(path)
    if not entries_of(storage, STAGING):
        storage.remove(STAGING)


def _repair(storage: Storage, note: str) -> None:
    """Complete or remove the version that *note* names."""
    try:
        value = json.loads(storage.read(note, LARGEST))
        place, folder, sidecar = (str(value[key]) for key in ("object", "folder", "sidecar"))
    except (KeyError, TypeError, ValueError):
        return  # the release was killed while it wrote the note, which is the first step
    if not (is_relative(place) and _FOLDER.fullmatch(folder) and _SIDECAR.fullmatch(sidecar)):
        raise EditionCorrupt(f"{note} names no object", where=Place(storage.name))
    names = {entry.name for entry in entries_of(storage, place)}
    if not any(name.startswith(_OBJECT) for name in names):
        for name in (folder, FILE, sidecar):
            storage.remove(f"{place}/{name}")
    elif is_complete(storage, place, folder, sidecar):
        storage.put(f"{place}/{sidecar}", storage.read(f"{place}/{folder}/{sidecar}", LARGEST))
    elif not _is_listed(storage, place, folder):
        storage.remove(f"{place}/{folder}")


def is_complete(storage: Storage, place: str, folder: str, sidecar: str) -> bool:
    """Return whether the inventories of the object and of its version in *folder* are equal.

    The version's sidecar must agree with them. This is the state after a release was killed just
    before it wrote the object's sidecar.
    """
    inventory = content_of(storage, f"{place}/{FILE}", LARGEST)
    beside = content_of(storage, f"{place}/{folder}/{sidecar}", LARGEST)
    algorithm = sidecar.removeprefix(sidecar_name(""))
    return (
        inventory is not None
        and beside is not None
        and inventory == content_of(storage, f"{place}/{folder}/{FILE}", LARGEST)
        and sidecar_agrees(beside, inventory, algorithm)
    )


def _is_listed(storage: Storage, place: str, folder: str) -> bool:
    """Return whether the object's inventory lists the version in *folder*."""
    inventory = parse_inventory(storage.read(f"{place}/{FILE}", LARGEST), Place(place))
    return folder in inventory.version_folders
