"""Preflight: what a printer's rules say of finished PDFs, whoever made them.

Nothing here is an approval; each verdict tells its source and how sure it is.
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
class Wish:
    """What the user says of a print job. `parts` are those of files that are not to be guessed."""

    printer: Printer
    paper: Paper
    trim: TrimSize | None = None
    parts: Mapping[str, Part] | None = None
    spine_width_mm: float | None = None


@dataclass(frozen=True, slots=True)
class Preflight:
    """What came of one file; `order` is None where it could not be read."""

    path: Path
    extent: str
    order: Order | None
    verdicts: tuple[Verdict, ...]
    findings: tuple[Finding, ...]

    def codes(self, certainty: Certainty) -> tuple[str, ...]:
        """The rules whose verdict is of this *certainty*."""
        return tuple(each.code.value for each in self.verdicts if each.certainty is certainty)


def preflight(files: Mapping[str, bytes], wish: Wish) -> tuple[Preflight, ...]:
    """What the printer's rules say of each of *files*, an interior and its cover together."""
    from chapbook.preflight.read import read_pdf

    read: dict[str, File | Unreadable] = {}
    for name, content in files.items():
        try:
            read[name] = read_pdf(content)
        except Unreadable as cause:
            read[name] = cause
    parts = {
        name: (wish.parts or {}).get(name) or guess_part(file)
        for name, file in read.items()
        if isinstance(file, File)
    }
    interior = next((file for name, file in read.items() if parts.get(name) is Part.INTERIOR), None)
    book = interior if isinstance(interior, File) else None
    return tuple(
        _judged(name, file, _order(file, book, parts[name], wish))
        if isinstance(file, File)
        else _unreadable(name, file)
        for name, file in read.items()
    )


def _order(file: File, interior: File | None, part: Part, wish: Wish) -> Order:
    """What *file* is ordered as. A cover's size and page count are those of its *interior*."""
    shown = file if part is Part.INTERIOR else interior
    trim, is_assumed = trim_of(shown, wish.printer) if shown else (None, True)
    return Order(
        wish.printer,
        part,
        wish.paper,
        wish.trim or trim,
        len(shown.pages) if shown else None,
        wish.spine_width_mm,
        trim_is_assumed=is_assumed and wish.trim is None,
    )


def _judged(name: str, file: File, order: Order) -> Preflight:
    from chapbook.preflight.rules import RULES

    made = [judge(rule, file, order) for rule in RULES]
    verdicts = tuple(verdict for verdict in made if verdict is not None)
    findings = tuple(found for verdict in verdicts for found in verdict.findings(name))
    return Preflight(Path(name), _extent(file, order), order, verdicts, findings)


def _unreadable(name: str, cause: Unreadable) -> Preflight:
    found = error(Code.UNREADABLE, f"no printer can take it: {cause}", Place(name))
    return Preflight(Path(name), "unreadable", None, (), (found,))


def _extent(file: File, order: Order) -> str:
    """What the file is, in a phrase."""
    count = len(file.pages)
    told = f"{order.part.value}, {count} page{'' if count == 1 else 's'}"
    size = order.trim if order.part is Part.INTERIOR else file.pages[0].media
    return f"{told}, {size}, PDF {file.version}{f', claims {file.pdf_x}' if file.pdf_x else ''}"


def is_clean(done: Preflight) -> bool:
    """Whether nothing that is measured here breaks a rule."""
    return not any(found.severity is Severity.ERROR for found in done.findings)
