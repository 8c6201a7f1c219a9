"""Citations and references, as a reader is to meet them: each leads to the other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chapbook.checks.house import House
from chapbook.checks.outline import UNPRINTED
from chapbook.checks.tree import Node

_INLINE = frozenset({"span", "link", "emphasis"})


def cite(root: Node, house: House) -> None:
    """Let entries tell where they are cited first in each paragraph, and stand below a heading."""
    entries = {
        node.ids[0]: node
        for node in root.walk()
        if node.ids and "csl-entry" in node.get("classes").split()
    }
    pages: dict[str, list[str]] = {}
    seen: set[tuple[int, str]] = set()
    for block, link in _links(root, root):
        name = link.get("target")[1:]
        if name not in entries:
            if name.startswith("ref-"):
                link.kind = "span"  # pandoc's, to a work that no bibliography has
            continue
        if (id(block), name) not in seen and not link.ids:
            seen.add((id(block), name))
            links = pages.setdefault(name, [])
            key = re.sub(r"[^\w.-]", "-", name.removeprefix("ref-"))
            link.ids.append(f"cite-{key}-{len(links) + 1}")
            links.append(f"#{link.ids[0]}")
    for name, links in pages.items():
        _end(entries[name], links, house.words["list-separator"])
    _head(root, house)


def _links(node: Node, block: Node) -> Iterator[tuple[Node, Node]]:
    """The links into the text, each with the block in which it stands."""
    for child in node.children:
        if isinstance(child, Node):
            within = block if child.kind in _INLINE else child
            if child.kind == "link" and child.get("target").startswith("#"):
                yield within, child
            yield from _links(child, within)


def _end(entry: Node, links: list[str], comma: str) -> None:
    last = entry
    while isinstance(last.children[-1], Node) and last.children[-1].kind == "block":
        last = last.children[-1]
    pages = Node("span", [" ↑ "])
    for number, target in enumerate(links):
        link = Node("link", attributes={"target": target, "page": UNPRINTED})
        pages.add(Node("span", [comma if number else "", link], attributes={"locator": "1"}))
    last.add(pages)


def _head(root: Node, house: House) -> None:
    """References at the end, without their author's heading, have one of the house."""
    holder = root
    while True:
        parts = [part for part in holder.children if not _is_nothing(part)]
        last = parts[-1] if parts else None
        if not isinstance(last, Node):
            return
        if "references" in last.get("classes").split() and last.ids == ["refs"]:
            break
        holder = last
    before = parts[-2] if len(parts) > 1 else None
    if isinstance(before, Node) and before.kind == "heading":
        return
    holder.children.remove(last)
    told = {"level": "1", "classes": "unnumbered"}
    heading = Node("heading", [house.words["references"]], ["references"], told)
    notes = [child for child in root.children if isinstance(child, Node) and child.kind == "note"]
    root.children = [child for child in root.children if child not in notes]
    root.children += [heading, last, *notes]


def _is_nothing(part: Node | str) -> bool:
    return not part.strip() if isinstance(part, str) else part.kind == "note"
