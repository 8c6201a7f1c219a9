"""The states of a work that can be compared: an archived edition or a current manuscript."""

from __future__ import annotations

import json
from dataclasses import dataclass

from chapbook.archive.contents import OUTLINE
from chapbook.archive.editions import ArchivedEdition
from chapbook.archive.store import Archive
from chapbook.checks.expected import expect
from chapbook.checks.outline import Outline
from chapbook.checks.reading import Unreadable
from chapbook.checks.stored_outline import outline_from_json
from chapbook.diff.compare import compare
from chapbook.diff.pages import located, read_pages
from chapbook.diff.values import Comparison
from chapbook.model.errors import ArchiveError, EditionCorrupt, Place
from chapbook.pipeline import Job
from chapbook.writers.registry import PAGED


@dataclass(frozen=True, slots=True)
class State:
    """A state of a work: its name for people, its outline and, if it was printed, its PDF."""

    name: str
    outline: Outline
    pdf: bytes | None = None


def state_of_edition(archive: Archive, edition: ArchivedEdition) -> State:
    """Return the state in *edition*. Raises ArchiveError if another tool made the edition."""
    where = Place(archive.root)
    if OUTLINE not in edition.version.files:
        raise ArchiveError(
            f"{edition.name} of {edition.work} has no outline",
            where=where,
            remedy="another tool made it; get its files: chapbook restore",
        )
    try:
        outline = outline_from_json(json.loads(archive.read(edition.version, OUTLINE)))
    except (ValueError, RecursionError) as error:
        message = f"the outline of {edition.name} cannot be read: {error}"
        raise EditionCorrupt(message, where=where, remedy="run: chapbook verify") from error
    printed = [path for path in edition.outputs if path.endswith(PAGED.suffix)]
    pdf = archive.read(edition.version, printed[0]) if printed else None
    return State(edition.name, outline, pdf)


def state_of_manuscript(job: Job) -> State:
    """Return the current state of *job*'s manuscript. Raises SourceError if it cannot be read."""
    return State(job.manuscript.name, expect(job).outline())


def compare_states(old: State, new: State) -> tuple[Comparison, str]:
    """Return what changed, by the printed pages of *old*, and "".

    If no pages are known, the second value gives the reason.
    """
    comparison = compare(old.outline, new.outline)
    if old.pdf is None:
        return comparison, f"no pages: {old.name} has no PDF"
    try:
        pages = read_pages(old.pdf, comparison.text.old, comparison.notes.old)
    except Unreadable as cause:
        return comparison, f"no pages: the PDF of {old.name} cannot be read: {cause}"
    return located(comparison, pages), ""
