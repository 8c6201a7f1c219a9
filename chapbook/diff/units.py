"""Divide an outline into the units that are compared: sentences, headings, rows, captions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from chapbook.checks.outline import Heading, Item, Outline, Passage, Table
from chapbook.checks.words import normal
from chapbook.diff.values import Unit
from chapbook.diff.words import letters, sentences

_SPACES = re.compile(r"[ \t\r\n\f\v]+")  # without no-break spaces
CELLS = " | "  # separates the cells of a row; it does not count as letters


def letter_count(unit: Unit, text: str) -> int:
    """Return how many letters of the stream are in *text*, which is a beginning of *unit*."""
    return len(letters(text.replace(CELLS, " ") if unit.kind == "row" else text))


def text_units(outline: Outline) -> tuple[Unit, ...]:
    """Return the units of the text, without its notes."""
    maker = _Maker(outline.language)
    maker.take(outline.text, None)
    return tuple(maker.units)


def note_units(outline: Outline) -> tuple[Unit, ...]:
    """Return the units of all notes, in the order of their calls."""
    maker = _Maker(outline.language)
    for number, note in enumerate(outline.notes, 1):
        if note.text is not None:
            maker.take(note.text, number)
    return tuple(maker.units)


@dataclass(slots=True)
class _Maker:
    """Divides one passage after another into units, and counts blocks and letters."""

    language: str
    units: list[Unit] = field(default_factory=list)
    block: int = -1
    letters: int = 0

    def take(self, passage: Passage, note: int | None) -> None:
        rest = _Rest(passage)
        at = 0
        while at < len(passage.blocks):
            self.block += 1
            rows, count = rest.table_at(at)
            if rows:
                for row in rows:
                    self._add("row", row, note)
                    self.block += 1
                at += count
                continue
            self._take_block(rest, at, note)
            at += 1

    def _take_block(self, rest: _Rest, at: int, note: int | None) -> None:
        text = _plain(rest.passage.blocks[at])
        if (heading := rest.heading(text)) is not None:
            self._add("heading", text, note, depth=heading.depth)
        elif (code := rest.code_of(text)) is not None:
            for line in filter(str.strip, code.splitlines()):
                self._add("code", line.rstrip(), note)
        elif text in rest.captions:
            self._add("caption", text, note)
        else:
            label = rest.label(text)
            for sentence in sentences(text, self.language):
                self._add("text", sentence.strip(), note, label=label)

    def _add(
        self, kind: str, text: str, note: int | None, *, depth: int = 0, label: str = ""
    ) -> None:
        unit = Unit(kind, text, self.block, self.letters, depth, label, note)
        self.units.append(unit)
        self.letters += letter_count(unit, text)


class _Rest:
    """The headings, tables, listings and items of a passage that were not reached yet."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        captions = [each.caption for each in passage.pictures]
        captions += [each.caption for each in passage.tables]
        self.captions = {_plain(each) for each in captions if each}
        self._headings: Sequence[Heading] = passage.headings
        self._tables: Sequence[Table] = passage.tables
        self._code: Sequence[str] = passage.code
        self._items: Sequence[Item] = passage.items

    def heading(self, text: str) -> Heading | None:
        """Return the next heading if *text* is its text. Empty headings have no block."""
        while self._headings and not self._headings[0].text:
            self._headings = self._headings[1:]
        if self._headings and _plain(self._headings[0].text) == text:
            heading, *self._headings = self._headings
            return heading
        return None

    def code_of(self, text: str) -> str | None:
        """Return the lines of the next listing if *text* is its text."""
        while self._code and not self._code[0].strip():
            self._code = self._code[1:]
        if self._code and _plain(self._code[0]) == text:
            code, *self._code = self._code
            return code
        return None

    def label(self, text: str) -> str:
        """Return the label of the next list item if *text* begins with the item's text."""
        for skipped, item in enumerate(self._items[:3]):
            if item.text and text.startswith(_plain(item.text)):
                self._items = self._items[skipped + 1 :]
                return item.label
        return ""

    def table_at(self, at: int) -> tuple[list[str], int]:
        """Return the rows of the next table and the number of its blocks.

        Return no rows and 0 if the table does not begin at block *at*.
        """
        while self._tables and not any(map(_cells, self._tables[0].rows)):
            self._tables = self._tables[1:]
        if not self._tables:
            return [], 0
        end = at
        for words in (cell for row in self._tables[0].rows for cell in _cells(row)):
            end, is_there = _skip(self.passage.blocks, end, words)
            if not is_there:
                return [], 0
        rows = [CELLS.join(cells) for cells in map(_cells, self._tables[0].rows) if cells]
        self._tables = self._tables[1:]
        return rows, end - at


def _skip(blocks: Sequence[str], at: int, words: str) -> tuple[int, bool]:
    """Skip the blocks from *at* that together are *words*.

    Return the index after them, and whether they are equal to *words*.
    """
    text = ""
    while at < len(blocks) and len(text) < len(words):
        text = f"{text} {_plain(blocks[at])}".strip()
        at += 1
    return at, text == words


def _cells(row: Sequence[str]) -> list[str]:
    """Return the text of each cell that has any."""
    texts = (_plain(cell.removeprefix("# ")) for cell in row)
    return [text for text in texts if text]


def _plain(text: str) -> str:
    return _SPACES.sub(" ", normal(text)).strip()
