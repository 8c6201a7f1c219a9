"""The index as elements: lists of entries, a list for each initial, and the place they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from xml.etree.ElementTree import Element

from chapbook.lang.collation import initial, sort_key
from chapbook.model import vocabulary
from chapbook.model.dom import HEADINGS, add_class, append, classes, element, text_of


@dataclass(slots=True)
class Locator:
    """Where a term is: the ids of its beginning and, of a range, of its end."""

    start: str
    end: str | None = None
    is_open: bool = False  # a range that still waits for its end


@dataclass(slots=True)
class Entry:
    """What is listed: its words as they are shown, what they are sorted by, and where they are."""

    label: Element
    sort: str
    locators: list[Locator] = field(default_factory=list)
    see: list[str] = field(default_factory=list)
    see_also: list[str] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    id: str | None = None  # where another entry leads to it


def index_list(
    top: Entry, words: Mapping[str, str], lang: str, names: Iterator[str]
) -> tuple[list[Element], list[str]]:
    """The lists of all entries below *top*, and the entries to be seen that there are not.

    *names* are ids for the entries that others lead to.
    """
    maker = _Maker(top, words, lang, names)
    entries = maker.sorted(top)
    groups = groupby(entries, key=lambda entry: initial(entry.sort, lang))
    lists = [maker.list(list(group), vocabulary.INDEX_GROUP) for _, group in groups]
    return lists, maker.lost


class _Maker:
    def __init__(
        self, top: Entry, words: Mapping[str, str], lang: str, names: Iterator[str]
    ) -> None:
        self._top, self._words, self._lang, self._names = top, words, lang, names
        self.lost: list[str] = []
        for entry in self._all(top):
            self._name_seen(entry)

    def sorted(self, parent: Entry) -> list[Entry]:
        return sorted(
            parent.entries.values(),
            key=lambda entry: (sort_key(entry.sort, self._lang), text_of(entry.label)),
        )

    def list(self, entries: list[Entry], kind: str) -> Element:
        return element("ul", *map(self._item, entries), class_=kind)

    def _item(self, entry: Entry) -> Element:
        item = element("li", entry.label, id=entry.id, class_=vocabulary.INDEX_ENTRY)
        entry.label.set("class", vocabulary.INDEX_HEADING)
        for locator in entry.locators:
            item.append(self._locator(locator))
        for key, paths in (("see", entry.see), ("see-also", entry.see_also)):
            for number, path in enumerate(dict.fromkeys(paths)):
                append(item, self._words.get("list-separator", ", ") if number == 0 else "; ")
                if number == 0:
                    append(item, element("em", self._words.get(key, key), class_=vocabulary.SEE))
                    append(item, " ")
                append(item, self._cross_reference(path))
        if entry.entries:
            append(item, "\n")  # converters that know no style part words by it
            item.append(self.list(self.sorted(entry), vocabulary.INDEX_SUB))
        return item

    def _locator(self, locator: Locator) -> Element:
        made = element("span", self._words.get("list-separator", ", "), class_=vocabulary.LOCATOR)
        made.append(element("a", class_=vocabulary.PAGE_REF, href=f"#{locator.start}"))
        if locator.end is not None:
            end = element("a", class_=vocabulary.PAGE_REF, href=f"#{locator.end}")
            made.append(element("span", "–", end, class_=vocabulary.RANGE_END))
        return made

    def _cross_reference(self, path: str) -> Element | str:
        found = self._find(path)
        words = ", ".join(part.strip() for part in path.split("!"))
        return words if found is None else element("a", words, href=f"#{found.id}")

    def _find(self, path: str) -> Entry | None:
        entry: Entry | None = self._top
        for part in path.split("!"):
            entry = entry.entries.get(part.strip().casefold()) if entry else None
        return entry

    def _all(self, parent: Entry) -> Iterator[Entry]:
        for entry in parent.entries.values():
            yield entry
            yield from self._all(entry)

    def _name_seen(self, entry: Entry) -> None:
        """Give the entries that *entry* leads to a name; note those that there are not."""
        for path in (*entry.see, *entry.see_also):
            found = self._find(path)
            if found is None:
                self.lost.append(path)
            elif found.id is None:
                found.id = next(self._names)


def place_index(body: Element, lists: list[Element], words: Mapping[str, str]) -> None:
    """Put *lists*, as columns, into the author's section or div, or at the end of *body*."""
    columns = element("div", *lists, class_=vocabulary.INDEX_COLUMNS)
    for node in body.iter():
        if node.tag in {"section", "div"} and "index" in classes(node):
            # Below its own words, before the sections in it.
            at = next((n for n, child in enumerate(node) if child.tag == "section"), len(node))
            node.insert(at, columns)
            break
    else:
        heading = element("h2", words.get("index", "Index"))
        node = element("section", heading, columns, class_="index", data_depth="1")
        body.append(node)
    for name in (vocabulary.HAS_INDEX, "unnumbered"):
        add_class(node, name)
    node.set("role", "doc-index")
    if len(node) and node[0].tag in HEADINGS:
        node.set("aria-label", text_of(node[0]))
