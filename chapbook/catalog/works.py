"""The values of a catalog: works, and the files in which each can be had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from chapbook.model.metadata import Date, Person

_NO_DATE = datetime(1980, 1, 1, tzinfo=UTC)  # as edition.timestamp: there is no clock here
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

MEDIA_TYPES = {".epub": "application/epub+zip", ".pdf": "application/pdf", ".html": "text/html"}
"""The media type of each kind of file a work can be had in, best for e-readers first."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A finished file: one form in which a work can be had."""

    path: Path
    suffix: str
    size: int
    digest: str  # sha256 of the bytes, hexadecimal
    called: str = ""  # where the user finds it, if not at `path`

    @property
    def media_type(self) -> str:
        """What the file is, as IANA registered it."""
        return MEDIA_TYPES[self.suffix]

    @property
    def format(self) -> str:
        """What people call the format."""
        return {".epub": "EPUB", ".pdf": "PDF", ".html": "HTML"}[self.suffix]


@dataclass(frozen=True, slots=True)
class About:
    """What a finished file says of the work in it. What it does not say is None or empty."""

    title: str
    identifier: str
    lang: str = ""
    direction: str = "ltr"
    subtitle: str | None = None
    authors: tuple[Person, ...] = ()
    contributors: tuple[Person, ...] = ()
    subjects: tuple[str, ...] = ()
    description: str | None = None
    publisher: str | None = None
    rights: str | None = None
    isbn: str | None = None
    date: Date | None = None
    modified: datetime | None = None
    edition: str | None = None

    @property
    def full_title(self) -> str:
        """Title and subtitle joined as a catalog joins them."""
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title

    @property
    def updated(self) -> datetime:
        """When this edition came to be: a catalog has no clock of its own."""
        return self.modified or (self.date.moment if self.date else _NO_DATE)

    @property
    def issued(self) -> datetime:
        """The edition's date, to tell editions apart; what has none is oldest."""
        return self.date.moment if self.date else _LONG_AGO

    @property
    def published(self) -> datetime:
        """The moment to sort a shelf by."""
        return self.issued if self.date else self.modified or _LONG_AGO


@dataclass(frozen=True, slots=True)
class Work:
    """A work in its newest edition: what is said of it, and its copies, one a format."""

    about: About
    copies: tuple[Copy, ...]
    slug: str  # the name of its folder in the catalog

    @property
    def entry_id(self) -> str:
        """The catalog entry's own name, which must not be the publication's (OPDS 1.2, 5.1.1)."""
        return uuid5(NAMESPACE_URL, f"chapbook:entry:{self.about.identifier}").urn

    @property
    def folder(self) -> str:
        """Where in the catalog its files lie."""
        return f"works/{self.slug}"

    @property
    def page(self) -> str:
        """The path of its page on the shelf."""
        return f"{self.folder}/index.html"

    @property
    def cover(self) -> str:
        """The path of its cover."""
        return f"{self.folder}/cover.jpg"

    @property
    def thumbnail(self) -> str:
        """The path of its cover in small."""
        return f"{self.folder}/thumbnail.jpg"

    def copy_path(self, copy: Copy) -> str:
        """The path of *copy*: named for the work, for that is what a download is called."""
        return f"{self.folder}/{self.slug}{copy.suffix}"
