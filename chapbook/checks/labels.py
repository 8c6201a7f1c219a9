"""The words of a node where no markup is: in bookmarks, contents, descriptions and titles."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chapbook.checks.tree import Node
from chapbook.model.plain_text import raised_or_lowered

_SCRIPTS = ("sup", "sub")


def label_of(node: Node) -> str:
    """The words of *node*, raised and lowered ones as such, formulas as their TeX."""
    return _joined(_texts(node, raised_or_lowered, "alt"))


def heading_label(heading: Node) -> str:
    """As `label_of`, without the formulas: contents say those in words of their own."""
    return _joined(_texts(heading, raised_or_lowered, ""))


def printed_title(title: Node) -> str:
    """The words of *title* where markup raises and lowers them; formulas as their TeX."""
    return _joined(_texts(title, lambda words, _: words, "alt"))


def _joined(texts: Iterator[str]) -> str:
    return " ".join("".join(texts).split())


def _texts(node: Node, script: Callable[[str, str], str], formula: str) -> Iterator[str]:
    """The texts in *node*: *script* writes a raised one, *formula* is the attribute to take."""
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
