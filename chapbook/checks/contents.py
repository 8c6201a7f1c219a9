"""Compares each format's own tables of contents with the headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chapbook.checks.difference import Difference
from chapbook.checks.outline import DEEPEST, Heading
from chapbook.checks.reading import Reading
from chapbook.checks.words import same, squeezed
from chapbook.model.errors import Code

_TABLES = {
    "bookmarks": ("bookmarks", 3),  # print.css: deeper headings share the last level
    "nav": ("table of contents", DEEPEST),
    "ncx": ("table of contents for old readers", 2),  # what Kindle shows
    "contents": ("table of contents", DEEPEST),
}
"""The name of each table of contents, and the number of its levels, by fact."""


def contents_differences(
    headings: Sequence[Heading], title: str, reading: Reading
) -> Iterator[Difference]:
    """Yield the first difference of each table of contents from the headings."""
    sections = [heading for heading in headings if not heading.is_inner]
    for fact, (name, deepest) in _TABLES.items():
        listed = reading.facts.get(fact)
        if listed is None or (fact == "contents" and not listed):
            continue  # a web page with at most one section has no list of sections
        entries = list(map(_entry, listed))
        if fact != "contents":  # a web page's list never has the title, but a heading may equal it
            entries = _without_title(entries, title)
        depths = _relative([depth for depth, _ in entries], deepest)
        kept = (
            sections
            if fact != "ncx"
            else [heading for heading in sections if heading.depth <= deepest]
        )
        wanted = _relative([heading.depth for heading in kept], deepest)
        for index in range(max(len(kept), len(entries))):
            heading = kept[index] if index < len(kept) else Heading(0, "")
            entry = entries[index][1] if index < len(entries) else ""
            if not _names(entry, heading) or depths[index : index + 1] != wanted[index : index + 1]:
                message = (
                    f"entry {index + 1} of the {name} is “{entry}”, the heading “{heading.text}”"
                )
                yield Difference(Code.HEADINGS_DIFFER, message, heading.text)
                break


def _names(entry: str, heading: Heading) -> bool:
    """Return whether *entry* is the text of *heading*, maybe with text for its pictures."""
    if not heading.has_picture:
        return same(entry, heading.label)
    letters = iter(squeezed(entry))
    return all(letter in letters for letter in squeezed(heading.label))


def _entry(line: str) -> tuple[int, str]:
    text = line.lstrip(" ")
    return (len(line) - len(text)) // 2 + 1, text


def _without_title(entries: list[tuple[int, str]], title: str) -> list[tuple[int, str]]:
    """Return *entries* without the title, which may come before or above the sections."""
    if entries and same(entries[0][1], title):
        return entries[1:]
    return entries


def _relative(depths: list[int], deepest: int) -> list[int]:
    """Return *depths* relative to the smallest, with at most *deepest* levels."""
    least = min(depths, default=1)
    return [min(depth - least, deepest - 1) for depth in depths]
