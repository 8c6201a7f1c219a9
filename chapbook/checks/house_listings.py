"""Listings as a reader meets them: a file's name and a caption stand above the code."""

from __future__ import annotations

from chapbook.checks.tree import Node


def frame_listings(root: Node, _: object) -> None:
    """Make a figure of every listing that has a name or a caption."""
    for parent in list(root.walk()):
        if parent.kind != "figure":
            parent.children = [_framed(child) for child in parent.children]


def _framed(child: Node | str) -> Node | str:
    if isinstance(child, str) or child.kind != "pre":
        return child
    name = child.get("filename").strip()
    words = child.get("caption").strip() or child.get("lst-cap").strip()
    if not name and not words:
        return child
    caption = Node("caption")
    if name:
        caption.add(Node("emphasis", [name], attributes={"kind": "code"}))
    caption.add(f" {words}" if name else words)
    framed = Node("figure", [caption, child], child.ids)
    child.ids = []
    return framed
