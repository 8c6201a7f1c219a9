"""Finds the place of a work in the storage root from its identifier, by OCFL's extensions.

It knows the extensions 0002, 0003 and 0004 of https://ocfl.github.io/extensions/. Chapbook makes
archives with 0003; it reads and extends archives with the others.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote_to_bytes

from chapbook.model.errors import ArchiveError

FLAT = "0002-flat-direct-storage-layout"
HASHED_WITH_ID = "0003-hash-and-id-n-tuple-storage-layout"
HASHED = "0004-hashed-n-tuple-storage-layout"
_LONGEST_ID = 100  # characters of an encoded identifier; a longer one ends in its digest (0003)
_ALGORITHMS = frozenset({"md5", "sha1", "sha256", "sha512"})  # those that occur in archives


@dataclass(frozen=True, slots=True)
class Layout:
    """How a storage root places its objects."""

    name: str
    place: Callable[[str], str]  # identifier -> path below the storage root
    work_at: Callable[[str], str | None]  # path -> identifier, or None if the path does not have it


@dataclass(frozen=True, slots=True)
class _Tuples:
    """The settings that 0003 and 0004 share, with their defaults."""

    algorithm: str = "sha256"
    size: int = 3
    number: int = 3
    short: bool = False  # 0004: the object's folder has only the rest of the digest


def demand_known(name: str) -> None:
    """Raise ArchiveError if Chapbook does not know the layout *name*."""
    if name not in _LAYOUTS:
        raise ArchiveError(
            f"its objects are laid out by {name!r}, which Chapbook does not know",
            remedy=f"choose an archive laid out by {', '.join(_LAYOUTS)}",
        )


def layout_named(name: str, config: Mapping[str, Any]) -> Layout:
    """Return the layout of a known extension. Raises ArchiveError if its settings are not known."""
    return _LAYOUTS[name](config)


def names() -> frozenset[str]:
    """Return the names of the layouts that Chapbook knows."""
    return frozenset(_LAYOUTS)


def standard_config() -> bytes:
    """Return the config.json of the layout that Chapbook makes."""
    return _json(
        {
            "extensionName": HASHED_WITH_ID,
            "digestAlgorithm": "sha256",
            "tupleSize": 3,
            "numberOfTuples": 3,
        }
    )


def standard_layout() -> bytes:
    """Return the `ocfl_layout.json` of a storage root made by Chapbook."""
    return _json(
        {
            "extension": HASHED_WITH_ID,
            "description": "Made by Chapbook: the SHA-256 of a work's identifier gives three "
            "folders of three digits, and the identifier itself, percent-encoded, the fourth.",
        }
    )


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"


def _flat(_: Mapping[str, Any]) -> Layout:
    def place(work: str) -> str:
        if work in {"", ".", "..", "extensions"} or "/" in work or "\0" in work:
            raise ArchiveError(f"an archive laid out by {FLAT} cannot hold a work named {work!r}")
        return work

    return Layout(FLAT, place, lambda path: path)


def _hashed_with_id(config: Mapping[str, Any]) -> Layout:
    tuples = _tuples(HASHED_WITH_ID, config)

    def place(work: str) -> str:
        digest = hashlib.new(tuples.algorithm, work.encode()).hexdigest()
        return "/".join([*_parts(digest, tuples), _encoded(work, digest)])

    def work_at(path: str) -> str | None:
        try:
            work = unquote_to_bytes(path.rpartition("/")[2]).decode()
        except UnicodeDecodeError:
            return None
        return work if place(work) == path else None

    return Layout(HASHED_WITH_ID, place, work_at)


def _hashed(config: Mapping[str, Any]) -> Layout:
    tuples = _tuples(HASHED, config)

    def place(work: str) -> str:
        digest = hashlib.new(tuples.algorithm, work.encode()).hexdigest()
        rest = digest[tuples.size * tuples.number :] if tuples.short else digest
        return "/".join([*_parts(digest, tuples), rest])

    return Layout(HASHED, place, lambda _: None)


def _encoded(work: str, digest: str) -> str:
    kept = re.sub(
        "[^A-Za-z0-9_-]", lambda match: "".join(f"%{b:02x}" for b in match[0].encode()), work
    )
    return kept if len(kept) <= _LONGEST_ID else f"{kept[:_LONGEST_ID]}-{digest}"


def _parts(digest: str, tuples: _Tuples) -> list[str]:
    return [digest[n * tuples.size : (n + 1) * tuples.size] for n in range(tuples.number)]


def _tuples(name: str, config: Mapping[str, Any]) -> _Tuples:
    tuples = _Tuples(
        str(config.get("digestAlgorithm", "sha256")),
        config.get("tupleSize", 3),
        config.get("numberOfTuples", 3),
        config.get("shortObjectRoot", False),
    )
    sizes = all(type(n) is int and 0 <= n <= 32 for n in (tuples.size, tuples.number))
    if (
        config.get("extensionName", name) != name
        or tuples.algorithm not in _ALGORITHMS
        or not sizes
        or (tuples.size == 0) != (tuples.number == 0)
        or not _leaves_a_name(tuples)
    ):
        raise ArchiveError(f"the settings of its layout {name} are not as that extension asks")
    return tuples


def _leaves_a_name(tuples: _Tuples) -> bool:
    length = hashlib.new(tuples.algorithm).digest_size * 2
    return tuples.size * tuples.number < length + (not tuples.short)


_LAYOUTS: Mapping[str, Callable[[Mapping[str, Any]], Layout]] = MappingProxyType(
    {FLAT: _flat, HASHED_WITH_ID: _hashed_with_id, HASHED: _hashed}
)
