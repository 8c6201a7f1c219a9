"""A comparison as a self-contained web page: the list of changes, and both versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chapbook.checks.outline import Passage
from chapbook.design.templates import Design
from chapbook.diff.places import Finder
from chapbook.diff.rows import MARKS, Piece, Rows
from chapbook.diff.states import State
from chapbook.diff.text_report import headline, shown_parts, spot_text, summary
from chapbook.diff.things import all_notes
from chapbook.diff.values import Change, Comparison, Unit


@dataclass(frozen=True, slots=True)
class Entry:
    """A line in the list of changes, and the ID of the row that shows it."""

    row: str
    place: str
    headline: str
    pieces: tuple[Piece, ...]


def web_page(old: State, new: State, comparison: Comparison, design: Design) -> str:
    """Return the page as HTML. Its own words are English, and each version has its language."""
    streams = comparison.text, comparison.notes
    folios = [(offset, Piece(folio, "page")) for offset, folio in comparison.breaks]
    shown = _pictures(old.outline.text, streams[0].old), _pictures(new.outline.text, streams[0].new)
    text = Rows("text-", streams[0], sorted([*folios, *shown[0]], key=_offset), shown[1])
    below = all_notes(old.outline), all_notes(new.outline)
    shown = _pictures(below[0], streams[1].old), _pictures(below[1], streams[1].new)
    notes = Rows("note-", streams[1], *shown)
    return design.fill(
        "diff.html",
        old=old,
        new=new,
        entries=[_entry(change, text, notes) for change in comparison.changes],
        summary=summary(comparison),
        parts=[part for part in (("Text", text.rows), ("Notes", notes.rows)) if part[1]],
        style=design.live_stylesheet("diff.css"),
    )


def _offset(placed: tuple[int, Piece]) -> int:
    return placed[0]


def _pictures(passage: Passage, units: Sequence[Unit]) -> list[tuple[int, Piece]]:
    """Return the figures and formulas of *passage*, each with the offset of its place."""
    finder = Finder(units)
    placed = []
    for picture in passage.pictures:
        offset = finder.behind(picture.after) + 1 if picture.after else 0
        mark = "formula" if picture.kind == "math" else "figure"
        placed.append((offset, Piece(picture.alt or "without description", mark)))
    return placed


def _entry(change: Change, text: Rows, notes: Rows) -> Entry:
    in_notes = change.note is not None or any(each.note is not None for each in change.anchors)
    row = (notes if in_notes else text).row_of(change) if change.anchors else ""
    place = spot_text(change.spots[0]) if change.spots else ""
    pieces = tuple(
        Piece(part.text, MARKS[part.act] if part.act else "") for part in shown_parts(change)
    )
    return Entry(row, place, headline(change), pieces)
