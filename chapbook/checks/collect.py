"""From the common tree to an outline."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chapbook.checks.outline import Emphasis, Heading, Item, Link, Note, Passage, Picture, Table
from chapbook.checks.tree import Node

_BLOCK = "\x1e"  # parts two blocks
_PAGE = "\f"  # the first thing on a new page: a paragraph, a word may run over it
_CONTEXT = 4  # words before a note's call
_LANDING = 6  # words that tell where a link leads to


@dataclass(slots=True)
class _Taken:
    """A passage while it is being read. Offsets count characters of `raw`."""

    raw: list[str] = field(default_factory=list)
    length: int = 0
    depth: int = 0
    labels: list[str] = field(default_factory=list)
    headings: list[tuple[Node, int, int]] = field(default_factory=list)
    links: list[tuple[str, int, int]] = field(default_factory=list)
    calls: list[tuple[Node, int]] = field(default_factory=list)
    pictures: list[tuple[Node, Node | None]] = field(default_factory=list)
    captions: dict[int, tuple[int, int]] = field(default_factory=dict)
    tables: list[tuple[Node, list[list[tuple[bool, int, int]]]]] = field(default_factory=list)
    open_tables: list[list[list[tuple[bool, int, int]]]] = field(default_factory=list)
    owners: list[Node] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    items: list[tuple[int, str, int]] = field(default_factory=list)
    quotes: list[tuple[int, int]] = field(default_factory=list)
    emphasis: list[tuple[str, int, int]] = field(default_factory=list)
    anchors: dict[str, int] = field(default_factory=dict)
    backs: list[str] = field(default_factory=list)

    def put(self, text: str) -> None:
        self.raw.append(text)
        self.length += len(text)

    def between(self, start: int, end: int | None = None) -> str:
        return collapsed("".join(self.raw)[start:end])


def collapsed(raw: str) -> str:
    """Raw text as words parted by one space, or by a line feed where only a line ended."""
    raw = re.sub(rf"[{_BLOCK}\n]*{_PAGE}[{_BLOCK}{_PAGE}\n]*", "\n", raw)
    raw = raw.replace(_BLOCK, " ")
    return re.sub(r"\s+", lambda found: "\n" if found[0] == "\n" else " ", raw).strip()


def outline_parts(root: Node) -> tuple[Passage, tuple[Note, ...]]:
    """The text of *root* and its notes, in the order of their calls; uncalled ones last."""
    main = _Taken()
    _take(root, main)
    notes = [(node, _taken_note(node)) for node in root.walk() if node.kind == "note"]
    landings = _landings([main, *(taken for _, taken in notes)])
    by_name = {}
    for node, taken in notes:
        for name in node.ids:
            by_name[f"#{name}"] = taken
            landings.setdefault(name, _first_words("".join(taken.raw)))
    called = [_called(call, main, offset, by_name, landings) for call, offset in main.calls]
    targets = {call.get("target") for call, _ in main.calls}
    uncalled = [
        Note(None, _passage(taken, landings), returns=False)
        for node, taken in notes
        if not targets & {f"#{name}" for name in node.ids}
    ]
    return _passage(main, landings), (*called, *uncalled)


def _taken_note(node: Node) -> _Taken:
    taken = _Taken()
    _take_children(node, taken)
    return taken


def _called(
    call: Node, main: _Taken, offset: int, notes: Mapping[str, _Taken], landings: Mapping[str, str]
) -> Note:
    after = _last_words("".join(main.raw)[:offset])
    note = notes.get(call.get("target"))
    if note is None:
        return Note(after, None, returns=False)
    returns = any(back in call.ids for back in note.backs)
    return Note(after, _passage(note, landings), returns)


def _last_words(raw: str) -> str:
    words = re.findall(r"\s?\S+", collapsed(raw[-400:]))
    return "".join(words[-_CONTEXT:]).strip()


def _first_words(raw: str) -> str:
    """The first words of the first block that has any."""
    first = next(filter(None, map(collapsed, _blocks(raw[:2000]))), "")
    return "".join(re.findall(r"\s?\S+", first)[:_LANDING])


def _landings(passages: Sequence[_Taken]) -> dict[str, str]:
    """The words to which each name leads; of two same names the first counts, as in browsers."""
    landings: dict[str, str] = {}
    for taken in passages:
        raw = "".join(taken.raw)
        for name, offset in taken.anchors.items():
            landings.setdefault(name, _first_words(raw[offset:]))
    return landings


# Taking ----------------------------------------------------------------------------------------


def _take_children(node: Node, taken: _Taken) -> None:
    for child in node.children:
        if isinstance(child, str):
            taken.put(child)
        else:
            _take(child, taken)


def _take(node: Node, taken: _Taken) -> None:
    for name in node.ids:
        taken.anchors.setdefault(name, taken.length)
    if node.kind == "call":
        taken.calls.append((node, taken.length))
    elif node.kind == "back":
        taken.backs.append(node.get("target").removeprefix("#"))
    elif node.kind == "page":
        taken.put(_PAGE)
    elif node.kind == "break":
        taken.put(" ")
    elif node.kind == "picture":
        figure = next((each for each in reversed(taken.owners) if each.kind == "figure"), None)
        taken.pictures.append((node, figure))
        taken.put(" ")  # words on both sides of a picture are two, wherever it is drawn
    elif node.kind not in ("dropped", "note"):
        _take_text(node, taken)


_INLINE = frozenset({"span", "link", "emphasis", "anchor"})


def _take_text(node: Node, taken: _Taken) -> None:
    is_block = node.kind not in _INLINE
    if is_block:
        taken.put(_BLOCK)
    start = taken.length
    is_owner = node.kind in ("figure", "table")
    if is_owner:
        taken.owners.append(node)
    if node.kind == "table":
        taken.open_tables.append([])
        taken.tables.append((node, taken.open_tables[-1]))
    elif node.kind == "row" and taken.open_tables:
        taken.open_tables[-1].append([])
    elif node.kind == "item":
        taken.items.append((taken.depth, node.get("label", "•"), start))
    elif node.kind == "pre":
        taken.code.append(node.get("text"))
    taken.depth += node.kind == "list"
    if node.kind == "pre" and node.get("text"):
        taken.put(re.sub(r"\s+", " ", node.get("text")))
    else:
        _take_children(node, taken)
    taken.depth -= node.kind == "list"
    _note_range(node, taken, start)
    if node.kind == "table":
        taken.open_tables.pop()
    if is_owner:
        taken.owners.pop()
    if is_block:
        taken.put(_BLOCK)


def _note_range(node: Node, taken: _Taken, start: int) -> None:
    """Remember where in the raw text *node* begins and ends, for what is told of such nodes."""
    end = taken.length
    if node.kind == "heading":
        taken.headings.append((node, start, end))
    elif node.kind == "link":
        taken.links.append((node.get("target"), start, end))
    elif node.kind == "quote":
        taken.quotes.append((start, end))
    elif node.kind == "emphasis":
        taken.emphasis.append((node.get("kind"), start, end))
    elif node.kind == "caption" and taken.owners:
        taken.captions[id(taken.owners[-1])] = (start, end)
    elif node.kind == "cell" and taken.open_tables and taken.open_tables[-1]:
        taken.open_tables[-1][-1].append((bool(node.get("head")), start, end))


# Telling ---------------------------------------------------------------------------------------


def _passage(taken: _Taken, landings: Mapping[str, str]) -> Passage:
    raw = "".join(taken.raw)

    def text(start: int, end: int | None = None) -> str:
        return collapsed(raw[start:end])

    def target(address: str) -> str:
        return f"→ {landings.get(address[1:], '')}" if address.startswith("#") else address

    return Passage(
        blocks=tuple(filter(None, map(collapsed, _blocks(raw)))),
        headings=tuple(
            Heading(int(node.get("depth", "1")), text(*span), bool(node.get("inner")))
            for node, *span in taken.headings
        ),
        links=tuple(
            Link(text(start, end), target(to)) for to, start, end in _joined_links(taken, raw)
        ),
        pictures=tuple(
            _picture(
                node, text(*taken.captions[id(figure)]) if id(figure) in taken.captions else ""
            )
            for node, figure in taken.pictures
        ),
        tables=tuple(
            Table(
                text(*taken.captions[id(node)]) if id(node) in taken.captions else "",
                tuple(
                    tuple(f"{'# ' if head else ''}{text(*span)}" for head, *span in row)
                    for row in rows
                    if any(text(*span) for _, *span in row)
                ),
            )
            for node, rows in taken.tables
        ),
        code=tuple(taken.code),
        items=tuple(
            Item(depth, label, _first_words(raw[start:])) for depth, label, start in taken.items
        ),
        quotes=tuple(text(*span) for span in sorted(taken.quotes)),
        emphasis=tuple(
            Emphasis(kind, text(*span))
            for kind, *span in sorted(taken.emphasis, key=lambda told: (told[1], -told[2]))
            if text(*span)
        ),
    )


def _blocks(raw: str) -> list[str]:
    """The raw text at its block ends, except where a page may have come between."""
    joined = re.sub(rf"[{_BLOCK}\n]*{_PAGE}[{_BLOCK}{_PAGE}\n]*", _PAGE, raw)
    return joined.split(_BLOCK)


def _joined_links(taken: _Taken, raw: str) -> list[tuple[str, int, int]]:
    """The links in order; one that a line's or a page's end cuts in two is one."""
    joined: list[tuple[str, int, int]] = []
    for target, start, end in sorted(taken.links, key=lambda link: (link[1], -link[2])):
        if joined and joined[-1][0] == target and _is_cut(raw[joined[-1][2] : start + 1]):
            joined[-1] = (target, joined[-1][1], end)
        else:
            joined.append((target, start, end))
    return joined


def _is_cut(between: str) -> bool:
    """Whether nothing but a line's end, or a page's, stands between two parts of a link.

    *between* ends with the second part's first character, which is the line feed.
    """
    return between == "\n" or (_PAGE in between and not between.strip(f"{_BLOCK}{_PAGE}\n"))


def _picture(node: Node, caption: str) -> Picture:
    width, height = (
        int(node.get(side)) if node.get(side).isdecimal() else None for side in ("width", "height")
    )
    alt = collapsed(node.get("alt"))
    return Picture(node.get("kind"), alt, caption, width, height, node.get("digest") or None)
