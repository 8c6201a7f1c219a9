"""A comparison as a web page that needs nothing but itself: the changes, and both versions."""

from __future__ import annotations

from dataclasses import dataclass

from chapbook.design import Design
from chapbook.diff.rows import MARKS, Piece, Rows
from chapbook.diff.states import State
from chapbook.diff.telling import headline, shown_parts, summary, told_spot
from chapbook.diff.values import Change, Comparison


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list of changes, and the row that shows it."""

    row: str
    place: str
    said: str
    pieces: tuple[Piece, ...]


def web_page(old: State, new: State, comparison: Comparison, design: Design) -> str:
    """The page as HTML. It speaks English; the versions, their own languages."""
    text = Rows("text-", comparison.text, comparison.breaks)
    notes = Rows("note-", comparison.notes, ())
    return design.fill(
        "diff.html",
        old=old,
        new=new,
        entries=[_entry(change, text, notes) for change in comparison.changes],
        summary=summary(comparison),
        parts=[part for part in (("Text", text.rows), ("Notes", notes.rows)) if part[1]],
        style=design.live_stylesheet("diff.css"),
    )


def _entry(change: Change, text: Rows, notes: Rows) -> Entry:
    in_notes = change.note is not None or any(each.note is not None for each in change.anchors)
    row = (notes if in_notes else text).row_of(change) if change.anchors else ""
    place = told_spot(change.spots[0]) if change.spots else ""
    pieces = tuple(
        Piece(part.text, MARKS[part.act] if part.act else "") for part in shown_parts(change)
    )
    return Entry(row, place, headline(change), pieces)
