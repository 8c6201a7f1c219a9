"""The common tree that all readers make, and the kinds of its nodes.

It is not a document model: outlines are made from it. The kinds are those of `KINDS`; any other
element is a "block", which separates words, or a "span", which does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

KINDS = frozenset(
    "root block span break heading link call back note picture figure caption table row "
    "cell pre list item quote emphasis page dropped".split()
)
"""page: at the beginning of a printed page; dropped: words that are not part of the text."""


@dataclass(slots=True)
class Node:
    """A part of a text. `attributes` depend on the kind; `ids` are targets of links."""

    kind: str
    children: list[Node | str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        """Return the attribute *name*, or *default* if it is not set."""
        return self.attributes.get(name, default)

    def add(self, child: Node | str) -> None:
        """Append *child*."""
        self.children.append(child)

    def walk(self) -> Iterator[Node]:
        """Yield this node and every node in it, in the order of the text."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def words(self) -> str:
        """Return its words, roughly: to recognize it, not to compare it."""
        return " ".join("".join(_texts(self)).split())


def _texts(node: Node) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, str):
            yield child
        elif child.kind not in ("dropped", "call", "back"):
            yield from _texts(child)
    if node.kind not in ("span", "emphasis", "link"):
        yield " "
