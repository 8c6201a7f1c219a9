"""The ways into an EPUB: its contents, and its list of printed pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chapbook.design.template_context import Entry, View
from chapbook.model.document import Document
from chapbook.model.dom import text_of
from chapbook.writers.epub.chapters import TITLE_PAGE, Chapter


@dataclass(frozen=True, slots=True)
class Point:
    """A place that the reader is led to."""

    label: str
    href: str
    points: tuple[Point, ...] = ()
    lang: str | None = None  # where it is not the book's
    dir: str | None = None


def contents(
    view: View, chapters: tuple[Chapter, ...], places: Mapping[str, str]
) -> tuple[Point, ...]:
    """The headings; before them the title, where words stand before the first of them.

    Never empty: a nav without an entry is an error (EPUB 3.3, 7.4.2).
    """
    points = _points(view.contents, places)
    if _opens_untitled(chapters[0]) or not points:
        points = (Point(view.metadata.title, chapters[0].name), *points)
    return points


def _opens_untitled(opening: Chapter) -> bool:
    """Whether words or pictures of *opening* stand before its first heading."""
    for tree in opening.trees:
        if tree.tag == "section":
            return False
        if tree.tag == "article" and (tree.text or "").strip():
            return True
        before = [child for child in tree if child.tag != "section"] if len(tree) else []
        if any(text_of(child) or child.find(".//img") is not None for child in before):
            return True
    return False


def _points(entries: tuple[Entry, ...], places: Mapping[str, str]) -> tuple[Point, ...]:
    return tuple(
        Point(
            entry.label or "…",
            places[entry.id],
            _points(entry.entries, places),
            entry.lang,
            entry.dir,
        )
        for entry in entries
    )


def page_list(document: Document, places: Mapping[str, str]) -> tuple[Point, ...]:
    """The printed pages in their order, each with the place of its marker (EPUB 3.3, 7.4.3)."""
    return tuple(Point(page.label, places[page.id]) for page in document.pages if page.id in places)


def reading_order(chapters: tuple[Chapter, ...], places: Mapping[str, str]) -> tuple[str, ...]:
    """Every address of the text in the order of reading; a file's own before those in it."""
    found: dict[str, list[str]] = {TITLE_PAGE: [], **{chapter.name: [] for chapter in chapters}}
    for place in places.values():
        found[place.partition("#")[0]].append(place)
    return tuple(address for file, inside in found.items() for address in (file, *inside))
