"""What a comparison is made of: units of text, pairs of them, and changes."""

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
    """The least that is paired: a sentence, a heading, a caption, a line of code, a table's row.

    `block` counts the paragraphs of the stream, the text's or the notes'; `note` counts the notes
    from 1. `start` is how many letters stand before it in its stream: see `letters`.
    """

    kind: str  # "text", "heading", "caption", "code" or "row"
    text: str
    block: int
    start: int
    depth: int = 0  # a heading's
    label: str = ""  # a list item's: "•", "3", "term"
    note: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What is the same in two units that say the same; in code, spaces count."""
        return self.kind, self.text if self.kind == "code" else " ".join(self.text.split())


@dataclass(frozen=True, slots=True)
class Part:
    """Words that both states have, or that only one of them has."""

    text: str
    act: Act | None = None  # None: both; ADDED or REMOVED otherwise


@dataclass(frozen=True, slots=True)
class Pair:
    """Units that are one another's: from `old` on `old_count`, from `new` on `new_count`.

    Either count may be 0. Where one sentence was made of two, or two of one, a count is 2.
    """

    old: int
    new: int
    old_count: int = 1
    new_count: int = 1
    is_moved: bool = False
    parts: tuple[Part, ...] = ()  # none where nothing was reworded


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is printed: the folio, and the line counted from the head of the page.

    `note` is the number of the note at the page's foot; its lines are counted from its first.
    """

    folio: str
    line: int
    note: int | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in the older state: so many letters into the text, or into the notes.

    `note` is the number of the note that it is in; None is the text.
    """

    offset: int
    note: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a reader would name. What has no place in the text has no anchors.

    There is an anchor for each run of changed words, or one; and for what moved, the `goal` in the
    older text. Where printed pages are known, `spots` and `goal_spot` tell them.
    """

    act: Act
    what: str  # "sentence", "paragraph", "heading", "note", "figure", "title", …
    parts: tuple[Part, ...]
    anchors: tuple[Anchor, ...] = ()
    before: str = ""  # the words that stand before it
    detail: str = ""  # what the words do not show: another image, address, level
    goal: Anchor | None = None
    note: int | None = None  # the number of the note that was added, in the newer state
    at: tuple[int, int] | None = None  # the first unit of each state, -1 for none
    spots: tuple[Spot, ...] = ()
    goal_spot: Spot | None = None

    @property
    def old(self) -> str:
        """Its words in the older state."""
        return self._words(Act.REMOVED)

    @property
    def new(self) -> str:
        """Its words in the newer state."""
        return self._words(Act.ADDED)

    def _words(self, act: Act) -> str:
        return "".join(part.text for part in self.parts if part.act in (None, act)).strip()


@dataclass(frozen=True, slots=True)
class Stream:
    """A text, or all notes: the units of both states and how they pair, in the order of reading."""

    old: tuple[Unit, ...]
    new: tuple[Unit, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that changed, in the order of the text; first what is said of the work."""

    text: Stream
    notes: Stream
    changes: tuple[Change, ...]
    breaks: tuple[tuple[int, str], ...] = ()  # where in the older text each printed page begins
