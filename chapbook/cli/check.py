"""`chapbook check`: what the finished files say, read back and compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chapbook.cli import inputs
from chapbook.cli.findings import as_row, exit_on_errors, show
from chapbook.errors import OutputError, Place

if TYPE_CHECKING:
    from chapbook.checks import Report


@click.command(epilog="Example: chapbook check essay.md --json")
@click.argument("manuscripts", nargs=-1, metavar="[MANUSCRIPT]...")
@click.option(
    "--out",
    default="build",
    show_default=True,
    metavar="DIR",
    help="The folder that was built into.",
)
@click.option("--json", "as_json", is_flag=True, help="Tell the findings as JSON.")
def check(manuscripts: tuple[str, ...], out: str, as_json: bool) -> None:
    """Read the finished files of each MANUSCRIPT back, and compare them with it.

    Independent readers take the files apart; their words, headings, notes, links, figures, tables
    and metadata must be the manuscript's, in every format. Exits with 8 where one differs.
    """
    from chapbook.checks import reports

    made: list[Report] = []
    for path in inputs.manuscripts(manuscripts):
        job = inputs.job(path)
        for report in reports(job, _finished(Path(out), job.manuscript.stem)):
            made.append(report)
            if not as_json:
                _show_report(report)
    findings = [found for report in made for found in report.findings]
    if as_json:
        click.echo(json.dumps(_as_json(made), indent=2, ensure_ascii=False))
    exit_on_errors(findings)


def _show_report(report: Report) -> None:
    """A line for the file, and below it what differs."""
    count = len(report.findings)
    verdict = f"{count} finding{'' if count == 1 else 's'}" if count else "agrees"
    click.echo(f"{report.path}  {verdict}  {report.extent}")
    show(report.findings)


def _as_json(made: list[Report]) -> dict[str, object]:
    return {
        "files": [
            {"path": str(report.path), "extent": report.extent, "agrees": not report.findings}
            for report in made
        ],
        "findings": [as_row(found) for report in made for found in report.findings],
    }


def _finished(out: Path, stem: str) -> dict[Path, bytes]:
    """The files built of the manuscript *stem*."""
    files = {}
    for suffix in (".pdf", ".epub", ".html"):
        path = out / f"{stem}{suffix}"
        if path.is_file():
            files[path] = path.read_bytes()
    if not files:
        raise OutputError(
            f"nothing is built of {stem}", where=Place(str(out)), remedy="run: chapbook build"
        )
    return files
