"""The page and line on which each letter of a printed edition's text is.

They are read from the structure tree of the finished PDF, which has no running heads and folios.
"""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from chapbook.checks.pdf_links import destinations, settle_links
from chapbook.checks.pdf_tree import Run, Structure, read_structure
from chapbook.checks.reading import Unreadable
from chapbook.diff.places import unit_letters
from chapbook.diff.values import Anchor, Comparison, Spot, Unit
from chapbook.diff.words import letters
from chapbook.pdf.file import open_pdf
from chapbook.pdf.text_content import Piece

_NEXT_LINE = 0.6  # of the type size; the baseline of a superscript is nearer than this
_NUMBERS = ("call", "back")  # kinds of links whose text is only the number of a note
_FAR = 3000  # letters; a match of a short unit farther away is probably another occurrence
_LONG = 30  # letters; a unit as long as this is unique enough


@dataclass(frozen=True, slots=True)
class Pages:
    """The spots of the older text and of its notes, each with the offset at which it begins.

    The offsets increase.
    """

    text: Sequence[tuple[int, Spot]]
    notes: Sequence[tuple[int, Spot]]

    @property
    def breaks(self) -> tuple[tuple[int, str], ...]:
        """For each printed page, the offset in the text at which it begins, and its folio."""
        breaks: list[tuple[int, str]] = []
        for offset, spot in self.text:
            if not breaks or breaks[-1][1] != spot.folio:
                breaks.append((offset, spot.folio))
        return tuple(breaks)

    def spot(self, anchor: Anchor) -> Spot | None:
        """Return where the letter at *anchor* is printed."""
        marks = self.text if anchor.note is None else self.notes
        at = bisect_right(marks, anchor.offset, key=_offset) - 1
        if at < 0:
            return None
        return replace(marks[at][1], note=anchor.note)


def _offset(mark: tuple[int, Spot]) -> int:
    return mark[0]


def located(comparison: Comparison, pages: Pages) -> Comparison:
    """Return *comparison* with the page and line of each change in the older printed edition."""
    changes = []
    for change in comparison.changes:
        spots = tuple(spot for each in change.anchors if (spot := pages.spot(each)))
        goal = pages.spot(change.goal) if change.goal else None
        changes.append(replace(change, spots=spots, goal_spot=goal))
    return replace(comparison, changes=tuple(changes), breaks=pages.breaks)


def read_pages(content: bytes, text: Sequence[Unit], notes: Sequence[Unit]) -> Pages:
    """Return the pages of the PDF in *content*, for the units of its text and its notes.

    Raises Unreadable.
    """
    import pikepdf

    try:
        with open_pdf(io.BytesIO(content)) as pdf:
            if "/StructTreeRoot" not in pdf.Root:
                raise Unreadable("it is not tagged")
            structure = read_structure(pdf)
            folios = [str(page.label) for page in pdf.pages]
            settle_links(structure, destinations(pdf), folios)
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ) as cause:
        raise Unreadable(f"{type(cause).__name__}: {cause}") from cause
    except pikepdf.PikepdfError as cause:
        raise Unreadable(f"it is not a PDF: {cause}") from cause
    in_title = {id(node) for node in structure.title.walk()}
    lines = _Lines.of(structure)
    runs = [run for run in structure.runs if run.link is None or run.link.kind not in _NUMBERS]
    body = [run for run in runs if run.note is None and id(run.node) not in in_title]
    in_notes = [run for run in runs if run.note is not None]
    return Pages(
        tuple(_Printed.of(body, lines, folios).marks(text)),
        tuple(_Printed.of(in_notes, lines, folios).marks(notes)),
    )


@dataclass(frozen=True, slots=True)
class _Lines:
    """The baselines of each page, from top to bottom, and those of each note on it."""

    of_page: dict[tuple[int, int], list[float]]

    @classmethod
    def of(cls, structure: Structure) -> _Lines:
        pieces: dict[tuple[int, int], list[Piece]] = {}
        for run in structure.runs:
            pieces.setdefault((run.page, id(run.note)), []).append(run.piece)
        for page, piece in structure.furniture:
            pieces.setdefault((page, id(None)), []).append(piece)
        return cls({key: _baselines(each) for key, each in pieces.items()})

    def number(self, run: Run) -> int:
        """Return the number of the line of *run*, from 1."""
        baselines = self.of_page[run.page, id(run.note)]
        nearest = min(range(len(baselines)), key=lambda at: abs(baselines[at] - run.piece.y))
        return nearest + 1


def _baselines(pieces: Iterable[Piece]) -> list[float]:
    baselines: list[float] = []
    size = 0.0
    for piece in sorted((each for each in pieces if each.text.strip()), key=lambda each: -each.y):
        if not baselines or baselines[-1] - piece.y > _NEXT_LINE * min(size, piece.size):
            baselines.append(piece.y)
            size = piece.size
        elif piece.size > size:  # a superscript came first
            baselines[-1], size = piece.y, piece.size
    return baselines


@dataclass(slots=True)
class _Printed:
    """The letters of a stream as they are printed, and the spot of each line with its offset."""

    letters: str = ""
    lines: list[tuple[int, Spot]] = field(default_factory=list)

    @classmethod
    def of(cls, runs: Sequence[Run], lines: _Lines, folios: Sequence[str]) -> _Printed:
        printed = cls()
        texts: list[str] = []
        length = 0
        for run in runs:
            spot = Spot(folios[run.page], lines.number(run))
            if not printed.lines or printed.lines[-1][1] != spot:
                printed.lines.append((length, spot))
            texts.append(letters(run.piece.text))
            length += len(texts[-1])
        printed.letters = "".join(texts)
        return printed

    def marks(self, units: Sequence[Unit]) -> Iterator[tuple[int, Spot]]:
        """Yield the spots with their offsets in *units*.

        Each unit is searched for after the one before it.
        """
        cursor = 0
        for unit in units:
            wanted = unit_letters(unit)
            at = self.letters.find(wanted, cursor)
            if at < 0 or (at > cursor + _FAR and len(wanted) < _LONG):
                yield unit.start, self._spot(cursor)
                continue
            yield unit.start, self._spot(at)
            for offset, spot in self._lines_within(at, at + len(wanted)):
                yield unit.start + offset - at, spot
            cursor = at + len(wanted)

    def _spot(self, offset: int) -> Spot:
        at = bisect_right(self.lines, offset, key=_offset) - 1
        return self.lines[at][1] if at >= 0 else Spot("1", 1)

    def _lines_within(self, start: int, end: int) -> Iterator[tuple[int, Spot]]:
        at = bisect_right(self.lines, start, key=_offset)
        while at < len(self.lines) and self.lines[at][0] < end:
            yield self.lines[at]
            at += 1
