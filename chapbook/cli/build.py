"""`chapbook build`: builds manuscripts, and writes the finished files.

Modules that an unchanged rebuild does not need are imported late, so that it takes 0.05 s.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from chapbook.cli import build_cache, inputs
from chapbook.reading.source_files import STDIN_NAME, main_file, stem_of
from chapbook.writers.registry import FORMATS, READING_FORMATS, Options

if TYPE_CHECKING:
    from chapbook.model.document import Artefact, Manuscript
    from chapbook.model.errors import Finding
    from chapbook.pipeline import Built, Job


class Line(NamedTuple):
    """The facts that are printed about one output."""

    path: Path
    size: int
    extent: str
    seconds: float | None  # None if it was up to date


class Done(NamedTuple):
    """The result for one manuscript; `layout` says how many pages were laid out, and how fast."""

    lines: list[Line]
    findings: list[Finding]
    layout: str = ""


class Order(NamedTuple):
    """The formats to build of each manuscript, and where to write them."""

    formats: tuple[str, ...]
    out: Path
    force: bool
    allow_filters: bool
    options: Options


def _format_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give *command* the options of all formats, as their rows have them."""
    for option in reversed([option for row in FORMATS.values() for option in row.options]):
        kind = {"is_flag": True} if option.least is None else {"type": click.IntRange(option.least)}
        add = click.option(f"--{option.name.replace('_', '-')}", help=option.help, **kind)
        command = add(command)
    return command


@click.command(epilog="Example: chapbook build essay.md --format pdf --out print")
@click.argument("manuscripts", nargs=-1, metavar="[MANUSCRIPT]...")
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(tuple(FORMATS)),
    help="Make only this format. Can be given several times.  [default: pdf, epub and html]",
)
@click.option(
    "--out", default="build", show_default=True, metavar="DIR", help="The folder for the files."
)
@click.option("--force", is_flag=True, help="Build also what is up to date.")
@_format_options
@inputs.allow_filters_option
@click.option("--json", "as_json", is_flag=True, help="Print results as JSON.")
def build(
    manuscripts: tuple[str, ...],
    formats: tuple[str, ...],
    out: str,
    force: bool,
    allow_filters: bool,
    as_json: bool,
    **options: int | None,
) -> None:
    """Build a PDF, an EPUB and a web page of each MANUSCRIPT, or the formats of --format.

    A MANUSCRIPT is a Markdown file, a folder whose index.md lists its chapters, or - for standard
    input. If you name none, all Markdown files in source/ are built.
    """
    from chapbook.cli.archives import show_json
    from chapbook.cli.failures import Run

    order = Order(
        formats or READING_FORMATS, Path(out), force, allow_filters, _given(options, formats)
    )
    lines: list[Line] = []
    findings: list[Finding] = []
    run = Run("built", as_json=as_json)
    for path in inputs.manuscripts(manuscripts):
        with run.one(path):
            done = _build_one(path, order)
            run.judge(path, done.findings)
            lines += done.lines
            findings += done.findings
            if not as_json:
                _show(done)
    if as_json:
        show_json(run.document(_as_json(lines, findings)))
    elif lines and all(line.seconds is None for line in lines) and not run.failures:
        click.echo("Everything is up to date.")
    run.end()


def _given(options: Mapping[str, int | None], formats: Sequence[str]) -> Options:
    """Return those of *options* that the user gave. Raises UsageError if no format has one."""
    given = {name: value for name, value in options.items() if value}
    known = {option.name for name in formats for option in FORMATS[name].options}
    for name in given.keys() - known:
        row = next(row for row in FORMATS.values() if row.chosen({name: 1}))
        raise click.UsageError(f"--{name.replace('_', '-')} goes with --format {row.name}")
    return given


def _build_one(manuscript: str, order: Order) -> Done:
    """Build the formats that are not up to date; return a line for each, and the findings."""
    out = order.out
    stem = stem_of(manuscript)
    paths = {
        out / f"{stem}{suffix}": name
        for name in dict.fromkeys(order.formats)
        for suffix in FORMATS[name].suffixes
    }
    known = build_cache.load(out)
    stale = [
        name
        for path, name in paths.items()
        if order.force
        or manuscript == STDIN_NAME
        or not _is_current(manuscript, path, known, FORMATS[name].chosen(order.options))
    ]
    if not stale:
        return Done([_line(path, known[path.name].extent, None) for path in paths], [])
    seconds: dict[str, float] = {}
    job = inputs.job(manuscript, allow_filters=order.allow_filters)
    built = _run(job, [*dict.fromkeys(stale)], order.options, seconds)
    complete = [artefact for artefact in built.artefacts if not _has_blank_boxes(artefact)]
    artefacts = {out / f"{stem}{artefact.suffix}": artefact for artefact in complete}
    if artefacts:
        _store(manuscript, built, artefacts, known, order.options)
    extents = {path: known[path.name].extent for path in paths if path.name in known}
    extents |= {path: artefact.extent for path, artefact in artefacts.items()}
    lines = [
        _line(path, extents[path], seconds.get(name))
        for path, name in paths.items()
        if path in extents and path.is_file()
    ]
    return Done(lines, list(built.findings), _layout_in_words(built, seconds))


def _layout_in_words(built: Built, seconds: dict[str, float]) -> str:
    """Return the number of pages laid out, and the time; an empty text if there were none."""
    return f"{built.layout.extent}  {seconds['layout']:.1f} s" if built.layout else ""


def _has_blank_boxes(artefact: Artefact) -> bool:
    """Return whether no face has a character of *artefact*. Such a file is not written."""
    from chapbook.model.errors import Code

    return any(finding.code is Code.GLYPH_MISSING for finding in artefact.findings)


def _is_current(
    manuscript: str, path: Path, known: dict[str, build_cache.Entry], options: Options
) -> bool:
    entry = known.get(path.name)
    return entry is not None and build_cache.is_current(
        entry, build_cache.inputs_digest(manuscript, entry.assets, options), path
    )


def _line(path: Path, extent: str, seconds: float | None) -> Line:
    return Line(path, path.stat().st_size, extent, seconds)


def _run(job: Job, formats: list[str], options: Options, seconds: dict[str, float]) -> Built:
    """Build, show the current step on a terminal, and record the *seconds* of each step."""
    from chapbook.pipeline import build as run

    on_terminal = sys.stderr.isatty()
    begun: list[tuple[str, float]] = []

    def report_step(step: str) -> None:
        _finish_step(begun, seconds)
        begun.append((step, time.perf_counter()))
        if on_terminal:
            click.echo(f"\r\x1b[K{job.manuscript.name}: {step} …", nl=False, err=True)

    try:
        return run(job, formats, report_step, options)
    finally:
        _finish_step(begun, seconds)
        if on_terminal:
            click.echo("\r\x1b[K", nl=False, err=True)


def _finish_step(begun: list[tuple[str, float]], seconds: dict[str, float]) -> None:
    if begun:
        step, started = begun.pop()
        seconds[step] = time.perf_counter() - started


def _store(
    manuscript: str,
    built: Built,
    artefacts: dict[Path, Artefact],
    known: dict[str, build_cache.Entry],
    options: Options,
) -> None:
    """Write the artefacts and their record, all or nothing.

    A file with errors is not recorded, so that the next build reports them again.
    """
    from chapbook.cli.output import make_folder, write_files
    from chapbook.model.edition import digest
    from chapbook.model.errors import Severity

    out = next(iter(artefacts)).parent
    make_folder(out)
    source = built.document.manuscript
    assets = built.document.files
    has_no_errors = all(finding.severity is not Severity.ERROR for finding in built.findings)
    # The author may have saved another version during the build.
    is_same = manuscript != STDIN_NAME and _is_still(source, manuscript)
    is_recorded = is_same and has_no_errors
    files = {}
    for path, artefact in artefacts.items():
        files[path] = artefact.content
        chosen = FORMATS[artefact.format].chosen(options)
        state = build_cache.inputs_digest(manuscript, assets, chosen) if is_recorded else ""
        known[path.name] = build_cache.Entry(
            state, assets, digest(artefact.content), artefact.extent
        )
    files[out / build_cache.RECORD_NAME] = build_cache.dump(known)
    write_files(files)


def _is_still(source: Manuscript, manuscript: str) -> bool:
    folder = main_file(manuscript).parent
    paths = {folder / name: content for name, content in source.files.items()}
    return all(path.is_file() and path.read_bytes() == paths[path] for path in paths)


def _show(done: Done) -> None:
    if done.findings:
        from chapbook.cli.findings import show

        show(done.findings)
    if done.layout:
        click.echo(f"layout  {done.layout}")
    for line in done.lines:
        took = "up to date" if line.seconds is None else f"{line.seconds:.1f} s"
        click.echo(f"{line.path}  {human_size(line.size)}  {line.extent}  {took}")


def human_size(size: int) -> str:
    """Return *size*, in bytes, with a suitable unit.

    >>> human_size(34126)
    '34 kB'
    """
    if size < 1000:
        return f"{size} B"
    return f"{size / 1e3:.0f} kB" if size < 1e6 else f"{size / 1e6:.1f} MB"


def _as_json(lines: list[Line], findings: list[Finding]) -> dict[str, object]:
    from chapbook.cli.findings import as_row

    outputs = [
        {
            "path": str(line.path),
            "bytes": line.size,
            "extent": line.extent,
            "built": line.seconds is not None,
        }
        for line in lines
    ]
    rows = [as_row(finding) for finding in findings]
    return {"outputs": outputs, "findings": rows}
