"""`chapbook check`: what the finished files say, read back and compared."""

from __future__ import annotations

import json
from pathlib import Path

import click

from chapbook.cli import inputs
from chapbook.cli.findings import as_row, exit_on_errors, show
from chapbook.errors import Finding, OutputError, Place


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
    from chapbook.checks import check_files

    findings: list[Finding] = []
    for path in inputs.manuscripts(manuscripts):
        job = inputs.job(path)
        files = _finished(Path(out), job.manuscript.stem)
        findings += check_files(job, files)
        if not as_json:
            click.echo(f"{path}: read back {', '.join(str(file) for file in files)}")
    if as_json:
        click.echo(json.dumps([as_row(found) for found in findings], indent=2, ensure_ascii=False))
    else:
        show(findings)
        click.echo("The formats agree." if not findings else f"{len(findings)} findings.")
    exit_on_errors(findings)


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
