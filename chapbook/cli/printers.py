"""`chapbook check --printer`: check finished PDFs by the rules of a printer."""

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

LARGEST_PDF_BYTES = 2**30  # KDP takes 650 MB, the most of all
_WIDTH = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)\s*(mm|in)")
_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands on the command line."""

    files: tuple[str, ...]
    printer: str
    paper: str | None = None
    trim: str | None = None
    interior: str | None = None
    cover: str | None = None
    spine_width: str | None = None


def check_for_printer(asked: Asked, *, as_json: bool) -> None:
    """Print what the printer's rules say about each file. Exit with 8 if one is broken."""
    from chapbook.preflight import preflight

    run = Run("checked", as_json=as_json)
    files = {}
    for name in _names(asked):
        with run.one(name):
            files[name] = _read(name)
    done = preflight(files, _print_request(asked))
    for name, each in zip(files, done, strict=True):
        run.judge(name, each.findings)
    if as_json:
        show_json(run.document(_as_json(done, asked.printer)))
    else:
        for each in done:
            _show(each)
        run.summarize()
        click.echo("This is no approval: that is the printer’s to give.")
    run.exit()


def _names(asked: Asked) -> tuple[str, ...]:
    named = (asked.interior, asked.cover, *asked.files)
    names = tuple(dict.fromkeys(name for name in named if name))
    if not names or any(Path(name).suffix.lower() != PAGED.suffix for name in names):
        raise click.UsageError(
            "--printer checks finished PDFs: name them, such as build/essay-press.pdf"
        )
    return names


def _read(name: str) -> bytes:
    path = Path(name)
    if not path.is_file():
        raise SourceError("there is no such file", where=Place(name), remedy="check the name")
    if path.stat().st_size > LARGEST_PDF_BYTES:
        raise SourceError("larger than 1 GB", where=Place(name), remedy="make its images smaller")
    return path.read_bytes()


def _print_request(asked: Asked) -> PrintRequest:
    """Return the options as values. Raises UsageError, which names the possible values."""
    from chapbook.preflight import PrintRequest
    from chapbook.preflight.order import Part
    from chapbook.printing.vendors import PRINTERS, parse_trim

    printer = PRINTERS[asked.printer]
    paper = asked.paper or next(iter(printer.papers))
    if paper not in printer.papers:
        raise click.UsageError(
            f"{printer.title} has no paper “{paper}”: choose from {', '.join(printer.papers)}"
        )
    try:
        trim = parse_trim(asked.trim) if asked.trim else None
    except ValueError as error:
        raise click.UsageError(f"--trim: {error}") from error
    parts = {asked.interior: Part.INTERIOR, asked.cover: Part.COVER}
    return PrintRequest(
        printer,
        printer.papers[paper],
        trim,
        {name: part for name, part in parts.items() if name},
        _spine_width_mm(asked.spine_width),
    )


def _spine_width_mm(text: str | None) -> float | None:
    if text is None:
        return None
    measure = _WIDTH.fullmatch(text.strip())
    if measure is None:
        raise click.UsageError(f"--spine-width: “{text}” is no width: write 12.7mm or 0.5in")
    return float(measure[1]) * (_MM_PER_INCH if measure[2] == "in" else 1.0)


def _show(done: Preflight) -> None:
    """A line for the file, its findings, and how sure each rule could be."""
    from chapbook.preflight.verdict import Certainty

    click.echo(f"{done.path}  {done.extent}: {_verdict(done)}")
    show(done.findings)
    for certainty in Certainty:
        if codes := done.codes(certainty):
            names = ", ".join(code.removeprefix("print-") for code in codes)
            click.echo(f"  {certainty.value}: {names}")


def _verdict(done: Preflight) -> str:
    counts = {
        severity: sum(found.severity is severity for found in done.findings)
        for severity in (Severity.ERROR, Severity.WARNING)
    }
    told = [
        f"{count} {severity.value}{'' if count == 1 else 's'}"
        for severity, count in counts.items()
        if count
    ]
    return ", ".join(told) or "nothing found"


def _as_json(done: tuple[Preflight, ...], printer: str) -> dict[str, object]:
    return {
        "printer": printer,
        "files": [
            {
                "path": str(each.path),
                "extent": each.extent,
                "part": each.order.part.value if each.order else None,
                "paper": each.order.paper.name if each.order else None,
                "trim_mm": _trim(each),
                "rules": [_rule_row(verdict) for verdict in each.verdicts],
            }
            for each in done
        ],
        "findings": [row for each in done for row in _rows(each)],
    }


def _trim(done: Preflight) -> list[float] | None:
    trim = done.order.trim if done.order else None
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


def _rows(done: Preflight) -> Iterator[dict[str, object]]:
    """The findings as everywhere in `--json`, and what only preflight knows of them."""
    seen = [each for verdict in done.verdicts for each in verdict.observations]
    if not seen:
        yield from map(as_row, done.findings)
        return
    for found, each in zip(done.findings, seen, strict=True):
        yield as_row(found) | {"pages": list(each.pages), "certainty": each.certainty.value}
