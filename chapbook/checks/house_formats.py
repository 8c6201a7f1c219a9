"""Passages for some formats only: what a file of one format is not expected to say."""

from __future__ import annotations

from chapbook.checks.tree import Node


def drop_others(root: Node, family: str) -> None:
    """Take out of *root* what the formats of *family* do not show, and the notes without a call."""
    if not any(node.get("formats") for node in root.walk()):
        return
    before = _names(root)
    for parent in list(root.walk()):
        parent.children = [
            child for child in parent.children if isinstance(child, str) or _is_shown(child, family)
        ]
    called = {node.get("target") for node in root.walk() if node.kind == "call"}
    root.children = [
        child
        for child in root.children
        if isinstance(child, str)
        or child.kind != "note"
        or not called.isdisjoint(f"#{name}" for name in child.ids)
    ]
    gone = {f"#{name}" for name in before - _names(root)}
    for node in root.walk():
        if node.kind == "link" and node.get("target") in gone:
            node.kind = "span"


def _is_shown(node: Node, family: str) -> bool:
    return family in node.get("formats", family).split()


def _names(root: Node) -> set[str]:
    return {name for node in root.walk() for name in node.ids}
