"""Verifies that an object is unaltered: it reads every byte and checks every file name.

Our own check names each file. ocfl-py, which shares no code with it, checks digests and form again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from chapbook.archive import ocfl
from chapbook.archive.inventory import (
    FILE,
    LARGEST,
    Inventory,
    form_of,
    parse_inventory,
    sidecar_agrees,
    sidecar_name,
)
from chapbook.archive.root import EXTENSIONS, OBJECT, Root
from chapbook.archive.storage import Storage, entries_of
from chapbook.model.errors import ArchiveError, Code, EditionCorrupt, Finding, Place, error, warning

_LOGS = "logs"  # OCFL 1.1, section 3.8: any file may be there


@dataclass(frozen=True, slots=True)
class Object:
    """An object that is verified: its inventory, and the files that exist."""

    storage: Storage
    place: str
    inventory: Inventory
    found: frozenset[str]  # every file below the object, except logs and extensions

    def finding(self, code: Code, path: str, message: str) -> Finding:
        """Return an error at *path* in the object."""
        return error(code, message, Place(f"{self.storage.name}/{self.place}/{path}"))

    def read(self, path: str) -> bytes:
        """Return the content of a small file of the object."""
        return self.storage.read(f"{self.place}/{path}", LARGEST)


def of_object(root: Root, place: str, number: int | None = None) -> Iterator[Finding]:
    """Yield the errors of the object at *place*; with *number*, only those of this version."""
    named: list[Finding] = []
    for finding in _own_look(root, place, number):
        named.append(finding)
        yield finding
    if number is None:
        yield from _judged(root, place, named)


def _own_look(root: Root, place: str, number: int | None) -> Iterator[Finding]:
    try:
        inventory = root.inventory(place)
        if number is not None:
            yield from _version(Object(root.storage, place, inventory, frozenset()), number)
            return
        files: list[str] = []
        yield from walk(root.storage, place, files)
        inside = (path.removeprefix(f"{place}/") for path in files)
        found = frozenset(p for p in inside if p.split("/")[0] not in {_LOGS, EXTENSIONS})
        proved = Object(root.storage, place, inventory, found)
        yield from chain(_place(root, proved), _sidecars(proved), _names(proved))
        yield from _digests(proved, inventory.manifest)
    except ArchiveError as wrong:
        corrupt = isinstance(wrong, EditionCorrupt)
        code = Code.ARCHIVE_ALTERED if corrupt else Code.ARCHIVE_INVALID
        yield error(code, wrong.message, wrong.where)
        for entry in entries_of(root.storage, place) if corrupt else ():
            if entry.name.startswith(f"{FILE}."):
                message = "this file was altered, or the inventory was"
                yield error(code, message, Place(f"{root.storage.name}/{place}/{entry.name}"))


def _judged(root: Root, place: str, named: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the remarks of ocfl-py, except on files that the findings *named* name already."""
    where = Place(f"{root.storage.name}/{place}")
    known = [str(finding.where).removeprefix(f"{where.file}/") for finding in named]
    for remark in ocfl.remarks_on_object(root.storage.for_judge(place)):
        if not any(re.search(rf"(?<![\w/]){re.escape(path)}(?![\w.])", remark) for path in known):
            yield error(Code.ARCHIVE_INVALID, remark, where)


def walk(storage: Storage, folder: str, files: list[str]) -> Iterator[Finding]:
    """Add the path of each file below *folder* to *files*; report what OCFL does not allow."""
    where = Place(f"{storage.name}/{folder}")
    entries = entries_of(storage, folder)
    if not entries:
        yield error(Code.ARCHIVE_STRAY, "this folder is empty, which OCFL does not allow", where)
    for entry in entries:
        path = f"{folder}/{entry.name}"
        if entry.is_plain:
            files.append(path)
        elif entry.is_folder:
            yield from walk(storage, path, files)
        else:
            message = "this is neither a file nor a folder, which OCFL does not allow"
            yield error(Code.ARCHIVE_STRAY, message, Place(f"{storage.name}/{path}"))


def _place(root: Root, proved: Object) -> Iterator[Finding]:
    """Report an object that is not in the place of its layout."""
    work, place = proved.inventory.work, proved.place
    if root.layout and root.layout.place(work) != place:
        message = f"the object of {work} belongs at {root.layout.place(work)}"
        yield error(Code.ARCHIVE_INVALID, message, Place(f"{root.storage.name}/{place}"))


def _names(proved: Object) -> Iterator[Finding]:
    """Report files that are missing, files that are not listed, and an altered declaration."""
    inventory = proved.inventory
    content = set(chain.from_iterable(inventory.manifest.values()))
    declaration = f"{OBJECT}{inventory.spec}"
    needed = content | {FILE, sidecar_name(inventory.algorithm), declaration}
    optional = {f"{v}/{name}" for v in inventory.version_folders for name in _OF_A_VERSION}
    for path in sorted(needed - proved.found):
        yield proved.finding(Code.ARCHIVE_MISSING, path, "this file is missing")
    for path in sorted(proved.found - needed - optional):
        yield proved.finding(Code.ARCHIVE_STRAY, path, "no inventory knows this file")
    expected = f"{declaration.removeprefix('0=')}\n".encode()
    if declaration in proved.found and proved.read(declaration) != expected:
        yield proved.finding(Code.ARCHIVE_ALTERED, declaration, "this file was altered")


_OF_A_VERSION = (FILE, sidecar_name("sha256"), sidecar_name("sha512"))


def _sidecars(proved: Object) -> Iterator[Finding]:
    """Report inventories that do not match their sidecars, for the object and every version."""
    forms: dict[str, bytes] = {}
    for folder in ("", *(f"{name}/" for name in proved.inventory.version_folders)):
        names = [name for name in _OF_A_VERSION if f"{folder}{name}" in proved.found]
        if not names:
            message = "the version's inventory is missing, which OCFL recommends"
            yield warning(Code.ARCHIVE_MISSING, message, Place(_at(proved, folder + FILE)))
        elif FILE not in names:
            yield proved.finding(Code.ARCHIVE_MISSING, folder + FILE, "this file is missing")
        else:
            yield from _sidecar(proved, folder, forms)
    written = list(forms.values())
    for path, form in forms.items():
        if written.count(form) <= len(written) / 2:
            message = "this sidecar was altered, or others were: they are not written in one way"
            yield proved.finding(Code.ARCHIVE_ALTERED, path, message)


def _sidecar(proved: Object, folder: str, forms: dict[str, bytes]) -> Iterator[Finding]:
    """Report an inventory in *folder* that does not match its sidecar; add its form to *forms*."""
    content = proved.read(folder + FILE)
    inventory = parse_inventory(content, Place(_at(proved, folder + FILE)))
    sidecar = folder + sidecar_name(inventory.algorithm)
    if sidecar not in proved.found:
        yield proved.finding(Code.ARCHIVE_MISSING, sidecar, "this file is missing")
        return
    beside = proved.read(sidecar)
    if not sidecar_agrees(beside, content, inventory.algorithm):
        for path, other in ((folder + FILE, sidecar), (sidecar, folder + FILE)):
            message = f"this file was altered, or {other} was: they disagree"
            yield proved.finding(Code.ARCHIVE_ALTERED, path, message)
        return
    forms[sidecar] = form_of(beside, inventory.algorithm)


def _digests(proved: Object, manifest: Iterable[str]) -> Iterator[Finding]:
    """Report files of the digests *manifest* whose content has another digest."""
    for digest in manifest:
        for path in proved.inventory.manifest[digest]:
            if path in proved.found and _digest(proved, path) != digest:
                yield proved.finding(Code.ARCHIVE_ALTERED, path, "this file was altered")


def _digest(proved: Object, path: str) -> str:
    digest = hashlib.new(proved.inventory.algorithm)
    for piece in proved.storage.chunks(f"{proved.place}/{path}"):
        digest.update(piece)
    return digest.hexdigest()


def _version(proved: Object, number: int) -> Iterator[Finding]:
    """Report altered and missing files of one version, each at its first content path."""
    for path, digest in proved.inventory.versions[number - 1].files.items():
        place = proved.inventory.manifest[digest][0]
        try:
            if _digest(proved, place) != digest:
                message = f"{path} was altered"
                yield proved.finding(Code.ARCHIVE_ALTERED, place, message)
        except FileNotFoundError:
            yield proved.finding(Code.ARCHIVE_MISSING, place, f"{path} is missing")


def _at(proved: Object, path: str) -> str:
    return f"{proved.storage.name}/{proved.place}/{path}"
