"""The input and the result of the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Text:
    """A manuscript and the words of its result.

    `source` is the manuscript with spaces instead of metadata, code and comments. All other
    characters keep their place. `words` are the words of the result, with single spaces.
    """

    source: str
    words: str

    def has(self, words: str) -> bool:
        """Return whether *words* are in the result as they were typed."""
        return " ".join(words.split()) in self.words


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake at the character *offset* of the source, and a message with what to write."""

    offset: int
    message: str


Rule: TypeAlias = Callable[[Text], Iterator[Slip]]


def shown(words: str) -> str:
    """Return *words* as a message shows them: on one line, with at most 60 characters."""
    line = " ".join(words.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
