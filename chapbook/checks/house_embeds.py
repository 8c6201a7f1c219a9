"""The house's rule for films, sounds and frames, in the terms of the outline: they are links.

A link's words are the title, or those for readers who cannot play it, unless the caption says them,
or the address.
"""

from __future__ import annotations

from chapbook.checks.house import House
from chapbook.checks.tree import Node

_HOLDERS = frozenset("root block quote figure".split())


def link_embeds(root: Node, _: House) -> None:
    """Make links of all that plays in no book."""
    for parent in list(root.walk()):
        caption = _caption(parent)
        for index, child in enumerate(parent.children):
            if isinstance(child, Node) and "embeds" in child.attributes:
                _link(child, caption)
                if parent.kind in _HOLDERS and not parent.get("paragraph"):
                    parent.children[index] = Node("block", [child])


def _caption(figure: Node) -> str:
    captions = [
        each for each in figure.children if isinstance(each, Node) and each.kind == "caption"
    ]
    return captions[0].words() if figure.kind == "figure" and captions else ""


def _link(embed: Node, caption: str) -> None:
    sources = (node.get("src") for node in embed.walk() if node.get("src"))
    address = (embed.get("embeds") or next(sources, "")).strip()
    address = f"https:{address}" if address.startswith("//") else address
    words = "" if embed.get("tag") == "iframe" else embed.words()
    said = embed.get("title").strip() or (words if words != caption else "") or address
    embed.kind, embed.children = "link", [said]
    embed.attributes = {"target": address}
