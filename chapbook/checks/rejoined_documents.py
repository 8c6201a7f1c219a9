"""Joins the documents of an EPUB again if one continues an element of the one before.

A long table, list or listing may be in several documents. The later parts have the class
`continued`. For a reader it is one table.
"""

from __future__ import annotations

from collections.abc import Iterable

from chapbook.checks.tree import Node

CONTINUED = "continued"
"""The attribute of a node that continues the last one of its kind in the document before."""


def rejoined(pages: Iterable[Node]) -> list[Node]:
    """Return *pages*, with those that continue the one before joined to it.

    Each is the body of a document; the text is its first part, the notes its second.
    """
    joined: list[Node] = []
    for page in pages:
        text, *others = _nodes(page) or [page]
        begun = next(iter(_nodes(text)), None)
        if not joined or begun is None or not begun.get(CONTINUED):
            joined.append(page)
            continue
        _join(_nodes(_nodes(joined[-1])[0])[-1], begun)
        joined[-1].children += others
    return joined


def _join(before: Node, begun: Node) -> None:
    """Append the content of *begun* to *before*, and join their inner parts in the same way."""
    first = next(iter(_nodes(begun)), None)
    if first is not None and first.get(CONTINUED):
        _join(_nodes(before)[-1], first)
        begun.children.remove(first)
    before.children += begun.children
    if "text" in begun.attributes:
        before.attributes["text"] = before.get("text") + begun.get("text")


def _nodes(parent: Node) -> list[Node]:
    return [child for child in parent.children if isinstance(child, Node)]
