"""The common tree that all readers make of what they read, and its nodes' kinds.

It is no document model: only what an outline is taken from. The kinds are those of `KINDS`;
whatever else a reader meets is a "block" (it parts words) or a "span" (it does not).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

KINDS = frozenset(
    "root block span break heading link call back note picture figure caption table row "
    "cell pre list item quote emphasis page dropped".split()
)
"""page: the first thing on a new printed page; dropped: words that are no part of the text."""


@dataclass(slots=True)
class Node:
    """A part of a text. `attributes` depend on the kind; `ids` are the names that links lead to."""

    kind: str
    children: list[Node | str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        """The attribute *name*, or *default* where it is not set."""
        return self.attributes.get(name, default)

    def add(self, child: Node | str) -> None:
        """Put *child* last."""
        self.children.append(child)

    def walk(self) -> Iterator[Node]:
        """This node and every node in it, in the order of the text."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.walk()

    def words(self) -> str:
        """The words in it, roughly: for telling what something is, not for comparing."""
        return " ".join("".join(_texts(self)).split())


def _texts(node: Node) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, str):
            yield child
        elif child.kind not in ("dropped", "call", "back"):
            yield from _texts(child)
    if node.kind not in ("span", "emphasis", "link"):
        yield " "
