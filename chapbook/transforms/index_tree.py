"""Makes the elements of the index: a list of entries for each initial, in its section."""

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
    """The place of a term: the id of its beginning and, of a range, that of its end."""

    start: str
    end: str | None = None
    is_open: bool = False  # a range whose end is not found yet


@dataclass(slots=True)
class Entry:
    """An entry: its words as they are shown, the text to sort by, and its places."""

    label: Element
    sort: str
    locators: list[Locator] = field(default_factory=list)
    see: list[str] = field(default_factory=list)
    see_also: list[str] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    id: str | None = None  # if another entry refers to it


def index_list(
    top: Entry, words: Mapping[str, str], lang: str, names: Iterator[str]
) -> tuple[list[Element], list[str]]:
    """Return the lists of all entries below *top*, and the missing entries that others refer to.

    *names* are ids for the entries that others refer to.
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
            append(item, "\n")  # separates words for converters that ignore styles
            item.append(self.list(self.sorted(entry), vocabulary.INDEX_SUB))
        return item

    def _locator(self, locator: Locator) -> Element:
        span = element("span", self._words.get("list-separator", ", "), class_=vocabulary.LOCATOR)
        span.append(element("a", class_=vocabulary.PAGE_REF, href=f"#{locator.start}"))
        if locator.end is not None:
            end = element("a", class_=vocabulary.PAGE_REF, href=f"#{locator.end}")
            span.append(element("span", "–", end, class_=vocabulary.RANGE_END))
        return span

    def _cross_reference(self, path: str) -> Element | str:
        entry = self._find(path)
        words = ", ".join(part.strip() for part in path.split("!"))
        return words if entry is None else element("a", words, href=f"#{entry.id}")

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
        """Give the entries that *entry* refers to an id; record those that are missing."""
        for path in (*entry.see, *entry.see_also):
            target = self._find(path)
            if target is None:
                self.lost.append(path)
            elif target.id is None:
                target.id = next(self._names)


def place_index(body: Element, lists: list[Element], words: Mapping[str, str]) -> None:
    """Put *lists*, as columns, into the author's section or div, or at the end of *body*."""
    columns = element("div", *lists, class_=vocabulary.INDEX_COLUMNS)
    for node in body.iter():
        if node.tag in {"section", "div"} and "index" in classes(node):
            # Below its own words, before the sections in it.
            index = next((n for n, child in enumerate(node) if child.tag == "section"), len(node))
            node.insert(index, columns)
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
