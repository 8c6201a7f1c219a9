"""The checks of an EPUB, ours or not: our rules for reading systems, and EPUBCheck."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from chapbook.checks import Report, reports
from chapbook.checks.epub_package import NS, Book, open_book
from chapbook.checks.epubcheck import ask_epubcheck
from chapbook.checks.read_epub import source_digest
from chapbook.checks.reading import Unreadable
from chapbook.checks.reading_systems import Fault, examine_book, findings
from chapbook.model.errors import Code, Finding, Place, error
from chapbook.writers.registry import format_of_suffix, resolve

if TYPE_CHECKING:
    from chapbook.model.document import Manuscript
    from chapbook.pipeline import Job


def every_check(job: Job, files: Mapping[Path, bytes]) -> Iterator[Report]:
    """A report for each of *files*, made of *job*; what can be judged by itself is judged, too.

    Raises SourceError where the manuscript cannot be read.
    """
    for report in reports(job, files):
        unread = {Code.UNREADABLE, Code.STALE} & {found.code for found in report.findings}
        row = format_of_suffix(report.path.suffix)
        if row and row.judge and not unread:
            content = files[report.path]
            judged: Report = resolve(row.judge)(str(report.path), content, job.manuscript)
            yield replace(report, findings=(*report.findings, *judged.findings))
        else:
            yield report


def check_epub(name: str, content: bytes, manuscript: Manuscript | None = None) -> Report:
    """A report on the EPUB that the user calls *name*.

    Findings bear the line of *manuscript* where it is given and holds the words in question.
    """
    try:
        book = open_book(content)
    except Unreadable as cause:  # too hostile or too broken to be given to anybody
        return _report(name, "unreadable", [_unreadable(name, cause)])
    told: list[Finding] = []
    faults: list[Fault] = []
    extent = "unreadable"
    try:
        faults += examine_book(book, len(content))
        extent = _extent(book, len(content))
    except Unreadable as cause:
        told.append(_unreadable(name, cause))
    faults += ask_epubcheck(content, book)
    return _report(name, extent, [*told, *findings(faults, name, manuscript)])


def _report(name: str, extent: str, told: list[Finding]) -> Report:
    return Report(Path(name), extent, tuple(told), is_compared=False)


def digest_of_source(content: bytes) -> str | None:
    """The sha256 of the manuscript that the EPUB says it was made of; None where it says none."""
    try:
        return source_digest(open_book(content))
    except (Unreadable, AttributeError, LookupError, TypeError, ValueError):
        return None  # `check_epub` tells what is wrong with it


def _unreadable(name: str, cause: Unreadable) -> Finding:
    return error(Code.UNREADABLE, f"it cannot be read as an EPUB: {cause}", Place(name))


def _extent(book: Book, size: int) -> str:
    """How much it is, in a phrase."""
    kinds = [item.get("media-type", "") for item in book.manifest.values()]
    images = sum(kind.startswith("image/") for kind in kinds)
    title = " ".join(book.package.findtext(".//dc:title", "", NS).split())[:60]
    counts = ((len(book.spine), "document"), (images, "image"))
    told = [f"“{title}”"] if title else []
    told += [f"{count:,} {kind}{'' if count == 1 else 's'}" for count, kind in counts if count]
    return ", ".join([*told, f"{size / 1000:,.0f} KB"])
