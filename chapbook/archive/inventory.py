"""Reads and extends the inventory of an object: the files of every version, with their digests.

It works on bytes only. OCFL 1.1, section 3.5. Inventories by other tools may have all that the
specification allows: zero-padded versions, sha256, another content folder, fixity blocks. Entries
that we do not know are kept when a version is added. Inventories are not trusted: no path in them
may lead out of the object.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chapbook.archive.values import Stamp, Version
from chapbook.model.errors import ArchiveError, EditionCorrupt, Place

FILE = "inventory.json"
FORM = b" inventory.json\n"  # the part of a sidecar after the digest
LARGEST = 64 * 1024 * 1024  # bytes; a thousand versions of a hundred files take a third of it
_DIGEST = {"sha512": re.compile("[0-9a-fA-F]{128}"), "sha256": re.compile("[0-9a-fA-F]{64}")}
_UNNAMABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")  # control characters, lone surrogates
_TYPE = re.compile(r"https://ocfl\.io/(1\.[01])/spec/#inventory")


@dataclass(frozen=True, slots=True)
class Inventory:
    """An inventory that was read and is consistent."""

    work: str
    spec: str  # "1.0" or "1.1"
    algorithm: str
    content_folder: str
    version_folders: tuple[str, ...]  # oldest first: "v1", or "v0001" where a tool pads
    manifest: Mapping[str, tuple[str, ...]]  # digest in lower case -> paths within the object
    versions: tuple[Version, ...]
    raw: Mapping[str, Any]  # as it was read, with entries that we do not know
    form: bytes = FORM  # of its sidecar

    @property
    def head(self) -> str:
        """The folder of the newest version."""
        return self.version_folders[-1]

    @property
    def next_folder(self) -> str:
        """The folder of the next version. Raises ArchiveError if the padding leaves no number."""
        number = str(len(self.version_folders) + 1)
        if not self.head.startswith("v0"):
            return f"v{number}"
        width = len(self.head) - 1
        if len(number) >= width:
            raise ArchiveError(f"version folders of {width} digits leave no number for {self.work}")
        return f"v{number.zfill(width)}"


@dataclass(frozen=True, slots=True)
class Addition:
    """A new version: its inventory, and the files that the object does not have yet."""

    folder: str
    inventory: bytes
    sidecar: bytes
    sidecar_name: str
    content: Mapping[str, bytes]  # path within the object -> bytes
    version: Version


def sidecar_name(algorithm: str) -> str:
    """Return the name of the file with the inventory's digest."""
    return f"{FILE}.{algorithm}"


def form_of(sidecar: bytes, algorithm: str) -> bytes:
    """Return a sidecar without its digest; with the digest if that is in mixed case.

    Tools separate digest and name in different ways, but each tool always in the same way. So a
    form that differs from the others shows that the sidecar was altered.
    """
    digits = hashlib.new(algorithm).digest_size * 2
    digest = sidecar[:digits]
    return sidecar[digits:] if digest in {digest.lower(), digest.upper()} else sidecar


def sidecar_agrees(content: bytes, inventory: bytes, algorithm: str) -> bool:
    """Return whether the digest in a sidecar's *content* is that of *inventory*."""
    match = re.fullmatch(rb"([0-9a-fA-F]+)[ \t]+inventory\.json\s*", content[:1024])
    return match is not None and match[1].decode().lower() == hash_of(inventory, algorithm)


def hash_of(content: bytes, algorithm: str) -> str:
    """Return the digest of *content* in hexadecimal."""
    return hashlib.new(algorithm, content).hexdigest()


def is_relative(path: str) -> bool:
    """Return whether *path* stays in its folder (OCFL 1.1, 3.5.3.1), with no control character."""
    parts = path.split("/")
    return all(part not in {"", ".", ".."} for part in parts) and not _UNNAMABLE.search(path)


def parse_inventory(content: bytes, where: Place) -> Inventory:
    """Return the inventory in *content*. Raises EditionCorrupt if it breaks the specification."""
    try:
        raw = json.loads(content)
        return _read(raw)
    except RecursionError as error:
        raise EditionCorrupt("the inventory is nested too deeply", where=where) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = f"lacks {error}" if isinstance(error, KeyError) else str(error)
        raise EditionCorrupt(f"the inventory is not as OCFL asks: {reason}", where=where) from error


def _read(raw: Any) -> Inventory:
    match = _TYPE.fullmatch(raw["type"])
    _demand(match, f"its type is {raw['type']!r}")
    algorithm = raw["digestAlgorithm"]
    _demand(algorithm in _DIGEST, f"its digest algorithm is {algorithm!r}")
    folder = raw.get("contentDirectory", "content")
    _demand(is_relative(folder) and "/" not in folder, f"its content folder is {folder!r}")
    _demand(isinstance(raw["id"], str) and raw["id"], "its id is empty")
    folders = tuple(_folders(raw))
    manifest = _manifest(raw["manifest"], algorithm, folders)
    versions = tuple(
        _version(raw["id"], number, raw["versions"][name], algorithm, manifest)
        for number, name in enumerate(folders, 1)
    )
    spec = match[1] if match else ""
    return Inventory(raw["id"], spec, algorithm, folder, folders, manifest, versions, raw)


def _demand(condition: object, message: str) -> None:
    if not condition:
        raise ValueError(message)


def _folders(raw: Any) -> Iterator[str]:
    names = set(raw["versions"])
    _demand(names, "it has no version")
    head = raw["head"]
    _demand(re.fullmatch("v[0-9]{1,9}", head), f"its head is {head!r}")
    width = len(head) - 1 if head.startswith("v0") else 0
    _demand(int(head[1:]) == len(names), f"{len(names)} versions do not end with {head}")
    for number in range(1, len(names) + 1):
        name = f"v{str(number).zfill(width)}"
        _demand(name in names, f"it lacks version {name}")
        yield name


def _manifest(raw: Any, algorithm: str, folders: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    manifest: dict[str, tuple[str, ...]] = {}
    known = set(folders)
    seen: set[str] = set()
    for digest, paths in raw.items():
        _demand(_DIGEST[algorithm].fullmatch(digest), f"{digest!r} is no {algorithm}")
        _demand(isinstance(paths, list) and paths, f"no path has {digest}")
        for path in paths:
            inside = is_relative(path) and path.split("/")[0] in known
            _demand(inside, f"the content path {path!r} leads out of the object")
            _demand(path not in seen, f"the content path {path!r} is there twice")
            seen.add(path)
        _demand(digest.lower() not in manifest, f"{digest} is there twice")
        manifest[digest.lower()] = tuple(paths)
    return manifest


def _version(
    work: str, number: int, raw: Any, algorithm: str, manifest: Mapping[str, object]
) -> Version:
    files: dict[str, str] = {}
    for digest, paths in raw["state"].items():
        _demand(digest.lower() in manifest, f"version {number} names {digest}, the manifest not")
        for path in paths:
            _demand(is_relative(path), f"the logical path {path!r} leads out of version {number}")
            _demand(path not in files, f"version {number} holds {path!r} twice")
            files[path] = digest.lower()
    user = raw.get("user", {})
    known = {str(key): str(value) for key, value in user.items() if key in {"name", "address"}}
    stamp = Stamp(str(raw["created"]), str(raw.get("message", "")), known)
    return Version(work, number, stamp, dict(sorted(files.items())), algorithm)


def extend(
    former: Inventory | None,
    work: str,
    files: Mapping[str, bytes],
    stamp: Stamp,
    *,
    spec: str = "1.1",
) -> Addition:
    """Return the next version of *work* with *files*; content that is there is no stored again.

    *spec* is the version of OCFL for a new object.

    Raises ArchiveError for names that cannot be stored.
    """
    _refuse_names(files)
    algorithm = former.algorithm if former else "sha512"
    raw = _raw(former, work, spec)
    folder = former.next_folder if former else "v1"
    content_folder = former.content_folder if former else "content"
    spelled = {digest.lower(): digest for digest in raw["manifest"]}
    content: dict[str, bytes] = {}
    state: dict[str, list[str]] = {}
    for path, body in sorted(files.items()):
        digest = hash_of(body, algorithm)
        if digest not in spelled:
            spelled[digest] = digest
            place = f"{folder}/{content_folder}/{path}"
            raw["manifest"][digest] = [place]
            content[place] = body
        state.setdefault(spelled[digest], []).append(path)
    entry = {"created": stamp.created, "message": stamp.message, "state": state}
    raw["versions"][folder] = entry | ({"user": dict(stamp.user)} if stamp.user else {})
    raw["head"] = folder
    written = json.dumps(raw, ensure_ascii=False, indent=1).encode() + b"\n"
    version = _read(raw).versions[-1]
    beside = hash_of(written, algorithm).encode() + (former.form if former else FORM)
    return Addition(folder, written, beside, sidecar_name(algorithm), content, version)


def _raw(former: Inventory | None, work: str, spec: str) -> dict[str, Any]:
    if former:
        return copy.deepcopy(dict(former.raw))
    return {
        "id": work,
        "type": f"https://ocfl.io/{spec}/spec/#inventory",
        "digestAlgorithm": "sha512",
        "head": "",
        "manifest": {},
        "versions": {},
    }


def _refuse_names(files: Mapping[str, bytes]) -> None:
    for path in files:
        if not is_relative(path):
            raise ArchiveError(f"the archive cannot hold a file named {path!r}")
        parents = path.split("/")[:-1]
        for depth in range(1, len(parents) + 1):
            if (parent := "/".join(parents[:depth])) in files:
                raise ArchiveError(f"the archive cannot hold {parent!r} as a file and as a folder")
