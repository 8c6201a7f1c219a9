"""The tree of a catalog: menus, and listings of works that are divided into pages.

Each page is written three times: as an OPDS 1.2 feed, as an OPDS 2.0 feed and, except for the root
menu, as a page of the shelf.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import quote

from chapbook.catalog.text import sort_key, unique_slugs
from chapbook.catalog.works import Work
from chapbook.model.metadata import Person

WORKS_PER_PAGE = 48  # divisible into full rows of two, three, four and six
NEWEST = "http://opds-spec.org/sort/new"
SUBSECTION = "subsection"

Words = Mapping[str, str]


@dataclass(frozen=True)
class Listing:
    """Works in an order. `path` is its name in addresses, `rel` its relation (OPDS 1.2, 6.2)."""

    path: str
    title: str
    works: tuple[Work, ...]
    parent: str = ""
    rel: str = SUBSECTION

    @property
    def count(self) -> int:
        """The number of works."""
        return len(self.works)

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages, at least one."""
        starts = range(0, max(1, len(self.works)), WORKS_PER_PAGE)
        return tuple(
            Page(self, number, len(starts), self.works[start : start + WORKS_PER_PAGE])
            for number, start in enumerate(starts, 1)
        )


@dataclass(frozen=True)
class Menu:
    """Listings and menus to choose from."""

    path: str
    title: str
    entries: tuple[Listing | Menu, ...]
    parent: str = ""
    rel: str = SUBSECTION

    @property
    def count(self) -> int:
        """The number of entries."""
        return len(self.entries)

    @property
    def works(self) -> tuple[Work, ...]:
        """All works below it."""
        return tuple(dict.fromkeys(work for entry in self.entries for work in entry.works))


@dataclass(frozen=True)
class Page:
    """A page of a listing, counted from 1."""

    listing: Listing
    number: int
    last: int
    works: tuple[Work, ...]

    @property
    def path(self) -> str:
        """Its name in addresses. The first page has the name of the listing."""
        return page_path(self.listing.path, self.number)

    @property
    def neighbors(self) -> dict[str, str]:
        """The paths of the pages around it, by their relation (RFC 5005, 3)."""
        numbers = {
            "first": 1 if self.last > 1 else 0,
            "previous": self.number - 1,
            "next": self.number + 1 if self.number < self.last else 0,
            "last": self.last if self.last > 1 else 0,
        }
        return {
            rel: page_path(self.listing.path, number) for rel, number in numbers.items() if number
        }


def page_path(path: str, number: int) -> str:
    """Return the name in addresses of page *number* of the listing at *path*."""
    # No slug has a dot, so an author “Ada 2” cannot be confused with Ada's second page.
    return path if number == 1 else f"{path}.{number}"


@dataclass(frozen=True)
class Catalog:
    """The published works, oldest first, and the title, language and words of the catalog.

    `sizes` has the width and height in pixels of each picture, by its path. Without a `base` all
    addresses are relative, so that the folder can be put anywhere.
    """

    title: str
    lang: str
    words: Words
    works: tuple[Work, ...]
    sizes: Mapping[str, tuple[int, int]]
    base: str = ""
    language_name: Callable[[str], str] = str

    @cached_property
    def newest(self) -> Listing:
        """All works, the newest first."""
        ranked = sorted(self.works, key=lambda work: work.about.published, reverse=True)
        return Listing("new", self.words["newest"], tuple(ranked), rel=NEWEST)

    @cached_property
    def root(self) -> Menu:
        """The menu from which everything can be reached."""
        titled = sorted(self.works, key=lambda work: sort_key(work.about.full_title))
        one_alone = len(titled) == 1  # a single work needs no second listing
        entries = (
            self.newest,
            Listing("titles", self.words["titles"], () if one_alone else tuple(titled)),
            self._menu("authors", _by_author(self.works)),
            self._menu("subjects", _by_subject(self.works)),
            self._menu("languages", self._by_language()),
        )
        return Menu("", self.title, tuple(entry for entry in entries if entry.count))

    @cached_property
    def paths(self) -> Mapping[tuple[str, str], str]:
        """The path of each listing, by the path of its menu and its title."""
        return {
            (menu.path, entry.title): entry.path for menu in self.menus for entry in menu.entries
        }

    @cached_property
    def menus(self) -> tuple[Menu, ...]:
        """The menus below the root."""
        return tuple(entry for entry in self.root.entries if isinstance(entry, Menu))

    @property
    def listings(self) -> Iterator[Listing]:
        """All listings, of the root and of its menus."""
        for menu in (self.root, *self.menus):
            yield from (entry for entry in menu.entries if isinstance(entry, Listing))

    def _menu(self, path: str, groups: Iterable[tuple[str, str, list[Work]]]) -> Menu:
        """Return a menu of listings. A group is a title, a text to sort by, and the works."""
        ranked = sorted(groups, key=lambda group: (sort_key(group[1]), group[0]))
        slugs = unique_slugs((title, title) for title, _, _ in ranked)
        entries = (
            Listing(f"{path}/{slug}", title, tuple(reversed(works)), parent=path)
            for slug, (title, _, works) in zip(slugs, ranked, strict=True)
        )
        return Menu(path, self.words[path], tuple(entries))

    def _by_language(self) -> Iterator[tuple[str, str, list[Work]]]:
        groups: dict[str, list[Work]] = {}
        for work in self.works:
            if work.about.lang:
                groups.setdefault(work.about.lang.split("-")[0].lower(), []).append(work)
        if len(groups) > 1:  # one language is no choice
            for lang, works in groups.items():
                yield self.language_name(lang), self.language_name(lang), works

    def address(self, path: str, origin: str) -> str:
        """Return the address of the file at *path* for a link in the document at *origin*."""
        if self.base:
            return f"{self.base}/{quote(path)}"
        return quote(posixpath.relpath(path, posixpath.dirname(origin) or "."))


def moment_text(moment: datetime) -> str:
    """Return *moment* as feeds write it (RFC 3339). `strftime` does not pad early years."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def updated(works: Iterable[Work]) -> datetime:
    """Return when the newest of *works* was made."""
    return max(work.about.updated for work in works)


def _by_author(works: Iterable[Work]) -> Iterator[tuple[str, str, list[Work]]]:
    groups: dict[str, list[Work]] = {}
    people: dict[str, Person] = {}
    for work in works:
        for person in work.about.authors:
            groups.setdefault(person.name, []).append(work)
            if person.file_as or person.name not in people:
                people[person.name] = person
    for name, by_author in groups.items():
        yield name, people[name].file_as or name, by_author


def _by_subject(works: Iterable[Work]) -> Iterator[tuple[str, str, list[Work]]]:
    groups: dict[str, list[Work]] = {}
    for work in works:
        for subject in work.about.subjects:
            groups.setdefault(subject, []).append(work)
    for subject, on_subject in groups.items():
        yield subject, subject, on_subject
