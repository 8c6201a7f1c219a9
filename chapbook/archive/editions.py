"""The editions in an archive: what each says of itself, and how people name them.

One version of a work is one printing of an edition; `edition.json` in it says which. A version by
another tool has none: it goes by its number, `v1`, which names any version.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import Any

from chapbook.archive.labels import Key, label_key
from chapbook.archive.snapshot import MANUSCRIPT_FOLDER, TEMPLATES_FOLDER, Snapshot
from chapbook.archive.store import Archive
from chapbook.archive.values import Version
from chapbook.errors import ArchiveError, EditionCorrupt, Place
from chapbook.transforms.identifiers import slug

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
        """Which printing of the edition it is, from 1."""
        number = self.record.get("printing")
        return number if isinstance(number, int) else 1

    @property
    def title(self) -> str:
        """The work's title in this edition."""
        return str(self.record.get("title") or self.work)

    @property
    def date(self) -> str | None:
        """The edition's date as its manuscript says it."""
        date = self.record.get("date")
        return str(date) if date else None

    @property
    def released(self) -> str:
        """When it was stored, in RFC 3339."""
        return self.version.stamp.created

    @property
    def manuscript(self) -> str | None:
        """The manuscript's name; None in a version by another tool."""
        told = self.record.get("manuscript")
        return str(told.get("name")) if isinstance(told, dict) else None

    @property
    def outputs(self) -> tuple[str, ...]:
        """The paths of the finished files."""
        return tuple(sorted(path for path in self.version.files if path.startswith(OUTPUTS_FOLDER)))

    @property
    def name(self) -> str:
        """What people call it: "edition 1.0.0", "edition 1.0.0, printing 2"."""
        return edition_name(self.label, self.printing)

    @property
    def key(self) -> tuple[Key, int, int]:
        """What editions of a work are sorted by."""
        return label_key(self.label), self.printing, self.version.number


def edition_name(label: str, printing: int) -> str:
    """What people call a printing of an edition."""
    return f"edition {label}" + (f", printing {printing}" if printing > 1 else "")


def read_edition(archive: Archive, version: Version) -> ArchivedEdition:
    """What *version* says of itself. Raises EditionCorrupt where it cannot be read."""
    if RECORD not in version.files:
        return ArchivedEdition(version, {})
    try:
        record = json.loads(archive.read(version, RECORD))
    except (ValueError, RecursionError) as error:
        raise EditionCorrupt(
            f"{RECORD} of version {version.number} of {version.work} is no JSON",
            where=Place(archive.root),
            remedy="run: chapbook verify",
        ) from error
    return ArchivedEdition(version, record if isinstance(record, dict) else {})


def editions_of(archive: Archive, work: str) -> tuple[ArchivedEdition, ...]:
    """Every printing of every edition of *work*, in the order of the labels."""
    found = (read_edition(archive, version) for version in archive.versions(work))
    return tuple(sorted(found, key=lambda edition: edition.key))


def snapshot_of(archive: Archive, edition: ArchivedEdition) -> Snapshot:
    """All that *edition* was made from. Raises ArchiveError where another tool made it."""
    if edition.manuscript is None or (
        f"{MANUSCRIPT_FOLDER}{edition.manuscript}" not in edition.version.files
    ):
        raise ArchiveError(
            f"{edition.name} of {edition.work} holds no manuscript",
            where=Place(archive.root),
            remedy="another tool made it; see what it holds: chapbook show",
        )
    files = {
        path: archive.read(edition.version, path)
        for path in sorted(edition.version.files)
        if path.startswith((MANUSCRIPT_FOLDER, TEMPLATES_FOLDER))
    }
    return Snapshot(edition.manuscript, edition.manuscript, files)


# What people write -----------------------------------------------------------------------------


def find_work(archive: Archive, named: str) -> str:
    """The work that *named* means: its identifier or the beginning of it, its title or manuscript.

    Raises ArchiveError where it means none or several.
    """
    if archive.versions(named):
        return named
    works = list(archive.works())
    begun = [work for work in works if named and _bare(work).startswith(_bare(named))]
    wanted = {named.casefold(), PurePosixPath(named).name.casefold()}
    found = begun or [
        work
        for work in works
        if wanted & {name.casefold() for name in _names(archive, work) if name}
    ]
    if len(found) == 1:
        return found[0]
    if found:
        told = f"“{named}” means {len(found)} works: {', '.join(found[:5])}"
        raise ArchiveError(told, where=Place(archive.root), remedy="name one by its identifier")
    known = [name for work in works for name in (work, *_names(archive, work))]
    near = get_close_matches(named, known, n=1)
    remedy = f"did you mean “{near[0]}”?" if near else "list them: chapbook editions"
    raise ArchiveError(f"no work is called “{named}”", where=Place(archive.root), remedy=remedy)


def _bare(identifier: str) -> str:
    return re.sub(r"^(?:urn:)?(?:uuid:)?", "", identifier).casefold()


def _names(archive: Archive, work: str) -> tuple[str, ...]:
    """What else *work* goes by: its title, the title in an address, its manuscript."""
    versions = archive.versions(work)
    if not versions:
        return ()
    edition = read_edition(archive, versions[-1])
    manuscript = edition.manuscript or ""
    titles = (edition.title, edition.title.partition(": ")[0])
    return (*titles, *map(slug, titles), manuscript, PurePosixPath(manuscript).stem)


def find_editions(archive: Archive, named: str) -> tuple[ArchivedEdition, ...]:
    """The printings that *named* means, `WORK` or `WORK@LABEL` or `WORK@LABEL:PRINTING`.

    Raises ArchiveError where it means none.
    """
    work, label = _parted(archive, named)
    editions = editions_of(archive, work)
    if label is None:
        return editions
    found = [edition for edition in editions if edition.label == label]
    if not found and (printed := re.fullmatch(r"(.+):(\d+)", label)):
        wanted = printed[1], int(printed[2])
        found = [edition for edition in editions if (edition.label, edition.printing) == wanted]
    if not found and (numbered := re.fullmatch(r"v(\d+)", label)):
        found = [each for each in editions if each.version.number == int(numbered[1])]
    if not found:
        labels = dict.fromkeys(edition.label for edition in editions)
        raise ArchiveError(
            f"there is no edition {label} of {work}",
            where=Place(archive.root),
            remedy=f"there is {', '.join(labels)}",
        )
    return tuple(found)


def find_edition(archive: Archive, named: str) -> ArchivedEdition:
    """The edition that *named* means, in its latest printing unless one is named.

    Without a label it is the only edition. Raises ArchiveError where it means none or several.
    """
    found = find_editions(archive, named)
    if len(labels := dict.fromkeys(edition.label for edition in found)) > 1:
        raise ArchiveError(
            f"“{named}” has {len(labels)} editions: {', '.join(labels)}",
            where=Place(archive.root),
            remedy=f"name one: {named}@{found[-1].label}",
        )
    return found[-1]


def _parted(archive: Archive, named: str) -> tuple[str, str | None]:
    """*named* as a work and a label; identifiers and labels may hold an @ themselves."""
    parts = named.split("@")
    for end in range(len(parts), 0, -1):
        work, label = "@".join(parts[:end]), "@".join(parts[end:])
        if end == 1 or archive.versions(work):
            return find_work(archive, work), label if end < len(parts) else None
    raise AssertionError("the loop ends at 1")


def all_editions(archive: Archive) -> Iterator[tuple[str, tuple[ArchivedEdition, ...]]]:
    """Every work with its editions, one after another as they are read."""
    for work in archive.works():
        yield work, editions_of(archive, work)
