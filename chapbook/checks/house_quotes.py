"""Quotation marks in the expected outline: those of the language in which they stand."""

from __future__ import annotations

from chapbook.checks.tree import Node
from chapbook.lang.quotation_marks import marked


def mark_quotes(node: Node, lang: str) -> None:
    """Set the marks in *node*, which stands in words in the language *lang*."""
    lang = node.get("lang") or lang
    for name in ("alt", "title", "text"):
        if name in node.attributes:
            node.attributes[name] = marked(node.attributes[name], lang)
    for index, child in enumerate(node.children):
        if isinstance(child, str):
            node.children[index] = marked(child, lang)
        else:
            mark_quotes(child, lang)
