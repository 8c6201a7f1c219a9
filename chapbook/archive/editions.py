"""Reads the editions in an archive, and the record that each has of itself.

One version of a work is one printing of an edition, which `edition.json` in it names. A version by
another tool has no such file; its label is its number, such as `v1`. That names any version.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from chapbook.archive.labels import Key, label_key
from chapbook.archive.snapshot import MANUSCRIPT_FOLDER, TEMPLATES_FOLDER, Snapshot
from chapbook.archive.store import Archive
from chapbook.archive.values import Version
from chapbook.model.errors import ArchiveError, EditionCorrupt, Place
from chapbook.reading.manuscript import CONTROL_CHARACTER

RECORD = "edition.json"
OUTPUTS_FOLDER = "outputs/"


@dataclass(frozen=True, slots=True)
class ArchivedEdition:
    """One printing of an edition, as its version holds it; `record` is its `edition.json`."""

    version: Version
    record: Mapping[str, Any]

    @property
    def work(self) -> str:
        """The identifier of the work."""
        return self.version.work

    @property
    def label(self) -> str:
        """The edition's label."""
        return str(self.record.get("label") or f"v{self.version.number}")

    @property
    def printing(self) -> int:
        """The number of the printing of this edition, from 1."""
        return int(self.record.get("printing", 1))

    @property
    def title(self) -> str:
        """The work's title in this edition."""
        return str(self.record.get("title") or self.work)

    @property
    def date(self) -> str | None:
        """The edition's date as written in its manuscript."""
        date = self.record.get("date")
        return str(date) if date else None

    @property
    def released(self) -> str:
        """The time at which it was stored, in RFC 3339."""
        return self.version.stamp.created

    @property
    def manuscript(self) -> str | None:
        """The manuscript's name; None in a version by another tool."""
        return str(self.record["manuscript"]["name"]) if self.record else None

    @property
    def stem(self) -> str:
        """The name of the finished files without suffix; for a book in a folder, the folder's."""
        written = self.record["manuscript"].get("stem") if self.record else None
        return str(written or PurePosixPath(self.manuscript or "").stem)

    @property
    def outputs(self) -> tuple[str, ...]:
        """The paths of the finished files."""
        return tuple(sorted(path for path in self.version.files if path.startswith(OUTPUTS_FOLDER)))

    @property
    def name(self) -> str:
        """The name for people: "edition 1.0.0", "edition 1.0.0, printing 2"."""
        return edition_name(self.label, self.printing)

    @property
    def key(self) -> tuple[Key, int, int]:
        """The key that sorts the editions of a work."""
        return label_key(self.label), self.printing, self.version.number


def edition_name(label: str, printing: int) -> str:
    """Return the name of a printing of an edition, for people."""
    return f"edition {label}" + (f", printing {printing}" if printing > 1 else "")


def read_edition(archive: Archive, version: Version) -> ArchivedEdition:
    """Return the edition in *version*. Raises EditionCorrupt if its record cannot be read."""
    record = read_json(archive, version, RECORD)
    return ArchivedEdition(version, record if _is_ours(record) else {})


def read_json(archive: Archive, version: Version, path: str) -> dict[str, Any]:
    """Return the JSON object at *path* in *version*; an empty one if there is none.

    Raises EditionCorrupt if the file is not JSON.
    """
    if path not in version.files:
        return {}
    try:
        value = json.loads(archive.read(version, path))
    except (ValueError, RecursionError) as error:
        raise EditionCorrupt(
            f"{path} of version {version.number} of {version.work} is not JSON",
            where=Place(archive.root),
            remedy="another tool made it, or it was damaged before it was stored",
        ) from error
    return value if isinstance(value, dict) else {}


def _is_ours(record: Mapping[str, Any]) -> bool:
    """Return whether Chapbook wrote the form of *record*: an archive may come from anywhere."""
    manuscript, outputs = record.get("manuscript"), record.get("outputs")
    return (
        _are_texts(record, "work label title released chapbook")
        and isinstance(record.get("printing"), int)
        and isinstance(manuscript, dict)
        and _are_texts({"stem": "", **manuscript}, "name stem sha256")
        and isinstance(outputs, list)
        and all(
            isinstance(each, dict)
            and _are_texts(each, "path format extent sha256")
            and isinstance(each.get("bytes"), int)
            for each in outputs
        )
        and all(isinstance(record.get(key), dict) for key in ("metadata", "released-by"))
        and all(
            isinstance(text, str)
            for value in record["metadata"].values()
            for text in (value if isinstance(value, list) else [value])
        )
    )


def _are_texts(record: Mapping[str, Any], keys: str) -> bool:
    """Return whether each of *keys* has a text without control characters, safe for a terminal."""
    texts = [record.get(key) for key in keys.split()]
    return all(isinstance(text, str) and not CONTROL_CHARACTER.search(text) for text in texts)


def editions_of(archive: Archive, work: str) -> tuple[ArchivedEdition, ...]:
    """Return every printing of every edition of *work*, in the order of the labels."""
    editions = (read_edition(archive, version) for version in archive.versions(work))
    return tuple(sorted(editions, key=lambda edition: edition.key))


def snapshot_of(archive: Archive, edition: ArchivedEdition) -> Snapshot:
    """Return the files of the build of *edition*. Raises ArchiveError if another tool made it."""
    if edition.manuscript is None or (
        f"{MANUSCRIPT_FOLDER}{edition.manuscript}" not in edition.version.files
    ):
        raise ArchiveError(
            f"{edition.name} of {edition.work} has no manuscript",
            where=Place(archive.root),
            remedy="another tool made it; see what it holds: chapbook show",
        )
    files = {
        path: archive.read(edition.version, path)
        for path in sorted(edition.version.files)
        if path.startswith((MANUSCRIPT_FOLDER, TEMPLATES_FOLDER))
    }
    return Snapshot(edition.manuscript, edition.manuscript, edition.stem, files)


def all_editions(archive: Archive) -> Iterator[tuple[str, tuple[ArchivedEdition, ...]]]:
    """Yield every work with its editions, as they are read."""
    for work in archive.works():
        yield work, editions_of(archive, work)
