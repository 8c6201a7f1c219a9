"""Takes finished PDFs from any source and returns findings by the rules of a printer.

Nothing here is an approval. Each verdict names its source and how certain it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chapbook.checks.reading import Unreadable
from chapbook.model.errors import Code, Finding, Place, Severity, error
from chapbook.pdf.facts import File
from chapbook.preflight.order import Order, Part, guess_part, trim_of
from chapbook.preflight.verdict import Certainty, Verdict, judge

if TYPE_CHECKING:
    from chapbook.printing.printer import Paper, Printer
    from chapbook.printing.trims import TrimSize


@dataclass(frozen=True, slots=True)
class PrintRequest:
    """The print job that the user describes.

    `parts` has the part for each file for which the user names it; it is guessed for the others.
    """

    printer: Printer
    paper: Paper
    trim: TrimSize | None = None
    parts: Mapping[str, Part] | None = None
    spine_width_mm: float | None = None


@dataclass(frozen=True, slots=True)
class Preflight:
    """The result for one file. `order` is None if the file could not be read."""

    path: Path
    extent: str
    order: Order | None
    verdicts: tuple[Verdict, ...]
    findings: tuple[Finding, ...]

    def codes(self, certainty: Certainty) -> tuple[str, ...]:
        """Return the codes of the rules whose verdict has this *certainty*."""
        return tuple(each.code.value for each in self.verdicts if each.certainty is certainty)


def preflight(files: Mapping[str, bytes], request: PrintRequest) -> tuple[Preflight, ...]:
    """Return the result for each of *files*, an interior and its cover, by the printer's rules."""
    from chapbook.preflight.read import read_pdf

    read: dict[str, File | Unreadable] = {}
    for name, content in files.items():
        try:
            read[name] = read_pdf(content)
        except Unreadable as cause:
            read[name] = cause
    parts = {
        name: (request.parts or {}).get(name) or guess_part(file)
        for name, file in read.items()
        if isinstance(file, File)
    }
    interior = next((file for name, file in read.items() if parts.get(name) is Part.INTERIOR), None)
    book = interior if isinstance(interior, File) else None
    return tuple(
        _judged(name, file, _order(file, book, parts[name], request))
        if isinstance(file, File)
        else _unreadable(name, file)
        for name, file in read.items()
    )


def _order(file: File, interior: File | None, part: Part, request: PrintRequest) -> Order:
    """Return the order for *file*. A cover gets the size and page count of its *interior*."""
    pages_file = file if part is Part.INTERIOR else interior
    trim, is_assumed = trim_of(pages_file, request.printer) if pages_file else (None, True)
    return Order(
        request.printer,
        part,
        request.paper,
        request.trim or trim,
        len(pages_file.pages) if pages_file else None,
        request.spine_width_mm,
        trim_is_assumed=is_assumed and request.trim is None,
    )


def _judged(name: str, file: File, order: Order) -> Preflight:
    from chapbook.preflight.rules import RULES

    judged = [judge(rule, file, order) for rule in RULES]
    verdicts = tuple(verdict for verdict in judged if verdict is not None)
    findings = tuple(finding for verdict in verdicts for finding in verdict.findings(name))
    return Preflight(Path(name), _extent(file, order), order, verdicts, findings)


def _unreadable(name: str, cause: Unreadable) -> Preflight:
    finding = error(Code.UNREADABLE, f"no printer can take it: {cause}", Place(name))
    return Preflight(Path(name), "unreadable", None, (), (finding,))


def _extent(file: File, order: Order) -> str:
    """Return a phrase with the part, page count, size and PDF version of *file*."""
    count = len(file.pages)
    pages = f"{order.part.value}, {count} page{'' if count == 1 else 's'}"
    size = order.trim if order.part is Part.INTERIOR else file.pages[0].media
    return f"{pages}, {size}, PDF {file.version}{f', claims {file.pdf_x}' if file.pdf_x else ''}"


def is_clean(result: Preflight) -> bool:
    """Return whether *result* has no finding that is an error."""
    return not any(finding.severity is Severity.ERROR for finding in result.findings)
