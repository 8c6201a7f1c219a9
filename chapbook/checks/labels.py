"""Returns the words of a node without markup, for bookmarks, contents, descriptions and titles."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chapbook.checks.tree import Node
from chapbook.model.plain_text import raised_or_lowered

_SCRIPTS = ("sup", "sub")


def label_of(node: Node) -> str:
    """Return the words of *node*, with raised and lowered characters, and formulas as TeX."""
    return _joined(_texts(node, raised_or_lowered, "alt"))


def heading_label(heading: Node) -> str:
    """Return the words as `label_of`, without formulas, which contents write differently."""
    return _joined(_texts(heading, raised_or_lowered, ""))


def printed_title(title: Node) -> str:
    """Return the words of *title* as ordinary characters, with formulas as TeX."""
    return _joined(_texts(title, lambda words, _: words, "alt"))


def _joined(texts: Iterator[str]) -> str:
    return " ".join("".join(texts).split())


def _texts(node: Node, script: Callable[[str, str], str], formula: str) -> Iterator[str]:
    """Yield the texts in *node*; *script* writes raised ones, *formula* is the attribute to use."""
    for child in node.children:
        if isinstance(child, str):
            yield child
        elif child.kind == "emphasis" and child.get("kind") in _SCRIPTS:
            yield script(_joined(_texts(child, script, formula)), child.get("kind"))
        elif child.get("kind") == "math":
            yield child.get(formula, " ")
        elif child.kind not in ("dropped", "call", "back"):
            yield from _texts(child, script, formula)
    if node.kind not in ("span", "emphasis", "link"):
        yield " "
