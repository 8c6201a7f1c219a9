"""Reads raw HTML inside Markdown, which pandoc's tree has in pieces, into the common tree.

pandoc's tree has `<details>`, the paragraphs in it and `</details>` one after another. The standard
library's tokenizer reads the tags, and the builder nests the content between them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser

from chapbook.checks.markup import BLOCKS, DROPPED, HEADINGS, VOID, node_of, plain
from chapbook.checks.tree import Node
from chapbook.lang.quotation_marks import CLOSE, OPEN

_CLOSED_BY = {  # the elements that a start tag ends (HTML 13.2.6), if the end tag is missing
    "li": {"li"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "tr": {"tr", "td", "th"},
    "td": {"td", "th"},
    "th": {"td", "th"},
} | dict.fromkeys((BLOCKS | HEADINGS.keys()) - set("li dt dd tr td th".split()), frozenset({"p"}))

_UNSEEN = re.compile(r"\b(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_ENDS_PARAGRAPHS = frozenset("block heading list table figure pre quote".split())


class Builder:
    """Builds the common tree from nodes that open and close, and from raw tags between them."""

    def __init__(self) -> None:
        self.root = Node("root")
        self._open: list[tuple[str, Node]] = [("", self.root)]
        self._floor = 1  # raw end tags do not close elements of Markdown

    @property
    def here(self) -> Node:
        """The innermost open node."""
        return self._open[-1][1]

    def add(self, child: Node | str) -> None:
        """Put *child* last in the innermost open node."""
        if isinstance(child, str) and not any(tag == "pre" for tag, _ in self._open):
            child = plain(child)
        self.here.add(child)

    @contextmanager
    def inside(self, node: Node) -> Iterator[Node]:
        """Put everything added in the context into *node*, and end open raw tags with it."""
        if node.kind in _ENDS_PARAGRAPHS:
            self._end_before({"p"})
        self.add(node)
        depth, floor = len(self._open), self._floor
        self._open.append(("", node))
        self._floor = len(self._open)
        yield node
        del self._open[depth:]
        self._floor = floor

    def raw(self, html: str) -> None:
        """Add raw HTML: start tags, end tags, or whole elements."""
        tokenizer = _Tokenizer(self)
        tokenizer.feed(html)
        tokenizer.close()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Add a raw start tag."""
        self._end_before(_CLOSED_BY.get(tag, set()))
        node = node_of(tag, attributes)
        if "hidden" not in attributes and not _UNSEEN.search(attributes.get("style", "")):
            self.here.add(node)  # a hidden element is left out with its content
        if tag not in VOID:
            self._open.append((tag, node))
            if tag == "q":
                node.add(OPEN)

    def _end_before(self, tags: Collection[str]) -> None:
        """End the innermost open elements while they are *tags*."""
        while len(self._open) > self._floor and self._open[-1][0] in tags:
            self._open.pop()

    def end(self, tag: str) -> None:
        """Add a raw end tag; one without a start tag is ignored."""
        for index in range(len(self._open) - 1, self._floor - 1, -1):
            if self._open[index][0] == tag:
                if tag == "q":
                    self._open[index][1].add(CLOSE)
                del self._open[index:]
                return


class _Tokenizer(HTMLParser):
    def __init__(self, builder: Builder) -> None:
        super().__init__(convert_charrefs=True)
        self._builder = builder

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._builder.start(tag, {name: value or "" for name, value in attrs})

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # HTML has self-closing tags only in SVG and MathML
        if tag in DROPPED:
            self._builder.end(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "br":
            self._builder.start("br", {})  # HTML 13.2.6.4.7
        self._builder.end(tag)

    def handle_data(self, data: str) -> None:
        self._builder.add(data)
