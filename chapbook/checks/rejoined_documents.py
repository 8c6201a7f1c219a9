"""An EPUB's documents put together again where one goes on with what another began.

A long table, list or listing may run over several documents; the part that goes on bears the class
`continued`. A reader goes on reading: it is one table.
"""

from __future__ import annotations

from collections.abc import Iterable

from chapbook.checks.tree import Node

CONTINUED = "continued"
"""The attribute of a node that goes on with the last one of its kind in the document before."""


def rejoined(pages: Iterable[Node]) -> list[Node]:
    """*pages* without those that only go on with what the one before began.

    Each is a document's body, the text its first part, the notes its second.
    """
    whole: list[Node] = []
    for page in pages:
        text, *others = _nodes(page) or [page]
        begun = next(iter(_nodes(text)), None)
        if not whole or begun is None or not begun.get(CONTINUED):
            whole.append(page)
            continue
        _join(_nodes(_nodes(whole[-1])[0])[-1], begun)
        whole[-1].children += others
    return whole


def _join(before: Node, begun: Node) -> None:
    """Put what is in *begun* at the end of *before*, and so on within them."""
    first = next(iter(_nodes(begun)), None)
    if first is not None and first.get(CONTINUED):
        _join(_nodes(before)[-1], first)
        begun.children.remove(first)
    before.children += begun.children
    if "text" in begun.attributes:
        before.attributes["text"] = before.get("text") + begun.get("text")


def _nodes(parent: Node) -> list[Node]:
    return [child for child in parent.children if isinstance(child, Node)]
