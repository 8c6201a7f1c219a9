"""Compare two outlines and list all changes between them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from chapbook.checks.outline import Outline
from chapbook.diff.pairing import pair_units
from chapbook.diff.places import OlderPlaces, calls, last_words
from chapbook.diff.textual import textual_changes
from chapbook.diff.things import all_notes, metadata_changes, things_changed
from chapbook.diff.units import note_units, text_units
from chapbook.diff.values import Act, Anchor, Change, Comparison, Stream, Unit


def compare(old: Outline, new: Outline) -> Comparison:
    """Return all changes: first those of the metadata, then those of the text.

    Changes of the text are in the order of the older text, those of a note where it is called.
    """
    text = _stream(text_units(old), text_units(new))
    notes = _stream(note_units(old), note_units(new))
    things = list(things_changed(old.text, new.text, text))
    words = [change for change in textual_changes(text) if not _is_reported(change, things)]
    below = things_changed(all_notes(old), all_notes(new), notes)
    in_notes = [
        *_called(textual_changes(notes), new, text),
        *(_with_note(change, notes.old) for change in below),
    ]
    called = calls(old.notes, text.old)
    placed = sorted([*words, *things, *in_notes], key=lambda change: _place(change, called))
    return Comparison(text, notes, (*metadata_changes(old, new), *placed))


def _stream(old: Sequence[Unit], new: Sequence[Unit]) -> Stream:
    return Stream(tuple(old), tuple(new), pair_units(old, new))


def _with_note(change: Change, units: Sequence[Unit]) -> Change:
    """Return *change* with the number of the note that it is in."""
    (place,) = change.anchors
    at = bisect_right([unit.start for unit in units], place.offset) - 1
    return replace(
        change, anchors=(Anchor(place.offset, units[max(0, at)].note if units else None),)
    )


def _called(changes: Iterable[Change], new: Outline, text: Stream) -> Iterator[Change]:
    """Yield *changes* of notes. A new note gets the place of its call in the text."""
    places, older = calls(new.notes, text.new), OlderPlaces(text)
    for change in changes:
        if change.note is None:
            yield change
        else:
            before = last_words(new.notes[change.note - 1].after or "")
            anchor = Anchor(older.offset(places[change.note - 1]))
            yield replace(change, anchors=(anchor,), before=before)


def _is_reported(change: Change, things: Sequence[Change]) -> bool:
    """Return whether *change* is a caption that was added, removed or moved with its figure.

    The change of the figure is reported already.
    """
    return change.what == "caption" and any(
        thing.act is change.act is not Act.CHANGED and thing.parts[0].text == change.parts[0].text
        for thing in things
    )


def _place(change: Change, called: Sequence[int]) -> tuple[int, int]:
    """Return the place of *change* in the older text. For a note this is its call."""
    anchor = change.anchors[0]
    if anchor.note is None:
        return anchor.offset, -1
    return (called[anchor.note - 1] if anchor.note <= len(called) else 0), anchor.offset
