"""Releases an edition: builds it from a snapshot, checks it, and stores it with its proofs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from chapbook.archive.contents import Imprint, ReleaseBuild, contents
from chapbook.archive.editions import ArchivedEdition, edition_name, editions_of, read_edition
from chapbook.archive.sameness import refuse_other_outputs, refuse_other_text, same_outputs
from chapbook.archive.snapshot import Snapshot, opened, take
from chapbook.archive.store import Archive
from chapbook.archive.toolchain import toolchain
from chapbook.archive.values import Stamp, Version
from chapbook.model.errors import (
    ArchiveChanged,
    ArchiveError,
    Finding,
    Place,
    Severity,
    SourceError,
)
from chapbook.model.metadata import Metadata
from chapbook.pipeline import Job, build
from chapbook.reading.reader import Conversion, convert
from chapbook.writers.registry import FORMATS, released_formats

_MOST_LOOKS = 20  # other releases of the same work that may come in between


@dataclass(frozen=True, slots=True)
class Order:
    """The choices of the user who releases; the command reads the clock for `moment`."""

    moment: str  # RFC 3339
    user: Mapping[str, str]  # name, and perhaps address
    accepted: str | None = None  # the reason to accept findings that are errors
    is_printing: bool = False
    allow_filters: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a release; `edition` is None if errors stopped it."""

    edition: ArchivedEdition | None
    is_new: bool
    findings: tuple[Finding, ...]


def release(
    archive: Archive,
    path: str,
    order: Order,
    report_step: Callable[[str], None] = lambda _step: None,
) -> Outcome:
    """Release the manuscript at *path* into *archive*.

    Raises SourceError if the manuscript names no work or edition, EditionExists if the archive has
    the edition with other content, ArchiveError and OutputError as the archive does.
    """
    report_step("reading")
    snapshot, metadata, conversion = take(path, allow_filters=order.allow_filters)
    with opened(snapshot, allow_filters=order.allow_filters) as job:
        if not conversion.is_of(job.manuscript, job.defaults):
            conversion = convert(job.manuscript, job.defaults, with_tree=True)
        label = _label(metadata, job)
        _refuse_nameless(metadata, conversion)
        where = conversion.block.where("edition")
        shelf = _look(archive, metadata.identifier, label)
        _refuse_taken(archive, shelf, snapshot, where)
        if order.is_printing and not shelf.former:
            raise ArchiveError(
                f"there is no edition {label} to print again",
                where=where,
                remedy="release it first, without --printing",
            )
        release_build = _make(replace(job, conversion=conversion), snapshot, metadata, report_step)
    for _ in range(_MOST_LOOKS):
        for edition in shelf.former:
            if same_outputs(edition, release_build.outputs):
                return Outcome(edition, is_new=False, findings=release_build.findings)
        if _stops(release_build, order):
            return Outcome(None, is_new=False, findings=release_build.findings)
        if shelf.former and not order.is_printing:
            refuse_other_outputs(archive, shelf.former[-1], release_build)
        report_step("storing")
        try:
            version = _store(archive, release_build, label, shelf, order)
        except ArchiveChanged:  # another release came in between: look again
            shelf = _look(archive, metadata.identifier, label)
            _refuse_taken(archive, shelf, snapshot, where)
        else:
            return Outcome(
                read_edition(archive, version), is_new=True, findings=release_build.findings
            )
    message = "other releases of this work come in between again and again"
    raise ArchiveError(message, where=Place(archive.root), remedy="try again later")


def _label(metadata: Metadata, job: Job) -> str:
    if metadata.edition:
        return metadata.edition
    raise SourceError(
        "it does not say which edition it is",
        where=Place(job.manuscript.name),
        remedy='set it in the front matter block: edition: "1.0.0"',
    )


def _refuse_nameless(metadata: Metadata, conversion: Conversion) -> None:
    """Raise SourceError if there is no identifier.

    A derived identifier changes with the title, so the editions would not stay one work.
    """
    if "identifier" not in conversion.block.entries:
        raise SourceError(
            "it has no identifier, by which the archive would know the work for ever",
            where=Place(conversion.manuscript.name),
            remedy=f"set it in the front matter block: identifier: {metadata.identifier}",
        )


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The count of versions in the archive when we looked, and the printings of this edition."""

    versions: int
    former: tuple[ArchivedEdition, ...]


def _look(archive: Archive, work: str, label: str) -> _Shelf:
    editions = editions_of(archive, work)
    # A version by another tool has no record; `label` then gives its number instead.
    former = tuple(edition for edition in editions if edition.record and edition.label == label)
    return _Shelf(len(editions), former)


def _refuse_taken(archive: Archive, shelf: _Shelf, snapshot: Snapshot, where: Place | None) -> None:
    if shelf.former:
        refuse_other_text(archive, shelf.former[-1], snapshot, where)


def _make(
    job: Job, snapshot: Snapshot, metadata: Metadata, report_step: Callable[[str], None]
) -> ReleaseBuild:
    """Build all outputs of the edition, and run all checks."""
    from chapbook.checks.any_file import every_check
    from chapbook.checks.expected import expect

    built = build(job, released_formats(metadata.printing.printer), report_step)
    report_step("checking")
    stem = job.manuscript.stem
    outputs = {f"{stem}{each.suffix}": each for each in built.artefacts}
    to_be_read = {
        Path(name): each.content for name, each in outputs.items() if FORMATS[each.format].reader
    }
    checked = list(every_check(job, to_be_read))
    return ReleaseBuild(
        snapshot=snapshot,
        metadata=metadata,
        artefacts=outputs,
        outline=expect(job).outline(),
        build_findings=built.findings,
        check_findings=tuple(finding for report in checked for finding in report.findings),
        lock=toolchain(),
    )


def _stops(release_build: ReleaseBuild, order: Order) -> bool:
    errors = any(finding.severity is Severity.ERROR for finding in release_build.findings)
    return errors and order.accepted is None


def _store(
    archive: Archive, release_build: ReleaseBuild, label: str, shelf: _Shelf, order: Order
) -> Version:
    printing = 1 + max((edition.printing for edition in shelf.former), default=0)
    name = edition_name(label, printing)
    stamp = Stamp(order.moment, f"{name[0].upper()}{name[1:]}", order.user)
    files = contents(release_build, Imprint(label, printing, order.accepted, stamp))
    return archive.add(release_build.metadata.identifier, files, stamp, after=shelf.versions)
