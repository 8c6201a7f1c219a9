"""The values of a catalog: works, and the files of each work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from chapbook.model.metadata import Date, Person
from chapbook.writers.registry import Format

_NO_DATE = datetime(1980, 1, 1, tzinfo=UTC)  # as in edition.timestamp; no clock is used here
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Copy:
    """A finished file of a work."""

    path: Path
    format: Format
    size: int
    digest: str  # sha256 of the bytes, hexadecimal
    called: str = ""  # the path to show to the user, if it is not `path`


@dataclass(frozen=True, slots=True)
class About:
    """The metadata in a finished file. Missing values are None or empty."""

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
        """Title and subtitle, joined as in catalogs."""
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title

    @property
    def other_name(self) -> str | None:
        """The ISBN as a URN, if the work has another identifier, or None."""
        name = f"urn:isbn:{self.isbn}" if self.isbn else None
        return name if name != self.identifier else None

    @property
    def updated(self) -> datetime:
        """When this edition was made. It is in the file, because a catalog uses no clock."""
        return self.modified or (self.date.moment if self.date else _NO_DATE)

    @property
    def issued(self) -> datetime:
        """The edition's date, to order editions. An edition without a date counts as oldest."""
        return self.date.moment if self.date else _LONG_AGO

    @property
    def published(self) -> datetime:
        """The moment by which a shelf is sorted."""
        return self.issued if self.date else self.modified or _LONG_AGO


@dataclass(frozen=True, slots=True)
class Work:
    """The newest edition of a work: its metadata, and its copies, one for each format."""

    about: About
    copies: tuple[Copy, ...]
    slug: str  # the name of its folder in the catalog

    @property
    def entry_id(self) -> str:
        """The ID of the catalog entry. It must differ from the publication's (OPDS 1.2, 5.1.1)."""
        return uuid5(NAMESPACE_URL, f"chapbook:entry:{self.about.identifier}").urn

    @property
    def folder(self) -> str:
        """The folder of its files in the catalog."""
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
        """The path of its thumbnail."""
        return f"{self.folder}/thumbnail.jpg"

    def copy_path(self, copy: Copy) -> str:
        """Return the path of *copy*. A download keeps this name, so it is the name of the work."""
        return f"{self.folder}/{self.slug}{copy.format.suffix}"
