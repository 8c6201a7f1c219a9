"""From two outlines to all that changed between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from chapbook.checks.outline import Outline
from chapbook.diff.pairing import pair_units
from chapbook.diff.places import Ways, calls, last_words
from chapbook.diff.textual import textual_changes
from chapbook.diff.things import (
    emphasis_changes,
    link_changes,
    metadata_changes,
    picture_changes,
    task_changes,
)
from chapbook.diff.units import note_units, text_units
from chapbook.diff.values import Act, Anchor, Change, Comparison, Stream, Unit


def compare(old: Outline, new: Outline) -> Comparison:
    """All that a reader would name, in the order of the older text; first what is said of it."""
    text = _stream(text_units(old), text_units(new))
    notes = _stream(note_units(old), note_units(new))
    things = [
        *picture_changes(old, new, text),
        *task_changes(old, new, text),
        *link_changes(old, new, text),
        *emphasis_changes(old, new, text),
    ]
    words = [change for change in textual_changes(text) if not _is_told(change, things)]
    in_notes = _called(textual_changes(notes), new, text)
    called = calls(old.notes, text.old)
    placed = sorted([*words, *things, *in_notes], key=lambda change: _place(change, called))
    return Comparison(text, notes, (*metadata_changes(old, new), *placed))


def _stream(old: Sequence[Unit], new: Sequence[Unit]) -> Stream:
    return Stream(tuple(old), tuple(new), pair_units(old, new))


def _called(changes: Iterable[Change], new: Outline, text: Stream) -> Iterator[Change]:
    """*changes* of notes, where a new note stands where it is called."""
    places, back = calls(new.notes, text.new), Ways(text).back
    for change in changes:
        if change.note is None:
            yield change
        else:
            before = last_words(new.notes[change.note - 1].after or "")
            anchor = Anchor(back(places[change.note - 1]))
            yield replace(change, anchors=(anchor,), before=before)


def _is_told(change: Change, things: Sequence[Change]) -> bool:
    """Whether a caption came, went or moved with its figure, which is told already."""
    return change.what == "caption" and any(
        thing.act is change.act is not Act.CHANGED and thing.parts[0].text == change.parts[0].text
        for thing in things
    )


def _place(change: Change, called: Sequence[int]) -> tuple[int, int]:
    """Where in the older text one meets *change*: a note's where it is called."""
    anchor = change.anchors[0]
    if anchor.note is None:
        return anchor.offset, -1
    return (called[anchor.note - 1] if anchor.note <= len(called) else 0), anchor.offset
