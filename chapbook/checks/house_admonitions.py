"""Admonitions as an outline tells them: a box's title is a paragraph of its own, before the rest.

pandoc knows divs and their attributes only; GitHub's alerts are quotes in its tree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from chapbook.checks.read_inlines import Blocks
from chapbook.checks.tree import Node

_KINDS = frozenset("note tip warning caution important".split())
_LINE_ENDS = frozenset({"SoftBreak", "LineBreak"})


def as_division(blocks: Blocks) -> Any | None:
    """What pandoc would tell of the div that a quote of *blocks* stands for; None for a quote."""
    if not blocks or blocks[0]["t"] != "Para":
        return None
    marker, *inlines = blocks[0]["c"]
    found = re.fullmatch(r"\[!(\w+)\][+-]?", marker["c"]) if marker["t"] == "Str" else None
    if found is None or found[1].lower() not in _KINDS:
        return None
    ends = [number for number, each in enumerate(inlines) if each["t"] in _LINE_ENDS]
    end = ends[0] if ends else len(inlines)
    title, rest = _stripped(inlines[:end]), inlines[end + 1 :]
    inside: list[Any] = []
    if title:
        inside.append({"t": "Header", "c": [6, ["", [], []], title]})
    if rest:
        inside.append({"t": "Para", "c": rest})
    inside += blocks[1:]
    return [["", [found[1].lower()], []], inside] if inside else None


def _stripped(inlines: Sequence[Any]) -> list[Any]:
    return [each for number, each in enumerate(inlines) if number or each["t"] != "Space"]


def entitle(root: Node, words: Mapping[str, str]) -> None:
    """Put the title of each admonition in *root* before its text."""
    for division in root.walk():
        if division.kind == "block" and (kind := kind_of(division)):
            nodes = [child for child in division.children if isinstance(child, Node)]
            said = division.get("title") or (words[kind] if nodes or division.words() else "")
            if nodes and nodes[0].kind == "heading":
                nodes[0].kind = "block"
            elif said:
                title = Node("block", [said], attributes={"paragraph": "paragraph"})
                division.children.insert(0, title)


def kind_of(division: Node) -> str | None:
    """Which admonition *division* is, if it is one."""
    names = (name.removeprefix("callout-") for name in division.get("classes").split())
    return next((name for name in names if name in _KINDS), None)
