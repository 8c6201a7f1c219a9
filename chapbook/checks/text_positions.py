"""Reads a tree once, and records the position of each of its parts in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from chapbook.checks.tree import Node

BLOCK = "\x1e"  # between two blocks
PAGE = "\f"  # at the beginning of a page; a paragraph or a word may continue over it


@dataclass(slots=True)
class Span:
    """The span of something in the raw text."""

    start: int
    end: int = 0


@dataclass(slots=True)
class Taken:
    """A passage while it is being read. Offsets count characters of `raw`."""

    raw: list[str] = field(default_factory=list)
    length: int = 0
    depth: int = 0
    headings: list[tuple[Node, int, int]] = field(default_factory=list)
    links: list[tuple[Node, int, int]] = field(default_factory=list)
    calls: list[tuple[Node, int]] = field(default_factory=list)
    pictures: list[tuple[Node, Node | None, int]] = field(default_factory=list)
    captions: dict[int, tuple[int, int]] = field(default_factory=dict)
    tables: list[tuple[Node, list[list[tuple[bool, int, int]]]]] = field(default_factory=list)
    open_tables: list[list[list[tuple[bool, int, int]]]] = field(default_factory=list)
    owners: list[Node] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    items: list[tuple[int, str, Span]] = field(default_factory=list)
    open_items: list[Span] = field(default_factory=list)
    quotes: list[tuple[int, int]] = field(default_factory=list)
    emphasis: list[tuple[str, int, int]] = field(default_factory=list)
    anchors: dict[str, int] = field(default_factory=dict)
    backs: list[str] = field(default_factory=list)

    def put(self, text: str) -> None:
        """Add *text* to the raw text."""
        self.raw.append(text)
        self.length += len(text)

    @property
    def text(self) -> str:
        """The raw text."""
        return "".join(self.raw)


def take_children(node: Node, taken: Taken) -> None:
    """Take the content of *node*, without *node* itself."""
    for child in node.children:
        if isinstance(child, str):
            taken.put(child)
        else:
            take(child, taken)


def take(node: Node, taken: Taken) -> None:
    """Take *node* and its content."""
    for name in node.ids:
        taken.anchors.setdefault(name, taken.length)
    if node.kind == "call":
        taken.calls.append((node, taken.length))
    elif node.kind == "back":
        taken.backs.append(node.get("target").removeprefix("#"))
    elif node.kind == "page":
        taken.put(PAGE)
    elif node.kind == "break":
        taken.put(" ")
    elif node.kind == "picture":
        figure = next((owner for owner in reversed(taken.owners) if owner.kind == "figure"), None)
        taken.pictures.append((node, figure, taken.length))
        taken.put(" ")  # a picture separates words, wherever it is drawn
    elif node.kind not in ("dropped", "note"):
        _take_text(node, taken)


_INLINE = frozenset({"span", "link", "emphasis"})


def _take_text(node: Node, taken: Taken) -> None:
    separates_words = node.kind not in _INLINE
    if separates_words:
        taken.put(BLOCK)
    start = taken.length
    _open(node, taken, start)
    if node.kind == "pre" and node.get("text"):
        taken.put(re.sub(r"\s+", " ", node.get("text")))
    else:
        take_children(node, taken)
    _record_range(node, taken, start)
    _close(node, taken)
    if separates_words:
        taken.put(BLOCK)


def _open(node: Node, taken: Taken, start: int) -> None:
    if node.kind in ("figure", "table"):
        taken.owners.append(node)
    if node.kind == "table":
        taken.open_tables.append([])
        taken.tables.append((node, taken.open_tables[-1]))
    elif node.kind == "row" and taken.open_tables:
        taken.open_tables[-1].append([])
    elif node.kind == "list":
        taken.depth += 1
    elif node.kind == "item":
        taken.items.append((max(1, taken.depth), node.get("label", "•"), Span(start)))
        taken.open_items.append(taken.items[-1][2])
    elif node.kind == "pre":
        taken.code.append(node.get("text") or raw_text(node))


def raw_text(node: Node) -> str:
    """Return the exact text of code in raw tags."""
    return "".join(child if isinstance(child, str) else raw_text(child) for child in node.children)


def _close(node: Node, taken: Taken) -> None:
    if node.kind in ("figure", "table"):
        taken.owners.pop()
    if node.kind == "table":
        taken.open_tables.pop()
    elif node.kind == "list":
        taken.depth -= 1
    elif node.kind == "item":
        taken.open_items.pop().end = taken.length


def _record_range(node: Node, taken: Taken, start: int) -> None:
    """Record where *node* begins and ends in the raw text, if its kind needs it."""
    end = taken.length
    if node.kind == "heading":
        taken.headings.append((node, start, end))
    elif node.kind == "link":
        taken.links.append((node, start, end))
    elif node.kind == "quote":
        taken.quotes.append((start, end))
    elif node.kind == "emphasis":
        taken.emphasis.append((node.get("kind"), start, end))
    elif node.kind == "caption" and taken.owners:
        taken.captions[id(taken.owners[-1])] = (start, end)
    elif node.kind == "cell" and taken.open_tables and taken.open_tables[-1]:
        taken.open_tables[-1][-1].append((bool(node.get("head")), start, end))
