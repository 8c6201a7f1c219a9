"""`chapbook check`: read the finished files back, and compare them with the manuscript."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from chapbook.cli import inputs
from chapbook.cli.archives import show_json
from chapbook.cli.failures import Run
from chapbook.cli.findings import as_row, show
from chapbook.model.errors import OutputError, Place, SourceError
from chapbook.reading.source_files import INDEX_NAME, SOURCE_FOLDER, main_file
from chapbook.writers.registry import Format, judged_format, readable_formats

if TYPE_CHECKING:
    from chapbook.checks import Report
    from chapbook.pipeline import Job

LARGEST_FILE_BYTES = 2**30  # Apple advises to keep EPUBs smaller


@click.command(epilog="Example: chapbook check essay.md --json")
@click.argument("files", nargs=-1, metavar="[MANUSCRIPT | EPUB | PDF]...")
@click.option(
    "--out",
    default="build",
    show_default=True,
    metavar="DIR",
    help="The folder of the finished files.",
)
@click.option(
    "--printer",
    type=click.Choice(["home", "kdp", "ingram", "lulu", "press"]),
    help="Check PDFs, whoever made them, by the rules of this printer.",
)
@click.option("--paper", metavar="NAME", help="A paper of the printer, such as white or cream.")
@click.option("--trim", metavar="SIZE", help="The trim size, such as a5 or 6x9in.")
@click.option("--interior", metavar="PDF", help="This PDF is the interior, whatever its shape.")
@click.option("--cover", metavar="PDF", help="This PDF is the cover.")
@click.option("--spine-width", metavar="WIDTH", help="The width in the printer's template: 12.7mm.")
@inputs.allow_filters_option
@click.option("--json", "as_json", is_flag=True, help="Print results as JSON.")
def check(
    files: tuple[str, ...], out: str, allow_filters: bool, as_json: bool, **printing: str | None
) -> None:
    """Read the finished files of each MANUSCRIPT back, and compare them with it.

    Independent readers take the files apart. Their words, headings, notes, links, figures, tables
    and metadata must be those of the manuscript, in every format. Any EPUB, whoever made it, is
    checked by EPUBCheck and by the limits of e-readers and stores. If its manuscript is in this
    folder or in source/, findings name the manuscript's line. Exits with 8 if there are errors.

    With --printer, an interior and its cover are checked by that printer's dated rules. Each
    finding says its source and how sure it is: check --printer kdp essay-press.pdf essay-cover.pdf
    """
    if printer := printing.pop("printer"):
        from chapbook.cli.printers import Options, check_for_printer

        check_for_printer(Options(files, printer, **printing), as_json=as_json)
        return
    if any(printing.values()):
        raise click.UsageError("that option goes with --printer, such as --printer kdp")
    made: list[Report] = []
    run = Run("checked", as_json=as_json)
    for subject, reports in _subjects(files, _Where(out, allow_filters)):
        with run.one(subject):
            for report in reports:
                made.append(report)
                run.judge(subject, report.findings)
                if not as_json:
                    _show_report(report)
    if as_json:
        show_json(run.document(_as_json(made)))
    run.end()


class _Where(NamedTuple):
    """The folder that was built into, and whether the filters that did it may run again."""

    out: str
    allow_filters: bool

    def job(self, manuscript: str) -> Job:
        """What a build of the manuscript at that path takes."""
        return inputs.job(manuscript, allow_filters=self.allow_filters)


def _subjects(files: tuple[str, ...], where: _Where) -> Iterator[tuple[str, Iterator[Report]]]:
    """First the finished files named, then the manuscripts of which none of them is, with reports.

    Nothing is read before a subject's reports are asked for.
    """
    named = [name for name in files if not judged_format(name)]
    compared: set[Path] = set()
    for name in files:
        if row := judged_format(name):
            yield name, _reports_on_file(row, name, named, compared, where)
    rest = tuple(name for name in named if Path(name) not in compared)
    if rest or not files:
        for path in inputs.manuscripts(rest):
            yield path, _reports_on_manuscript(path, where)


def _reports_on_manuscript(path: str, where: _Where) -> Iterator[Report]:
    from chapbook.checks.any_file import every_check

    job = where.job(path)
    yield from every_check(job, _finished(Path(where.out), job.manuscript.stem))


def _reports_on_file(
    row: Format, name: str, named: list[str], compared: set[Path], where: _Where
) -> Iterator[Report]:
    """The report on the finished file *name*, compared with its manuscript where that is here.

    That manuscript is added to *compared*.
    """
    from chapbook.checks.any_file import check_file, every_check, source_digest_of

    content = _read_finished(name)
    digest = source_digest_of(row, content)
    path = _manuscript_of(digest, name, named, where) if digest else None
    if path is None:
        yield check_file(row, name, content, None)
        return
    compared.add(path)
    yield from every_check(where.job(str(path)), {Path(name): content})


def _read_finished(name: str) -> bytes:
    path = Path(name)
    if not path.is_file():
        raise SourceError("there is no such file", where=Place(name), remedy="check the name")
    if path.stat().st_size > LARGEST_FILE_BYTES:
        raise SourceError("larger than 1 GB", where=Place(name), remedy="make its images smaller")
    return path.read_bytes()


def _manuscript_of(digest: str, finished: str, named: list[str], where: _Where) -> Path | None:
    """The manuscript with that digest: among those *named*, in source/, here, or beside the file.

    *finished* is the path of the file that was made from it.
    """
    beside = (Path(folder) for folder in (SOURCE_FOLDER, "", Path(finished).parent))
    kept = (sorted((*folder.glob("*.md"), *_folders(folder))) for folder in beside)
    found = chain(map(Path, named), *kept)
    # Those of the same name first: mostly one of them is the one.
    for path in sorted(dict.fromkeys(found), key=lambda path: path.stem != Path(finished).stem):
        if _digest_of(path, where) == digest:
            return path
    return None


def _folders(folder: Path) -> Iterator[Path]:
    """The manuscripts in *folder* that are folders themselves."""
    return (index.parent for index in folder.glob(f"*/{INDEX_NAME}"))


def _digest_of(manuscript: Path, where: _Where) -> str | None:
    """The digest of the manuscript at that path; None where there is none that can be read."""
    from chapbook.reading.manuscript import MAXIMUM_BYTES

    file = main_file(str(manuscript))
    if not file.is_file() or file.stat().st_size > MAXIMUM_BYTES:
        return None
    try:
        allowed = where.allow_filters
        return inputs.manuscript(str(manuscript), allow_filters=allowed).digest
    except SourceError:  # it is not the one that was built
        return None


def _show_report(report: Report) -> None:
    """A line for the file, and below it what is wrong."""
    count = len(report.findings)
    verdict = "agrees" if report.agrees and report.is_compared else ""
    told = f"{count} finding{'' if count == 1 else 's'}"
    if count or not verdict:
        verdict = f"{verdict}, {told}" if verdict else told if count else "nothing found"
    click.echo(f"{report.path}  {verdict}  {report.extent}")
    show(report.findings)


def _as_json(made: list[Report]) -> dict[str, object]:
    return {
        "files": [
            {
                "path": str(report.path),
                "extent": report.extent,
                "agrees": report.agrees if report.is_compared else None,
            }
            for report in made
        ],
        "findings": [as_row(found) for report in made for found in report.findings],
    }


def _finished(out: Path, stem: str) -> dict[Path, bytes]:
    """The files built of the manuscript *stem*."""
    files = {}
    for row in readable_formats():
        path = out / f"{stem}{row.suffix}"
        if path.is_file():
            files[path] = path.read_bytes()
    if not files:
        raise OutputError(
            f"nothing is built of {stem}", where=Place(str(out)), remedy="run: chapbook build"
        )
    return files
