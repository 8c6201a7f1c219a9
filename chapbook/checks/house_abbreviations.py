"""The list of abbreviations as an outline tells it: pandoc's tree knows nothing of them."""

from __future__ import annotations

import re

from chapbook.checks.tree import Node
from chapbook.lang.collation import sort_key
from chapbook.reading.source_positions import without_code


def list_abbreviations(root: Node, manuscript: str, lang: str) -> None:
    """Fill the divs that ask for the list of the abbreviations that *manuscript* defines."""
    known: dict[str, str] = {}
    for line in without_code(manuscript).split("\n"):
        if found := re.match(r" {0,3}\*\[([^\]]+)\]:\s*(\S.*)", line):
            known[found[1]] = found[2].strip()
    for node in root.walk():
        is_list = "abbreviations" in node.get("classes").split() and known
        if is_list and not any(isinstance(child, Node) for child in node.children):
            node.kind, node.children = "list", []
            for short in sorted(known, key=lambda short: sort_key(short, lang)):
                node.add(Node("item", [short], attributes={"label": "term"}))
                node.add(Node("item", [known[short]], attributes={"label": "definition"}))
