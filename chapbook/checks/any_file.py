"""Checks finished files by the rules of their formats, with their manuscript or without it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from chapbook.checks import Report, reports
from chapbook.model.errors import Code
from chapbook.writers.registry import Format, judged_format, resolve

if TYPE_CHECKING:
    from chapbook.model.document import Manuscript
    from chapbook.pipeline import Job


def check_file(row: Format, name: str, content: bytes, manuscript: Manuscript | None) -> Report:
    """Return a report on a file of the format *row*, which has a judge, by the format's own rules.

    A finding has the line of *manuscript*, if that is given and contains the words.
    """
    report: Report = resolve(str(row.judge))(name, content, manuscript)
    return report


def source_digest_of(row: Format, content: bytes) -> str | None:
    """Return the SHA-256 of the manuscript that a file names as its source, or None."""
    digest: str | None = resolve(row.source)(content) if row.source else None
    return digest


def every_check(job: Job, files: Mapping[Path, bytes]) -> Iterator[Report]:
    """Yield a report for each of *files*, made from *job*, including the checks of its format.

    Raises SourceError if the manuscript cannot be read.
    """
    for report in reports(job, files):
        unread = {Code.UNREADABLE, Code.STALE} & {finding.code for finding in report.findings}
        row = judged_format(report.path.name)
        if row and not unread:
            content = files[report.path]
            judged = check_file(row, str(report.path), content, job.manuscript)
            yield replace(report, findings=(*report.findings, *judged.findings))
        else:
            yield report
