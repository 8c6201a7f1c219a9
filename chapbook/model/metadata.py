"""What is said about a work. One value feeds every format; keys follow pandoc and Dublin Core."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from chapbook.printing.settings import PrintSettings

W3C_DATE = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?P<time>T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)?)?",
    re.ASCII,
)
"""The six forms of W3C's Date and Time Formats (NOTE-datetime, 1997)."""


@dataclass(frozen=True, slots=True)
class Date:
    """A W3C date, as exact as its author made it: a year, a month, a day or a moment."""

    iso: str

    @classmethod
    def parse(cls, text: str) -> Date | None:
        """The date that *text* writes in one of the W3C's forms, or None.

        >>> Date.parse("2026-11").iso
        '2026-11'
        >>> Date.parse("18. December 2020") is None
        True
        """
        if not W3C_DATE.fullmatch(text):
            return None
        date = cls(text)
        try:
            date.moment  # noqa: B018 - the 31st of February shows itself only here
        except (ValueError, OverflowError):  # the last moment of 9999, but west of Greenwich
            return None
        return date

    @property
    def year(self) -> int:
        """The year."""
        return int(self.iso[:4])

    @property
    def month(self) -> int | None:
        """The month from 1, where it is known."""
        return int(self.iso[5:7]) if len(self.iso) > 4 else None

    @property
    def day(self) -> int | None:
        """The day from 1, where it is known."""
        return int(self.iso[8:10]) if len(self.iso) > 7 else None

    @property
    def moment(self) -> datetime:
        """The first moment of the date, in UTC. Raises ValueError for a day that never was."""
        if len(self.iso) > 10:
            return datetime.fromisoformat(self.iso).astimezone(UTC)
        return datetime(self.year, self.month or 1, self.day or 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Person:
    """A creator or contributor. `role` is a MARC relator code, `aut` for an author."""

    name: str
    role: str = "aut"
    file_as: str | None = None
    orcid: str | None = None
    affiliation: str | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Who found that the work conforms to what (EPUB Accessibility 1.1)."""

    conforms_to: str
    certified_by: str
    credential: str | None = None
    report: str | None = None


@dataclass(frozen=True, slots=True)
class Metadata:
    """The front matter block, read and judged. What the author did not say is None or empty.

    The `_html` fields hold allow-listed phrasing content for a title with emphasis in it;
    their plain twins are the same words without markup.
    """

    title: str
    title_html: str
    lang: str
    identifier: str
    subtitle: str | None = None
    subtitle_html: str | None = None
    direction: str = "ltr"
    authors: tuple[Person, ...] = ()
    contributors: tuple[Person, ...] = ()
    date: Date | None = None
    date_text: str | None = None
    edition: str | None = None
    keywords: tuple[str, ...] = ()
    abstract: str | None = None
    publisher: str | None = None
    rights: str | None = None
    isbn: str | None = None
    theme: str = "serif"
    documentclass: str = "article"
    running_title: str | None = None
    evaluation: Evaluation | None = None
    fonts: str = "none"  # "embed": the EPUB brings its faces
    cover_image: str | None = None  # a picture beside the manuscript
    cover_text: str = "set"  # "none": the picture is a finished front, and bears the title itself
    number_sections: bool = False
    lists: tuple[str, ...] = ()  # of which kinds of captions: "figure", "table", "listing"
    printing: PrintSettings = field(default_factory=PrintSettings)

    @property
    def full_title(self) -> str:
        """Title and subtitle joined as a catalogue joins them."""
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title

    @property
    def isbn_name(self) -> str | None:
        """The ISBN as a URN without hyphens, the same in all formats, or None."""
        return f"urn:isbn:{re.sub(r'[ -]', '', self.isbn)}" if self.isbn else None

    @property
    def printed_isbn(self) -> str | None:
        """The ISBN of the printed edition: its own, or else the work's."""
        return self.printing.isbn or self.isbn
