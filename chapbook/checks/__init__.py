"""Proof of parity: finished files are read back and compared with the manuscript.

The readers share no code with the writers, and what is expected comes from pandoc's own tree, not
from the tree of which the files were made: so a word lost on the way is missed here.
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
    """How each page begins, and the folios that page references name, in their order.

    `places` tells the folio of each named place.
    """

    tops: tuple[PageTop, ...]
    folios: tuple[str, ...]
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Report:
    """What was read out of one file, in a phrase, and what is wrong with it.

    `printed` is what a PDF tells of its pages. `is_compared` tells whether it was held against a
    manuscript.
    """

    path: Path
    extent: str
    findings: tuple[Finding, ...]
    printed: Printed | None = None
    is_compared: bool = True

    @property
    def agrees(self) -> bool:
        """Whether nothing in it is wrong."""
        return not any(found.severity is Severity.ERROR for found in self.findings)


def check_files(job: Job, files: Mapping[Path, bytes]) -> list[Finding]:
    """Everything that differs between *job*'s manuscript and the finished *files*.

    Raises SourceError where the manuscript cannot be read.
    """
    return [found for report in reports(job, files) for found in report.findings]


def reports(job: Job, files: Mapping[Path, bytes]) -> Iterator[Report]:
    """A report for each of *files*. Raises as `check_files` does."""
    from chapbook.checks.expected import expect

    expectation = expect(job)
    printed: Printed | None = None
    # That with pages first: the others carry them.
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
        told = f"{path} cannot be read: {cause}"
        return Report(path, "unreadable", (error(Code.UNREADABLE, told, Place(str(path))),))
    if reading.source_digest not in (None, job.manuscript.digest):
        told = f"{path} was made from another state of the manuscript; run: chapbook build"
        where = Place(job.manuscript.name)
        return Report(path, "stale", (error(Code.STALE, told, where),))
    known = printed.folios if printed else None
    places = printed.places if printed else reading.places
    wanted = expectation.for_family(_readable(path.suffix).family)
    tops = printed.tops if printed and not reading.lines else None
    if reading.lines:
        if wanted.names_pages and known is None:
            told = f"{path} names printed pages: to compare it, run: chapbook build --format pdf"
            found = warning(Code.PAGES_DIFFER, told, Place(str(path)))
            return Report(path, _extent(reading.outline), (found,), is_compared=False)
        folios = known or ()
        expected = plain_outline(wanted, folios, places)
        reading = with_code(reading, expected.text.code)
    else:
        expected, folios = expected_of(wanted, reading, known, places)
    findings = tuple(
        error(
            found.code,
            f"{path.name}: {found.message}",
            place_of(job.manuscript, found.words, found.nth),
        )
        for found in differences(expected, reading, tops)
    )
    # Where the words agree, the manuscript's are counted: line ends hide where a PDF's words end.
    agree = not any(found.code is Code.WORDS_DIFFER for found in findings)
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
        # A broken file can be broken anywhere; the readers do not look before every step.
        raise Unreadable(f"{type(cause).__name__}: {cause}") from cause
    except RecursionError as cause:
        raise Unreadable("it is nested too deeply") from cause
    return reading


def _readable(suffix: str) -> Format:
    """The format with a reader for files that end in *suffix*. Raises Unreadable."""
    from chapbook.checks.reading import Unreadable

    row = format_of_suffix(suffix)
    if row is None or row.reader is None:
        raise Unreadable(f"no format that can be read back ends in {suffix}")
    return row


def _extent(outline: Outline) -> str:
    """How much was read, in a phrase."""
    from chapbook.checks.words import words_of

    words = sum(
        any(map(str.isalnum, word.text))  # a dash is no word: as `chapbook build` counts
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
