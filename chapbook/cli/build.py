"""`chapbook build`: manuscripts in, finished files out."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import click

from chapbook import record
from chapbook.cli import inputs
from chapbook.cli.findings import as_row, exit_on_errors, show
from chapbook.edition import digest
from chapbook.errors import Finding
from chapbook.output import make_folder, write_files
from chapbook.pipeline import Built, Job

FORMATS = ("pdf", "epub", "html")


@dataclass(frozen=True, slots=True)
class Line:
    """What is said of one output."""

    path: Path
    size: int
    extent: str
    seconds: float | None  # None: it was up to date


@click.command(epilog="Example: chapbook build essay.md --format pdf --out print")
@click.argument("manuscripts", nargs=-1, metavar="[MANUSCRIPT]...")
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    help="Make only this format; may be given several times.  [default: all]",
)
@click.option(
    "--out", default="build", show_default=True, metavar="DIR", help="The folder for what is made."
)
@click.option("--force", is_flag=True, help="Build even what is up to date.")
@click.option("--json", "as_json", is_flag=True, help="Tell the results as JSON.")
def build(
    manuscripts: tuple[str, ...], formats: tuple[str, ...], out: str, force: bool, as_json: bool
) -> None:
    """Build a PDF, an EPUB and a web page of each MANUSCRIPT.

    A MANUSCRIPT is a Markdown file, or - for standard input. Without one, all those in source/
    are built.
    """
    lines: list[Line] = []
    findings: list[Finding] = []
    for path in inputs.manuscripts(manuscripts):
        made, found = _build_one(inputs.job(path), formats or FORMATS, Path(out), force=force)
        lines += made
        findings += found
        if not as_json:
            show(found)
            _show_lines(made)
    if as_json:
        click.echo(json.dumps(_as_json(lines, findings), indent=2, ensure_ascii=False))
    elif all(line.seconds is None for line in lines):
        click.echo("Everything is up to date.")
    exit_on_errors(findings)


def _build_one(
    job: Job, formats: tuple[str, ...], out: Path, *, force: bool
) -> tuple[list[Line], list[Finding]]:
    known = record.load(out)
    paths = {name: out / f"{job.manuscript.stem}.{name}" for name in dict.fromkeys(formats)}
    stale = [
        name
        for name, path in paths.items()
        if force
        or not record.is_current(
            entry := known.get(path.name), _inputs(job, entry.assets if entry else ()), path
        )
    ]
    started = time.perf_counter()
    seconds: dict[str, float] = {}
    findings: list[Finding] = []
    if stale:
        make_folder(out)
        built = _run(job, stale, seconds)
        _store(job, built, out, known)
        findings = list(built.findings)
    lines = []
    entries = record.load(out)
    for name, path in paths.items():
        line_seconds = seconds.get(name, time.perf_counter() - started) if name in stale else None
        lines.append(Line(path, path.stat().st_size, entries[path.name].extent, line_seconds))
    return lines, findings


def _run(job: Job, formats: list[str], seconds: dict[str, float]) -> Built:
    """Build, showing on a terminal which step is under way, and note how long each took."""
    from chapbook.pipeline import build as run

    on_terminal = sys.stderr.isatty()
    begun: list[tuple[str, float]] = []

    def tell(step: str) -> None:
        _finish_step(begun, seconds)
        begun.append((step, time.perf_counter()))
        if on_terminal:
            click.echo(f"\r\x1b[K{job.manuscript.name}: {step} …", nl=False, err=True)

    try:
        return run(job, formats, tell)
    finally:
        _finish_step(begun, seconds)
        if on_terminal:
            click.echo("\r\x1b[K", nl=False, err=True)


def _finish_step(begun: list[tuple[str, float]], seconds: dict[str, float]) -> None:
    if begun:
        step, started = begun.pop()
        seconds[step] = time.perf_counter() - started


def _store(job: Job, built: Built, out: Path, known: dict[str, record.Entry]) -> None:
    """Write the artefacts and the record of them, all or nothing."""
    assets = tuple(sorted(built.document.assets))
    inputs = _inputs(job, assets)
    files = {}
    for artefact in built.artefacts:
        path = out / f"{job.manuscript.stem}{artefact.suffix}"
        files[path] = artefact.content
        known[path.name] = record.Entry(inputs, assets, digest(artefact.content), artefact.extent)
    files[out / record.RECORD_NAME] = record.dump(known)
    write_files(files)


def _inputs(job: Job, assets: tuple[str, ...]) -> str:
    return record.inputs_digest(job.manuscript, job.defaults, job.templates, job.folder, assets)


def _show_lines(lines: list[Line]) -> None:
    for line in lines:
        took = "up to date" if line.seconds is None else f"{line.seconds:.1f} s"
        click.echo(f"{line.path}  {human_size(line.size)}  {line.extent}  {took}")


def human_size(size: int) -> str:
    """*size* in bytes as people read it.

    >>> human_size(34126)
    '34 kB'
    """
    if size < 1000:
        return f"{size} B"
    return f"{size / 1e3:.0f} kB" if size < 1e6 else f"{size / 1e6:.1f} MB"


def _as_json(lines: list[Line], findings: list[Finding]) -> dict[str, object]:
    return {
        "outputs": [
            {
                "path": str(line.path),
                "bytes": line.size,
                "extent": line.extent,
                "built": line.seconds is not None,
            }
            for line in lines
        ],
        "findings": [as_row(finding) for finding in findings],
    }
