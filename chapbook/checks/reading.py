"""The result of reading a finished file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chapbook.checks.outline import Outline


class Unreadable(Exception):
    """The file cannot be read. `str()` says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class PageTop:
    """A page's folio, the letters with which it begins, and the first word.

    Spaces and hyphens are left out, since a line end may hide or add them.
    """

    label: str
    letters: str
    first_word: str


@dataclass(frozen=True, slots=True)
class Reading:
    """An outline, and what only its format has.

    `faults` are what a reader sees to be wrong in the file alone. `source_digest` is the sha256 of
    the manuscript that the file says it was made from. `facts` are ready for JSON. `pages` are the
    printed pages as far as the format tells them, `places` the folio of each named place.
    `is_paged`: the file consists of these pages, whose line ends hide where words end.
    `lines` are those of plain text, of which nothing but words can be told.
    """

    outline: Outline
    facts: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    source_digest: str | None = None
    pages: tuple[PageTop, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    is_paged: bool = False
    lines: tuple[str, ...] = ()
