"""Two versions side by side: the rows of a table, and the words that are marked in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from chapbook.diff.units import CELLS
from chapbook.diff.values import Act, Change, Pair, Stream, Unit
from chapbook.diff.words import letters

MARKS = {Act.REMOVED: "removed", Act.ADDED: "added", Act.MOVED: "moved"}
_NO_WORDS = frozenset({"page", "formula", "figure"})  # marks of pieces between the words


@dataclass(frozen=True, slots=True)
class Piece:
    """Words and what happened to them, or something between words.

    Between words there can be the folio of a new page ("page"), the TeX of a formula ("formula")
    or the description of a figure ("figure").
    """

    text: str
    mark: str = ""


@dataclass(slots=True)
class Block:
    """A paragraph, heading, caption, table row or listing of one version."""

    unit: Unit
    pieces: list[Piece] = field(default_factory=list)


@dataclass(slots=True)
class Row:
    """Blocks that belong together: one of each version, or more where one was split."""

    id: str
    old: list[Block] = field(default_factory=list)
    new: list[Block] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        """Whether the two versions differ in their words, blocks, figures or formulas."""
        marks = {piece.mark for block in (*self.old, *self.new) for piece in block.pieces}
        if marks - _NO_WORDS - {""} or len(self.old) != len(self.new):
            return True
        return _beside_words(self.old) != _beside_words(self.new)


def _beside_words(blocks: Sequence[Block]) -> list[str]:
    """Return the figures, formulas and task states in *blocks*."""
    tasks = [block.unit.label for block in blocks if block.unit.label in ("open", "done")]
    shown = (piece for block in blocks for piece in block.pieces)
    return tasks + [piece.text for piece in shown if piece.mark in ("formula", "figure")]


Between = Sequence[tuple[int, Piece]]
"""The pieces between words, each with the number of letters before it, in this order."""


class Rows:
    """The rows of a stream, with the pieces between the words of the older and newer version."""

    def __init__(self, prefix: str, stream: Stream, old: Between, new: Between) -> None:
        self.rows: list[Row] = []
        self._prefix, self._stream = prefix, stream
        self._old, self._new = list(old), list(new)
        self._of_old: dict[int, str] = {}
        self._of_new: dict[int, str] = {}
        for pair in _steps(stream.pairs):
            self._put(pair)
        if self.rows:  # the pieces after the last word
            for blocks, rest in ((self.rows[-1].old, self._old), (self.rows[-1].new, self._new)):
                if blocks:
                    blocks[-1].pieces += [piece for _, piece in rest]

    def row_of(self, change: Change) -> str:
        """Return the ID of the row that shows *change*."""
        if change.at is not None:
            old, new = change.at
            return self._of_new.get(new) or self._of_old.get(old, "")
        starts = [unit.start for unit in self._stream.old]
        return self._of_old.get(bisect_right(starts, change.anchors[0].offset) - 1, "")

    def _put(self, pair: Pair) -> None:
        old = self._stream.old[pair.old : pair.old + pair.old_count]
        new = self._stream.new[pair.new : pair.new + pair.new_count]
        row = self.rows[-1] if self.rows else Row("")
        if not (_goes_on(row.old, old) or _goes_on(row.new, new)):
            row = Row(f"{self._prefix}{len(self.rows) + 1}")
            self.rows.append(row)
        _fill(row.old, old, _between(_pieces(pair, old, Act.REMOVED), old, self._old))
        _fill(row.new, new, _between(_pieces(pair, new, Act.ADDED), new, self._new))
        self._of_old |= dict.fromkeys(range(pair.old, pair.old + pair.old_count), row.id)
        self._of_new |= dict.fromkeys(range(pair.new, pair.new + pair.new_count), row.id)


def _between(
    pieces: list[Piece], units: Sequence[Unit], rest: list[tuple[int, Piece]]
) -> list[Piece]:
    """Return *pieces* with those pieces of *rest* that belong between their words.

    The pieces used are removed from *rest*.
    """
    if not units:
        return []
    merged: list[Piece] = []
    offset = units[0].start
    for piece in pieces:
        text = piece.text
        while rest and rest[0][0] < offset + _size(text):
            at, inserted = rest.pop(0)
            cut = _cut(text, at - offset)
            merged += [Piece(text[:cut], piece.mark), inserted]
            offset += _size(text[:cut])
            text = text[cut:]
        merged.append(Piece(text, piece.mark))
        offset += _size(text)
    return [piece for piece in merged if piece.text]


def _steps(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Yield *pairs*, with moved pairs at both of their places."""
    gone = sorted(
        (Pair(each.old, -1, each.old_count, 0, is_moved=True) for each in pairs if each.is_moved),
        key=lambda each: each.old,
    )
    for pair in pairs:
        if pair.is_moved:
            yield Pair(-1, pair.new, 0, pair.new_count, is_moved=True)
            continue
        while pair.old_count and gone and gone[0].old < pair.old:
            yield gone.pop(0)
        yield pair
    yield from gone


def _goes_on(blocks: Sequence[Block], units: Sequence[Unit]) -> bool:
    return bool(blocks and units) and blocks[-1].unit.block == units[0].block


def _fill(blocks: list[Block], units: Sequence[Unit], pieces: list[Piece]) -> None:
    if not units:
        return
    if _goes_on(blocks, units):
        blocks[-1].pieces.append(Piece("\n" if units[0].kind == "code" else " "))
    else:
        blocks.append(Block(units[0]))
    blocks[-1].pieces += pieces


def _pieces(pair: Pair, units: Sequence[Unit], own: Act) -> list[Piece]:
    """Return the words of *units* in one version. *own* marks the words that only it has."""
    text = " ".join(unit.text for unit in units)
    if pair.is_moved:
        return [Piece(text, MARKS[Act.MOVED])]
    if not (pair.old_count and pair.new_count):
        return [Piece(text, MARKS[own])]
    if not pair.parts:
        return [Piece(text)]
    parts = [part for part in pair.parts if part.act in (None, own)]
    return [Piece(part.text, MARKS[part.act] if part.act else "") for part in parts]


def _size(text: str) -> int:
    return len(letters(text.replace(CELLS, " ")))


def _cut(text: str, count: int) -> int:
    """Return after how many characters of *text* there are *count* letters.

    Spaces and hyphens after the last of them are included.
    """
    at = seen = 0
    while at < len(text) and (seen < count or not letters(text[at])):
        seen += len(letters(text[at]))
        at += 1
    return at
