"""Blocks as an outline tells them where pandoc's tree tells them otherwise: verse, asterisms."""

from __future__ import annotations

from chapbook.checks.house import House
from chapbook.checks.tree import Node


def part_verse(root: Node, _: House) -> None:
    """A line of verse is a block, as it is in a line block."""
    verses = [node for node in root.walk() if "verse" in node.get("classes").split()]
    blocks = [child for verse in verses for child in verse.children if isinstance(child, Node)]
    for node in (*verses, *(block for block in blocks if block.kind == "block")):
        if any(isinstance(child, Node) and child.kind == "break" for child in node.children):
            node.attributes.pop("paragraph", None)
            node.children = _lines(node.children)


def _lines(children: list[Node | str]) -> list[Node | str]:
    """*children* with a block for each line of them; what is a block stays one."""
    lines: list[Node | str] = []
    begins = True
    for child in children:
        kind = child.kind if isinstance(child, Node) else "span"
        if kind == "block":
            lines.append(child)
        elif kind != "break":
            if begins:
                lines.append(Node("block"))
            last = lines[-1]
            if isinstance(last, Node):
                last.add(child)
        begins = kind in ("block", "break")
    return lines


def drop_asterisms(root: Node, _: House) -> None:
    """A paragraph of an asterism alone is a thematic break, which has no words."""
    for node in root.walk():
        if node.get("paragraph") and node.words() == "⁂" and len(node.children) == 1:
            node.children = []
