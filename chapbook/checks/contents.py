"""The tables of contents that each format has of its own, against the headings."""

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
"""By fact: what it is called, and how many levels it tells apart."""


def contents_differences(
    headings: Sequence[Heading], title: str, reading: Reading
) -> Iterator[Difference]:
    """Where a table of contents does not name the sections, one after another."""
    sections = [heading for heading in headings if not heading.is_inner]
    for fact, (name, deepest) in _TABLES.items():
        listed = reading.facts.get(fact)
        if listed is None or (fact == "contents" and not listed):
            continue  # a web page with one section, or none, has no list of them
        entries = list(map(_entry, listed))
        if fact != "contents":  # a web page's list never names the title, but a heading may
            entries = _without_title(entries, title)
        depths = _relative([depth for depth, _ in entries], deepest)
        kept = sections if fact != "ncx" else [each for each in sections if each.depth <= deepest]
        wanted = _relative([heading.depth for heading in kept], deepest)
        for at in range(max(len(kept), len(entries))):
            heading = kept[at] if at < len(kept) else Heading(0, "")
            entry = entries[at][1] if at < len(entries) else ""
            if not _names(entry, heading) or depths[at : at + 1] != wanted[at : at + 1]:
                told = f"entry {at + 1} of the {name} is “{entry}”, the heading “{heading.text}”"
                yield Difference(Code.HEADINGS_DIFFER, told, heading.text)
                break


def _names(entry: str, heading: Heading) -> bool:
    """Whether *entry* says the *heading*'s words, and nothing else but what its pictures say."""
    if not heading.has_picture:
        return same(entry, heading.label)
    told = iter(squeezed(entry))
    return all(letter in told for letter in squeezed(heading.label))


def _entry(line: str) -> tuple[int, str]:
    text = line.lstrip(" ")
    return (len(line) - len(text)) // 2 + 1, text


def _without_title(entries: list[tuple[int, str]], title: str) -> list[tuple[int, str]]:
    """*entries* without the title, which may stand before or above the sections."""
    if entries and same(entries[0][1], title):
        return entries[1:]
    return entries


def _relative(depths: list[int], deepest: int) -> list[int]:
    """*depths* from the least of them on, none deeper than *deepest* levels."""
    least = min(depths, default=1)
    return [min(depth - least, deepest - 1) for depth in depths]
