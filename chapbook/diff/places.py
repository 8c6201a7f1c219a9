"""Places in the older state, counted in letters of its stream."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from chapbook.checks.outline import Note
from chapbook.diff.units import CELLS, letter_count
from chapbook.diff.values import Anchor, Pair, Stream, Unit
from chapbook.diff.words import letters

_CONTEXT = 6  # words that are quoted to describe a place


def unit_letters(unit: Unit) -> str:
    """Return the letters of *unit*, as `Unit.start` counts them."""
    return letters(unit.text.replace(CELLS, " ") if unit.kind == "row" else unit.text)


class Finder:
    """Finds words in a stream. Each search starts at the words that were found before."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._letters = "".join(map(unit_letters, units))
        self._cursor = 0

    def find(self, words: str) -> int:
        """Return the offset of *words*, or the last offset found if they are not there."""
        at = self._letters.find(letters(words), self._cursor)
        if at >= 0:
            self._cursor = at
        return self._cursor

    def behind(self, words: str) -> int:
        """Return the offset of the last letter of *words*, or the last offset found."""
        wanted = letters(words)
        at = self._letters.find(wanted, max(0, self._cursor - len(wanted)))
        if at >= 0:
            self._cursor = at + max(1, len(wanted)) - 1
        return self._cursor

    def __contains__(self, words: str) -> bool:
        return letters(words) in self._letters


def calls(notes: Sequence[Note], units: Sequence[Unit]) -> list[int]:
    """Return the offset in the text of each note's call."""
    finder = Finder(units)
    return [finder.behind(note.after or "") for note in notes]


class OlderPlaces:
    """Maps places in the newer state to places in the older."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._starts: list[int] = []
        self._pairs: list[Pair] = []
        for pair in sorted(stream.pairs, key=lambda each: each.new):
            if pair.new_count:
                self._starts.append(stream.new[pair.new].start)
                self._pairs.append(pair)

    def offset(self, offset: int) -> int:
        """Return the offset in the older text for *offset* in the newer."""
        at = bisect_right(self._starts, offset) - 1
        while at >= 0 and not self._pairs[at].old_count:
            at -= 1
        if at < 0:
            return 0
        pair = self._pairs[at]
        first, last = self._stream.old[pair.old], self._stream.old[pair.old + pair.old_count - 1]
        within = offset - self._starts[at]
        return max(0, min(first.start + within, end_of(last) - 1))


def end_of(unit: Unit) -> int:
    """Return the offset after the last letter of *unit*."""
    return unit.start + letter_count(unit, unit.text)


def anchor(unit: Unit, prefix: str = "") -> Anchor:
    """Return the place in *unit* after *prefix*."""
    return Anchor(unit.start + letter_count(unit, prefix), unit.note)


def last_words(text: str) -> str:
    """Return the last words of *text*, to describe the place after them."""
    return " ".join(text.split()[-_CONTEXT:])
