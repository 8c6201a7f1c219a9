"""Takes finished files and their manuscript, and returns every difference between them.

The readers share no code with the writers, and the expected content comes from pandoc's own tree,
not from the tree that the files were made from. So a word that is lost on the way is found here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chapbook.model.errors import Code, Finding, Severity, error, warning
from chapbook.writers.registry import PAGED, Format, format_of_suffix, resolve

if TYPE_CHECKING:
    from chapbook.checks.expected import Expectation
    from chapbook.checks.outline import Outline
    from chapbook.checks.reading import PageTop, Reading
    from chapbook.pipeline import Job


@dataclass(frozen=True, slots=True)
class Printed:
    """How each page begins, the folios in page references in order, and the folios of ids."""

    tops: tuple[PageTop, ...]
    folios: tuple[str, ...]
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """The extent of a file, in a phrase, and the findings about it.

    `printed` are the facts about a PDF's pages. `is_compared` says whether the file was compared
    with a manuscript.
    """

    path: Path
    extent: str
    findings: tuple[Finding, ...]
    printed: Printed | None = None
    is_compared: bool = True

    @property
    def agrees(self) -> bool:
        """Whether no finding is an error."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)


def check_files(job: Job, files: Mapping[Path, bytes]) -> list[Finding]:
    """Return a finding for every difference between *job*'s manuscript and the finished *files*.

    Raises SourceError if the manuscript cannot be read.
    """
    return [finding for report in reports(job, files) for finding in report.findings]


def reports(job: Job, files: Mapping[Path, bytes]) -> Iterator[Report]:
    """Yield a report for each of *files*. Raises as `check_files` does."""
    from chapbook.checks.expected import expect

    expectation = expect(job)
    printed: Printed | None = None
    # The file with pages comes first, since the others are compared with its pages.
    for path, content in sorted(files.items(), key=lambda file: file[0].suffix != PAGED.suffix):
        report = _report(job, expectation, path, content, printed)
        printed = report.printed or printed
        yield report


def _report(
    job: Job, expectation: Expectation, path: Path, content: bytes, printed: Printed | None
) -> Report:
    from chapbook.checks.compare import differences
    from chapbook.checks.plain_words import plain_outline, with_code
    from chapbook.checks.reading import Unreadable
    from chapbook.checks.shown_by_file import expected_of
    from chapbook.checks.source_lines import place_of
    from chapbook.model.errors import Place

    try:
        reading = read_file(path.suffix, content)
    except Unreadable as cause:
        message = f"{path} cannot be read: {cause}"
        return Report(path, "unreadable", (error(Code.UNREADABLE, message, Place(str(path))),))
    if reading.source_digest not in (None, job.manuscript.digest):
        message = f"{path} was made from another state of the manuscript; run: chapbook build"
        where = Place(job.manuscript.name)
        return Report(path, "stale", (error(Code.STALE, message, where),))
    folios_in_print = printed.folios if printed else None
    places = printed.places if printed else reading.places
    wanted = expectation.for_family(_readable(path.suffix).family)
    tops = printed.tops if printed and not reading.lines else None
    if reading.lines:
        if wanted.names_pages and folios_in_print is None:
            message = f"{path} names printed pages: to compare it, run: chapbook build --format pdf"
            finding = warning(Code.PAGES_DIFFER, message, Place(str(path)))
            return Report(path, _extent(reading.outline), (finding,), is_compared=False)
        folios = folios_in_print or ()
        expected = plain_outline(wanted, folios, places)
        reading = with_code(reading, expected.text.code)
    else:
        expected, folios = expected_of(wanted, reading, folios_in_print, places)
    findings = tuple(
        error(
            difference.code,
            f"{path.name}: {difference.message}",
            place_of(job.manuscript, difference.words, difference.nth),
        )
        for difference in differences(expected, reading, tops)
    )
    # If the words agree, count those of the manuscript: in a PDF, line ends may split words.
    agree = not any(finding.code is Code.WORDS_DIFFER for finding in findings)
    extent = _extent(expected if agree else reading.outline)
    own = None
    if reading.is_paged and reading.pages:
        own = Printed(reading.pages, folios, reading.places)
    return Report(path, extent, findings, own)


def read_file(suffix: str, content: bytes) -> Reading:
    """Read *content* with the reader for its *suffix*. Raises Unreadable."""
    from chapbook.checks.reading import Unreadable

    row = _readable(suffix)
    try:
        reading: Reading = resolve(str(row.reader))(content)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as cause:
        # A broken file can be broken anywhere, and the readers do not check every step.
        raise Unreadable(f"{type(cause).__name__}: {cause}") from cause
    except RecursionError as cause:
        raise Unreadable("it is nested too deeply") from cause
    return reading


def _readable(suffix: str) -> Format:
    """Return the format with a reader for files that end in *suffix*. Raises Unreadable."""
    from chapbook.checks.reading import Unreadable

    row = format_of_suffix(suffix)
    if row is None or row.reader is None:
        raise Unreadable(f"no format that can be read back ends in {suffix}")
    return row


def _extent(outline: Outline) -> str:
    """Return the number of words, headings, notes and so on, as a phrase."""
    from chapbook.checks.words import words_of

    words = sum(
        any(map(str.isalnum, word.text))  # a dash is no word, as in `chapbook build`
        for part in (outline.text, *(note.text for note in outline.notes if note.text))
        for word in words_of(part.blocks)
    )
    counts = (
        (words, "word"),
        (len(outline.text.headings), "heading"),
        (len(outline.notes), "note"),
        (len(outline.text.links), "link"),
        (len(outline.text.pictures), "picture"),
        (len(outline.text.tables), "table"),
    )
    return ", ".join(
        f"{count:,} {name}{'' if count == 1 else 's'}" for count, name in counts if count
    )
