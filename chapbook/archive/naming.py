"""Finds the work or edition that a user names."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import PurePosixPath

from chapbook.archive.editions import ArchivedEdition, editions_of, read_edition
from chapbook.archive.store import Archive
from chapbook.model.errors import ArchiveError, EditionCorrupt, Place
from chapbook.transforms.identifiers import slug


def find_work(archive: Archive, named: str) -> str:
    """Return the work for *named*: its identifier or the beginning of it, its title or manuscript.

    Raises ArchiveError if no work or several match.
    """
    named = _speakable(named)
    if archive.versions(named):
        return named
    works = list(archive.works())
    begun = [work for work in works if named and _bare(work).startswith(_bare(named))]
    wanted = {named.casefold(), PurePosixPath(named).name.casefold()} - {""}
    called = [
        work
        for work in works
        if wanted & {name.casefold() for name in _names(archive, work) if name}
    ]
    # Both lists count: a manuscript “bed” is not mistaken for a work whose digits begin with it.
    found = list(dict.fromkeys([*called, *begun]))
    if len(found) == 1:
        return found[0]
    if found:
        message = f"“{named}” means {len(found)} works: {', '.join(found[:5])}"
        raise ArchiveError(message, where=Place(archive.root), remedy="name one by its identifier")
    known = [name for work in works for name in (work, *_names(archive, work))]
    near = get_close_matches(named, known, n=1)
    remedy = f"did you mean “{near[0]}”?" if near else "list them: chapbook editions"
    raise ArchiveError(f"no work is called “{named}”", where=Place(archive.root), remedy=remedy)


def _speakable(named: str) -> str:
    """Return *named* without bytes of the command line that are not UTF-8 (PEP 383)."""
    return named.encode("utf-8", "replace").decode()


def _bare(identifier: str) -> str:
    return re.sub(r"^(?:urn:)?(?:uuid:)?", "", identifier).casefold()


def _names(archive: Archive, work: str) -> tuple[str, ...]:
    """Return other names of *work*: its title, the title in an address, its manuscript.

    Return nothing if its record is damaged, so that other works can still be found.
    """
    versions = archive.versions(work)
    if not versions:
        return ()
    try:
        edition = read_edition(archive, versions[-1])
    except EditionCorrupt:
        return ()
    manuscript = edition.manuscript or ""
    titles = (edition.title, edition.title.partition(": ")[0])
    return (*titles, *map(slug, titles), manuscript, edition.stem)


def find_editions(archive: Archive, named: str) -> tuple[ArchivedEdition, ...]:
    """Return the printings for *named*: `WORK`, `WORK@LABEL` or `WORK@LABEL:PRINTING`.

    Raises ArchiveError if there are none.
    """
    work, label = _parted(archive, _speakable(named))
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
    """Return the edition for *named*, in its latest printing unless one is named.

    Without a label it is the only edition. Raises ArchiveError if none or several match.
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
    """Split *named* into work and label; identifiers and labels may contain an @ themselves."""
    parts = named.split("@")
    for end in range(len(parts), 0, -1):
        work, label = "@".join(parts[:end]), "@".join(parts[end:])
        if end == 1 or archive.versions(work):
            return find_work(archive, work), label if end < len(parts) else None
    raise AssertionError("the loop ends at 1")
