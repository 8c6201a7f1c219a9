"""A version added file by file, where a storage cannot let two folders change places.

Content first, then the version's inventory, then the object's; its sidecar last; of a new object,
the declaration after all. A note in STAGING names the object meanwhile, so that the next release of
any work finds what a killed one left, and completes it or takes it away. Between a kill and that,
the object holds every former version, and readers see one of the two states.
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
    """Add a version to the object at *place*, as Storage.publish says."""
    note = f"{STAGING}/{addition.folder}{_NOTE}"
    told = {"object": place, "folder": addition.folder, "sidecar": addition.sidecar_name}
    storage.put(note, json.dumps(told).encode())
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
    """Clear away what an interrupted release left. Only a release that holds the archive may."""
    for entry in entries_of(storage, STAGING):
        path = f"{STAGING}/{entry.name}"
        if entry.is_plain and entry.name.endswith(_NOTE):
            _repair(storage, path)
        if entry.name != LOCK:
            storage.remove(path)
    if not entries_of(storage, STAGING):
        storage.remove(STAGING)


def _repair(storage: Storage, note: str) -> None:
    """Complete or take back the version that *note* tells of."""
    try:
        told = json.loads(storage.read(note, LARGEST))
        place, folder, sidecar = (str(told[key]) for key in ("object", "folder", "sidecar"))
    except (KeyError, TypeError, ValueError):
        return  # the kill came while the note was written: before all else
    if not (is_relative(place) and _FOLDER.fullmatch(folder) and _SIDECAR.fullmatch(sidecar)):
        raise EditionCorrupt(f"{note} names no object", where=Place(storage.name))
    names = {entry.name for entry in entries_of(storage, place)}
    if not any(name.startswith(_OBJECT) for name in names):
        for name in (folder, FILE, sidecar):
            storage.remove(f"{place}/{name}")
    elif is_complete(storage, place, folder, sidecar):
        storage.put(f"{place}/{sidecar}", storage.read(f"{place}/{folder}/{sidecar}", LARGEST))
    elif not _is_told(storage, place, folder):
        storage.remove(f"{place}/{folder}")


def is_complete(storage: Storage, place: str, folder: str, sidecar: str) -> bool:
    """Whether the object's inventory is that of its version in *folder*, which its sidecar proves.

    So it is when a release was killed just before it wrote the object's sidecar.
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


def _is_told(storage: Storage, place: str, folder: str) -> bool:
    """Whether the object's inventory knows the version in *folder*."""
    inventory = parse_inventory(storage.read(f"{place}/{FILE}", LARGEST), Place(place))
    return folder in inventory.version_folders
