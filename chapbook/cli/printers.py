"""`chapbook check --printer`: checks finished PDFs by the rules of a printer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chapbook.cli.archives import show_json
from chapbook.cli.failures import Run
from chapbook.cli.findings import as_row, show
from chapbook.model.errors import Place, Severity, SourceError
from chapbook.writers.registry import PAGED

if TYPE_CHECKING:
    from chapbook.preflight import Preflight, PrintRequest
    from chapbook.preflight.verdict import Verdict

LARGEST_PDF_BYTES = 2**30  # KDP allows the most: 650 MB
_WIDTH = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)\s*(mm|in)")
_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Options:
    """The options of the command line."""

    files: tuple[str, ...]
    printer: str
    paper: str | None = None
    trim: str | None = None
    interior: str | None = None
    cover: str | None = None
    spine_width: str | None = None


def check_for_printer(options: Options, *, as_json: bool) -> None:
    """Print what the printer's rules say about each file. Exit with 8 if one is broken."""
    from chapbook.preflight import preflight

    run = Run("checked", as_json=as_json)
    files = {}
    for name in _names(options):
        with run.one(name):
            files[name] = _read(name)
    results = preflight(files, _print_request(options))
    for name, result in zip(files, results, strict=True):
        run.judge(name, result.findings)
    if as_json:
        show_json(run.document(_as_json(results, options.printer)))
    else:
        for result in results:
            _show(result)
        run.summarize()
        click.echo("This is not an approval. Only the printer can approve a file.")
    run.exit()


def _names(options: Options) -> tuple[str, ...]:
    named = (options.interior, options.cover, *options.files)
    names = tuple(dict.fromkeys(name for name in named if name))
    if not names or any(Path(name).suffix.lower() != PAGED.suffix for name in names):
        raise click.UsageError(
            "--printer checks finished PDFs. Name them, such as build/essay-press.pdf"
        )
    return names


def _read(name: str) -> bytes:
    path = Path(name)
    if not path.is_file():
        raise SourceError("there is no such file", where=Place(name), remedy="check the name")
    if path.stat().st_size > LARGEST_PDF_BYTES:
        raise SourceError("larger than 1 GB", where=Place(name), remedy="make its images smaller")
    return path.read_bytes()


def _print_request(options: Options) -> PrintRequest:
    """Return the options as values. Raises UsageError, which names the possible values."""
    from chapbook.preflight import PrintRequest
    from chapbook.preflight.order import Part
    from chapbook.printing.vendors import PRINTERS, parse_trim

    printer = PRINTERS[options.printer]
    paper = options.paper or next(iter(printer.papers))
    if paper not in printer.papers:
        raise click.UsageError(
            f"{printer.title} has no paper “{paper}”: choose from {', '.join(printer.papers)}"
        )
    try:
        trim = parse_trim(options.trim) if options.trim else None
    except ValueError as error:
        raise click.UsageError(f"--trim: {error}") from error
    parts = {options.interior: Part.INTERIOR, options.cover: Part.COVER}
    return PrintRequest(
        printer,
        printer.papers[paper],
        trim,
        {name: part for name, part in parts.items() if name},
        _spine_width_mm(options.spine_width),
    )


def _spine_width_mm(text: str | None) -> float | None:
    if text is None:
        return None
    measure = _WIDTH.fullmatch(text.strip())
    if measure is None:
        raise click.UsageError(f"--spine-width: “{text}” is not a width: write 12.7mm or 0.5in")
    return float(measure[1]) * (_MM_PER_INCH if measure[2] == "in" else 1.0)


def _show(result: Preflight) -> None:
    """Print a line for the file, its findings, and how certain each rule is."""
    from chapbook.preflight.verdict import Certainty

    click.echo(f"{result.path}  {result.extent}: {_verdict(result)}")
    show(result.findings)
    for certainty in Certainty:
        if codes := result.codes(certainty):
            names = ", ".join(code.removeprefix("print-") for code in codes)
            click.echo(f"  {certainty.value}: {names}")


def _verdict(result: Preflight) -> str:
    counts = {
        severity: sum(finding.severity is severity for finding in result.findings)
        for severity in (Severity.ERROR, Severity.WARNING)
    }
    counted = [
        f"{count} {severity.value}{'' if count == 1 else 's'}"
        for severity, count in counts.items()
        if count
    ]
    return ", ".join(counted) or "nothing found"


def _as_json(results: tuple[Preflight, ...], printer: str) -> dict[str, object]:
    return {
        "printer": printer,
        "files": [
            {
                "path": str(result.path),
                "extent": result.extent,
                "part": result.order.part.value if result.order else None,
                "paper": result.order.paper.name if result.order else None,
                "trim_mm": _trim(result),
                "rules": [_rule_row(verdict) for verdict in result.verdicts],
            }
            for result in results
        ],
        "findings": [row for result in results for row in _rows(result)],
    }


def _trim(result: Preflight) -> list[float] | None:
    trim = result.order.trim if result.order else None
    return [trim.width_mm, trim.height_mm] if trim else None


def _rule_row(verdict: Verdict) -> dict[str, object]:
    return {
        "code": verdict.code.value,
        "source": verdict.source.title,
        "basis": verdict.source.basis.value,
        "read": verdict.source.read,
        "certainty": verdict.certainty.value,
        "findings": len(verdict.observations),
    }


def _rows(result: Preflight) -> Iterator[dict[str, object]]:
    """Yield the findings as in every `--json`, with the pages and certainty of preflight."""
    observations = [seen for verdict in result.verdicts for seen in verdict.observations]
    if not observations:
        yield from map(as_row, result.findings)
        return
    for finding, seen in zip(result.findings, observations, strict=True):
        yield as_row(finding) | {"pages": list(seen.pages), "certainty": seen.certainty.value}
