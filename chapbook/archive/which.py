"""Trace a loose file: what it says of itself, and whether the archive has just these bytes."""

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
    """What became of a file since it was released."""

    UNALTERED = "unaltered"  # the archive has it, byte for byte
    ALTERED = "altered"  # it says it is an edition of the archive, but other bytes were archived
    UNKNOWN = "unknown"  # no edition of the archive is this one


@dataclass(frozen=True, slots=True)
class Told:
    """What a finished file says of itself; None where it says nothing."""

    title: str | None = None
    work: str | None = None
    label: str | None = None
    date: str | None = None
    manuscript_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """What a file says of itself, and which file of which edition it is or claims to be."""

    told: Told
    state: State
    edition: ArchivedEdition | None = None
    path: str | None = None


def which(archive: Archive | None, content: bytes) -> Trace:
    """Trace *content* in *archive*; without one, only what it says of itself is known."""
    told = tell_of(content)
    if archive is None:
        return Trace(told, State.UNKNOWN)
    own = archive.versions(told.work) if told.work else ()
    found = list(_matches(own, content)) or list(_matches(_all_versions(archive), content))
    if found:
        candidates = [(read_edition(archive, version), path) for version, path in found]
        same_label = [each for each in candidates if each[0].label == told.label]
        edition, path = (same_label or candidates)[-1]
        return Trace(told, State.UNALTERED, edition, path)
    claimed = [read_edition(archive, version) for version in own]
    for edition in reversed(claimed):
        if edition.label == told.label:
            return Trace(told, State.ALTERED, edition)
    return Trace(told, State.UNKNOWN)


def tell_of(content: bytes) -> Told:
    """What the file with these bytes says of itself, read as any reader would."""
    file_format = format_of_content(content)
    if file_format is None:
        return _tell_of_manuscript(content)
    try:
        reading = read_file(file_format.suffix, content)
    except Unreadable:
        return Told()
    metadata = {name: str(value) for name, value in reading.outline.metadata.items()}
    return Told(
        title=metadata.get("title") or None,
        work=metadata.get("identifier"),
        label=metadata.get("edition"),
        date=metadata.get("date"),
        manuscript_sha256=reading.source_digest,
    )


def _tell_of_manuscript(content: bytes) -> Told:
    """What the metadata block says, if *content* is a manuscript."""
    try:
        manuscript = decode("manuscript", "manuscript", content)
        entries = front_matter.split(manuscript, {}).entries
    except SourceError:
        return Told()
    said = {key: entry.value for key, entry in entries.items() if isinstance(entry.value, str)}
    if "identifier" not in said:
        return Told()
    return Told(
        title=said.get("title"),
        work=said["identifier"],
        label=said.get("edition"),
        date=said.get("date"),
        manuscript_sha256=digest(content),
    )


def _matches(versions: Iterable[Version], content: bytes) -> Iterator[tuple[Version, str]]:
    """Every version that holds *content*, and where."""
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
