"""The index as an outline tells it: entries in the order of the language, and where they lead.

Which page a term is on only the finished pages tell, and of several on one page the index names the
first: `close_up` leaves the others out when the pages are known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count

from chapbook.checks.outline import UNPRINTED
from chapbook.checks.tree import Node
from chapbook.lang.collation import sort_key

_LOCATOR = "locator"
_BARE = frozenset({"link", "span"})  # of these the words alone are listed


@dataclass(slots=True)
class _Entry:
    label: Node
    sort: str
    places: list[list[str]] = field(default_factory=list)  # a name, or both of a range
    open_range: list[str] | None = None
    see: list[str] = field(default_factory=list)
    see_also: list[str] = field(default_factory=list)
    below: dict[str, _Entry] = field(default_factory=dict)


def add_index(root: Node, words: Mapping[str, str], lang: str) -> None:
    """Name the terms that *root* marks, and add the index of them where it stands."""
    taken = {name for node in root.walk() for name in node.ids}
    names = (f"idx-{number}" for number in count(1))
    free = (name for name in names if name not in taken)
    top = _Entry(Node("span"), "")
    for term in list(_terms(root)):
        _enter(term, top, free)
    if top.below:
        _place(root, _list(top, top, words, lang), words)


def _terms(root: Node) -> Iterator[Node]:
    """The terms in the order of the text, those of a note where it is called."""
    nodes = [child for child in root.children if isinstance(child, Node)]
    notes = {f"#{name}": node for node in nodes if node.kind == "note" for name in node.ids}
    for child in nodes:
        for node in child.walk() if child.kind != "note" else ():
            if node.kind == "call" and (note := notes.pop(node.get("target"), None)):
                yield from filter(_is_term, note.walk())
            elif _is_term(node):
                yield node


def _is_note(node: Node | str) -> bool:
    return isinstance(node, Node) and node.kind == "note"


def _is_term(node: Node) -> bool:
    return node.kind == "span" and "index" in node.get("classes").split()


def _parts(term: Node, name: str, mark: str) -> list[str]:
    return [part for part in map(str.strip, term.get(name).split(mark)) if part]


def _enter(term: Node, top: _Entry, names: Iterator[str]) -> None:
    path = _parts(term, "entry", "!")
    own = Node("span", _label(term))
    if not path and not own.words():
        return
    entry = top
    for label in [Node("span", [part]) for part in path] or [own]:
        words = label.words()
        below = entry.below.setdefault(words.casefold(), _Entry(label, words))
        if words[0].islower():
            below.label, below.sort = label, words
        entry = below
    entry.sort = term.get("sort") or entry.sort
    name = next(names)
    term.children.insert(0, Node("span", ids=[name]))
    entry.see += _parts(term, "see", ";")
    entry.see_also += _parts(term, "see-also", ";")
    if entry.see and not own.words():
        return
    if term.get("range") == "end" and entry.open_range is not None:
        entry.open_range.append(name)
        entry.open_range = None
        return
    entry.places.append([name])
    if term.get("range") == "start":
        entry.open_range = entry.places[-1]


def _label(node: Node) -> list[Node | str]:
    """What stands in a term, to stand in the index too: without notes, links and names."""
    label: list[Node | str] = []
    for child in node.children:
        if isinstance(child, str):
            label.append(child)
        elif child.kind in _BARE:
            label += _label(child)
        elif child.kind != "call":
            label.append(Node(child.kind, _label(child), attributes=deepcopy(child.attributes)))
    return label


def _list(parent: _Entry, top: _Entry, words: Mapping[str, str], lang: str) -> Node:
    made = Node("list")
    for entry in sorted(
        parent.below.values(), key=lambda entry: (sort_key(entry.sort, lang), entry.label.words())
    ):
        item = Node("item", [entry.label], _name_of(entry, top), {"label": "entry"})
        comma = words["list-separator"]
        for place in entry.places:
            links: list[Node | str] = [_page_ref(name) for name in place]
            between: list[Node | str] = ["–"] if len(links) > 1 else []
            item.add(Node("span", [comma, *links[:1], *between, *links[1:]], [], {_LOCATOR: "1"}))
        for key, paths in (("see", entry.see), ("see-also", entry.see_also)):
            for number, path in enumerate(dict.fromkeys(paths)):
                item.add(comma if number == 0 else "; ")
                if number == 0:
                    item.add(Node("emphasis", [words[key]], attributes={"kind": "em"}))
                    item.add(" ")
                item.add(_seen(path, top))
        if entry.below:
            item.add(_list(entry, top, words, lang))
        made.add(item)
    return made


def _page_ref(name: str) -> Node:
    return Node("link", attributes={"target": f"#{name}", "page": UNPRINTED})


def _name_of(entry: _Entry, top: _Entry) -> list[str]:
    """A name for *entry* where another leads to it; no manuscript holds U+0002."""
    led_to = (path for each in _all(top) for path in (*each.see, *each.see_also))
    return [f"\x02entry-{id(entry)}"] if any(_find(path, top) is entry for path in led_to) else []


def _seen(path: str, top: _Entry) -> Node | str:
    words = ", ".join(map(str.strip, path.split("!")))
    found = _find(path, top)
    if found is None:
        return words
    return Node("link", [words], attributes={"target": f"#\x02entry-{id(found)}"})


def _find(path: str, top: _Entry) -> _Entry | None:
    entry: _Entry | None = top
    for part in path.split("!"):
        entry = entry.below.get(part.strip().casefold()) if entry else None
    return entry


def _all(parent: _Entry) -> Iterator[_Entry]:
    for entry in parent.below.values():
        yield entry
        yield from _all(entry)


def _place(root: Node, listed: Node, words: Mapping[str, str]) -> None:
    """Put the index below the heading, or into the div, of that name; else after the text."""
    for parent in root.walk():
        for number, node in enumerate(parent.children):
            if isinstance(node, Node) and "index" in node.get("classes").split():
                if node.kind == "block":
                    node.add(listed)
                    return
                if node.kind == "heading":
                    node.attributes["classes"] += " unnumbered"
                    rest = parent.children[number + 1 :]
                    ends = (at for at, each in enumerate(rest) if _ends_section(each))
                    parent.children.insert(number + 1 + next(ends, len(rest)), listed)
                    return
    at = next((at for at, node in enumerate(root.children) if _is_note(node)), len(root.children))
    named = {"level": "1", "classes": "unnumbered"}
    heading = Node("heading", [words["index"]], attributes=named)
    root.children[at:at] = [heading, listed]


def _ends_section(node: Node | str) -> bool:
    return isinstance(node, Node) and node.kind in ("heading", "note")


def close_up(root: Node, folios: Mapping[str, str]) -> None:
    """Leave out of *root* what names a page again; *folios* are those of names."""
    for entry in root.walk():
        named: set[str] = set()
        for locator in [node for node in entry.children if isinstance(node, Node)]:
            if not locator.get(_LOCATOR):
                continue
            targets = [node.get("target")[1:] for node in locator.walk() if node.kind == "link"]
            pages = [folios.get(name, "") for name in targets]
            if len(set(pages)) < len(pages):
                locator.children = locator.children[:2]
            if named.issuperset(pages):
                entry.children.remove(locator)
            named.update(pages)
