"""The values of a comparison: units of text, pairs of units, and changes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Act(Enum):
    """What happened to a thing between the older state and the newer."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest unit to pair: a sentence, heading, caption, line of code or table row.

    `block` is the number of its paragraph in the stream (the text or the notes). `note` is the
    number of its note, from 1. `start` is the number of letters before it in the stream; see
    `letters`.
    """

    kind: str  # "text", "heading", "caption", "code" or "row"
    text: str
    block: int
    start: int
    depth: int = 0  # of a heading
    label: str = ""  # of a list item: "•", "3", "term"
    note: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        """The key by which two units are equal. Spaces count only in code."""
        return self.kind, self.text if self.kind == "code" else " ".join(self.text.split())


@dataclass(frozen=True, slots=True)
class Part:
    """Words that are in both states, or in only one of them."""

    text: str
    act: Act | None = None  # None: both; ADDED or REMOVED otherwise


@dataclass(frozen=True, slots=True)
class Pair:
    """Corresponding units: `old_count` units from index `old`, `new_count` from index `new`.

    One count may be 0. Where two sentences were joined or one was split, one count is 2.
    """

    old: int
    new: int
    old_count: int = 1
    new_count: int = 1
    is_moved: bool = False
    parts: tuple[Part, ...] = ()  # empty if nothing was reworded


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is printed: the folio, and the line counted from the top of the page.

    In a note at the foot of the page, `note` is its number, and lines are counted within the note.
    """

    folio: str
    line: int
    note: int | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in the older state: the number of letters before it in the text or in the notes.

    `note` is the number of its note, or None for a place in the text.
    """

    offset: int
    note: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change, as a reader would name it.

    `anchors` has a place for each run of changed words, or one place. It is empty for a change
    without a place in the text. `goal` is the place in the older text to which something moved. If
    the printed pages are known, `spots` and `goal_spot` are the same places in print.
    """

    act: Act
    what: str  # "sentence", "paragraph", "heading", "note", "figure", "title", …
    parts: tuple[Part, ...]
    anchors: tuple[Anchor, ...] = ()
    before: str = ""  # the words before it
    detail: str = ""  # a change that the words do not show: another image, address, level
    goal: Anchor | None = None
    note: int | None = None  # the number of the note that was added, in the newer state
    at: tuple[int, int] | None = None  # the first unit of each state, -1 for none
    spots: tuple[Spot, ...] = ()
    goal_spot: Spot | None = None

    @property
    def old(self) -> str:
        """The words in the older state."""
        return self._words(Act.REMOVED)

    @property
    def new(self) -> str:
        """The words in the newer state."""
        return self._words(Act.ADDED)

    def _words(self, act: Act) -> str:
        return "".join(part.text for part in self.parts if part.act in (None, act)).strip()


@dataclass(frozen=True, slots=True)
class Stream:
    """A text or all notes: the units of both states and their pairs, in the order of reading."""

    old: tuple[Unit, ...]
    new: tuple[Unit, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes: first those of the metadata, then the others in the order of the text."""

    text: Stream
    notes: Stream
    changes: tuple[Change, ...]
    breaks: tuple[tuple[int, str], ...] = ()  # offset in the older text and folio of each page
