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

    `faults` are faults of the file itself. `source_digest` is the SHA-256 of the manuscript that
    the file names as its source. `facts` are ready for JSON. `pages` are the printed pages, if the
    format has them, and `places` the folios of ids. `is_paged` is true for a file of pages, in
    which a word may be split at a line end.
    `lines` are those of plain text, in which only words can be compared.
    """

    outline: Outline
    facts: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    source_digest: str | None = None
    pages: tuple[PageTop, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    is_paged: bool = False
    lines: tuple[str, ...] = ()
