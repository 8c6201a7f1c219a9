"""What the rules look at, and what they answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """A manuscript and what came of it.

    `source` is the manuscript with its metadata, code and comments blanked, every other character
    in its place; `said` the words that came out, with single spaces.
    """

    source: str
    said: str

    def says(self, words: str) -> bool:
        """Whether *words* stand in the text as they were typed."""
        return " ".join(words.split()) in self.said


@dataclass(frozen=True, slots=True)
class Slip:
    """What is mistyped at the character *offset* of the source, and what to write."""

    offset: int
    message: str


Rule: TypeAlias = Callable[[Text], Iterator[Slip]]


def shown(words: str) -> str:
    """*words* as a message shows them."""
    line = " ".join(words.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
