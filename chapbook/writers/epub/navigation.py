"""The navigation of an EPUB: its contents, and its list of printed pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chapbook.design.template_context import Entry, View
from chapbook.model.document import Document
from chapbook.model.dom import text_of
from chapbook.writers.epub.chapters import TITLE_PAGE, Chapter


@dataclass(frozen=True, slots=True)
class Point:
    """An entry with a link to a place in the text."""

    label: str
    href: str
    points: tuple[Point, ...] = ()
    lang: str | None = None  # if it is not the book's
    dir: str | None = None


def contents(
    view: View, chapters: tuple[Chapter, ...], places: Mapping[str, str]
) -> tuple[Point, ...]:
    """Return the headings, and before them the title if there is text before the first heading.

    The result is never empty: a nav without an entry is an error (EPUB 3.3, 7.4.2).
    """
    points = _points(view.contents, places)
    if _opens_untitled(chapters[0]) or not points:
        points = (Point(view.metadata.title, chapters[0].name), *points)
    return points


def _opens_untitled(opening: Chapter) -> bool:
    """Return whether *opening* has words or pictures before its first heading."""
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
    """Return the printed pages in order, with the places of their markers (EPUB 3.3, 7.4.3)."""
    return tuple(Point(page.label, places[page.id]) for page in document.pages if page.id in places)


def reading_order(chapters: tuple[Chapter, ...], places: Mapping[str, str]) -> tuple[str, ...]:
    """Return every address of the text in reading order; a file's own comes before those in it."""
    by_file: dict[str, list[str]] = {TITLE_PAGE: [], **{chapter.name: [] for chapter in chapters}}
    for place in places.values():
        by_file[place.partition("#")[0]].append(place)
    return tuple(address for file, inside in by_file.items() for address in (file, *inside))
