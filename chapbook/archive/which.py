"""Traces a loose file: the metadata in it, and whether the archive has exactly these bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from chapbook.archive.editions import ArchivedEdition, read_edition
from chapbook.archive.store import Archive
from chapbook.archive.values import Version
from chapbook.checks import read_file
from chapbook.checks.reading import Unreadable
from chapbook.model.edition import digest
from chapbook.model.errors import SourceError
from chapbook.reading import front_matter
from chapbook.reading.manuscript import decode
from chapbook.writers.registry import format_of_content


class State(Enum):
    """The state of a file compared with the archive."""

    UNALTERED = "unaltered"  # the archive has it, byte for byte
    ALTERED = "altered"  # it names an edition of the archive, which has other bytes
    UNKNOWN = "unknown"  # the archive has no such edition


@dataclass(frozen=True, slots=True)
class FileMetadata:
    """The metadata in a finished file; None for each value that it does not have."""

    title: str | None = None
    work: str | None = None
    label: str | None = None
    date: str | None = None
    manuscript_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """The metadata in a file, and the edition and path that it is or claims to be."""

    claimed: FileMetadata
    state: State
    edition: ArchivedEdition | None = None
    path: str | None = None


def which(archive: Archive | None, content: bytes) -> Trace:
    """Trace *content* in *archive*; without an archive, only its own metadata is known."""
    metadata = metadata_of(content)
    if archive is None:
        return Trace(metadata, State.UNKNOWN)
    own = archive.versions(metadata.work) if metadata.work else ()
    found = list(_matches(own, content)) or list(_matches(_all_versions(archive), content))
    if found:
        candidates = [(read_edition(archive, version), path) for version, path in found]
        same_label = [each for each in candidates if each[0].label == metadata.label]
        edition, path = (same_label or candidates)[-1]
        return Trace(metadata, State.UNALTERED, edition, path)
    claimed = [read_edition(archive, version) for version in own]
    for edition in reversed(claimed):
        if edition.label == metadata.label:
            return Trace(metadata, State.ALTERED, edition)
    return Trace(metadata, State.UNKNOWN)


def metadata_of(content: bytes) -> FileMetadata:
    """Return the metadata in the file with these bytes, read by the independent readers."""
    file_format = format_of_content(content)
    if file_format is None:
        return _metadata_of_manuscript(content)
    try:
        reading = read_file(file_format.suffix, content)
    except Unreadable:
        return FileMetadata()
    metadata = {name: str(value) for name, value in reading.outline.metadata.items()}
    return FileMetadata(
        title=metadata.get("title") or None,
        work=metadata.get("identifier"),
        label=metadata.get("edition"),
        date=metadata.get("date"),
        manuscript_sha256=reading.source_digest,
    )


def _metadata_of_manuscript(content: bytes) -> FileMetadata:
    """Return the metadata of the front matter block, if *content* is a manuscript."""
    try:
        manuscript = decode("manuscript", "manuscript", content)
        entries = front_matter.split(manuscript, {}).entries
    except SourceError:
        return FileMetadata()
    values = {key: entry.value for key, entry in entries.items() if isinstance(entry.value, str)}
    if "identifier" not in values:
        return FileMetadata()
    return FileMetadata(
        title=values.get("title"),
        work=values["identifier"],
        label=values.get("edition"),
        date=values.get("date"),
        manuscript_sha256=digest(content),
    )


def _matches(versions: Iterable[Version], content: bytes) -> Iterator[tuple[Version, str]]:
    """Yield every version that has *content*, with the path."""
    digests: dict[str, str] = {}
    for version in versions:
        algorithm = version.digest_algorithm
        if algorithm not in digests:
            digests[algorithm] = hashlib.new(algorithm, content).hexdigest()
        for path, held in version.files.items():
            if held == digests[algorithm]:
                yield version, path


def _all_versions(archive: Archive) -> Iterator[Version]:
    for work in archive.works():
        yield from archive.versions(work)
