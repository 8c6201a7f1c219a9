"""What templates are given: the words, dates and lists of a publication in its own language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element

from markupsafe import Markup

from chapbook import __version__
from chapbook.design.templates import Design
from chapbook.model import vocabulary
from chapbook.model.document import Note, Page, Publication
from chapbook.model.dom import classes, count_words, replace, to_html, walk
from chapbook.model.edition import Edition
from chapbook.model.metadata import Date, Metadata
from chapbook.model.plain_text import plain_text


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents: a heading, where it is, and what is below it."""

    id: str
    label: str
    depth: int
    entries: tuple[Entry, ...] = ()
    lang: str | None = None  # where it is not the text's
    dir: str | None = None


@dataclass(frozen=True)
class View:
    """A publication as a template sees it."""

    metadata: Metadata
    edition: Edition
    words: Mapping[str, str]
    body: Element
    notes: tuple[Note, ...]
    pages: tuple[Page, ...] = ()
    generator: str = f"Chapbook {__version__}"

    @classmethod
    def of(cls, publication: Publication, design: Design) -> View:
        """The view of *publication* in its own language."""
        document = publication.document
        words = design.words(document.metadata.lang)
        return cls(
            document.metadata,
            publication.edition,
            words,
            document.body,
            document.notes,
            document.pages,
        )

    @property
    def title(self) -> Markup:
        """The title with its emphasis."""
        return Markup(self.metadata.title_html)  # noqa: S704 - allow-listed by chapbook.reading.sanitizer

    @property
    def subtitle(self) -> Markup | None:
        """The subtitle with its emphasis."""
        html = self.metadata.subtitle_html
        return Markup(html) if html else None  # noqa: S704 - as above

    @cached_property
    def contents(self) -> tuple[Entry, ...]:
        """The headings as a tree."""
        return _entries(self.body)

    @property
    def authors(self) -> str:
        """The authors' names, in their order."""
        return ", ".join(person.name for person in self.metadata.authors)

    @cached_property
    def date(self) -> str | None:
        """The date as the language writes it; as its author wrote it where it is no W3C date."""
        date = self.metadata.date
        return written_date(date, self.metadata.lang) if date else self.metadata.date_text

    @cached_property
    def imprint(self) -> tuple[str, ...]:
        """What is said below the title: edition and date, as far as they are known."""
        edition = self.metadata.edition
        label = f"{self.words['edition']} {edition}" if edition else None
        return tuple(said for said in (label, self.date) if said)

    @cached_property
    def running_title(self) -> str:
        """What the running head says; print shortens it to fit."""
        return self.metadata.running_title or self.metadata.title

    @cached_property
    def word_count(self) -> int:
        """How many words the text and its notes have."""
        return count_words(self.body) + sum(count_words(note.body) for note in self.notes)

    @cached_property
    def width_rules(self) -> str:
        """The rules for the widths that this text asks for, which pandoc writes as styles."""
        widths = {
            (int(width[1]), width[2] or "%")
            for tree in (self.body, *(note.body for note in self.notes))
            for node in tree.iter()
            for name in classes(node)
            if (width := re.fullmatch(rf"{vocabulary.WIDTH}(\d{{1,5}})(px)?", name, re.ASCII))
        }
        return "".join(
            f"\n.{vocabulary.WIDTH}{size}{unit.strip('%')} {{ width: {size}{unit} }}"
            for size, unit in sorted(widths)
        )

    def html(self, node: Element) -> Markup:
        """*node* as HTML, ready to stand in a template."""
        return Markup(to_html(node))  # noqa: S704 - allow-listed by chapbook.reading.sanitizer


def _entries(node: Element) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            id=section.get("id", ""),
            label=heading_text(section[0]),
            depth=int(section.get("data-depth", "1")),
            entries=_entries(section),
            lang=section.get("lang") or section[0].get("lang"),
            dir=section.get("dir") or section[0].get("dir"),
        )
        for section in node
        if section.tag == "section" and len(section)
    )


def labels(entries: tuple[Entry, ...]) -> Iterator[str]:
    """What the contents say, line by line."""
    for entry in entries:
        yield entry.label
        yield from labels(entry.entries)


def heading_text(heading: Element) -> str:
    """A heading's words, its formulas on the line, without the numbers of the notes it calls."""
    if not any(vocabulary.NOTEREF in classes(node) for node in heading.iter("a")):
        return plain_text(heading)
    kept = deepcopy(heading)
    for parent, node in list(walk(kept)):
        if vocabulary.NOTEREF in classes(node):
            replace(parent, node)
    return plain_text(kept)


def shortened(text: str, fits: Callable[[str], bool]) -> str:
    """*text* cut at a word so that it fits; cut, it ends in an ellipsis.

    >>> shortened("A very long title indeed", within(15))
    'A very long…'
    """
    if fits(text):
        return text
    ends = [found.start() for found in re.finditer(r"\s", text)] or list(range(1, len(text)))
    for end in reversed(ends):
        cut = f"{text[:end].rstrip(' ,;:–—-')}…"
        if fits(cut):
            return cut
    return shortened(text.partition(" ")[0], fits) if " " in text else "…"


def within(longest: int) -> Callable[[str], bool]:
    """Whether a text has at most *longest* characters, as `shortened` asks."""
    return lambda text: len(text) <= longest


def written_date(date: Date, lang: str) -> str:
    """*date* as people who read *lang* write it, as exactly as it is known."""
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date, format_skeleton

    if date.month is None:
        return str(date.year)
    try:
        locale = Locale.parse(lang, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    if date.day is None:
        return str(format_skeleton("yMMMM", date.moment, locale=locale))
    return str(format_date(date.moment, "long", locale=locale))
