"""Numbers, cross-references and lists of captions, as a reader is to meet them.

Told once more, independently of `chapbook.transforms`: chapters, sections and appendices are
numbered where the author asks for it, captions and equations where something may refer to them or
a list shows them; by chapter in a book.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from urllib.parse import unquote

from chapbook.checks.house import House
from chapbook.checks.house_admonitions import kind_of
from chapbook.checks.outline import UNPRINTED
from chapbook.checks.tree import Node

_REFERRED = re.compile(r"(?:fig|tbl|eq|lst|sec)[:-].+")
_APART = {"unnumbered", "frontmatter", "backmatter", "part", "dedication", "epigraph"}


@dataclass(slots=True)
class _Level:
    """An open section: the level of its heading, its number, and how much is counted in it."""

    level: int
    number: str
    counts: Counter[str] = field(default_factory=Counter)


def number(root: Node, house: House) -> None:
    """Give sections, captions and equations their numbers, and captions their labels."""
    is_book = house.metadata.documentclass == "book"
    chapter, counts = "", Counter[tuple[str, str]]()
    levels = [_Level(0, "")]
    for node in top_level(root):
        if node.kind != "heading":
            for thing in () if node.kind == "note" else _things(node, house):
                if tag := next((each.get("tag") for each in thing.walk() if each.get("tag")), ""):
                    thing.attributes["number"] = tag.strip("()")  # its author's own
                    continue
                counts[chapter, thing.get("kind")] += 1
                own = _joined(chapter, str(counts[chapter, thing.get("kind")]))
                _label(thing, own, house)
            continue
        while levels[-1].level >= int(node.get("level")):
            levels.pop()
        opened, kind = _open(node, levels[-1])
        levels.append(opened)
        if is_book and len(levels) == 2:
            chapter = opened.number
            kind = "chapter" if kind == "section" else kind
        if opened.number and house.metadata.number_sections:
            node.attributes |= {"kind": kind, "number": opened.number}


def top_level(node: Node) -> Iterator[Node]:
    """What stands at the top; a div that holds headings is only a mark on their sections."""
    for child in node.children:
        if isinstance(child, Node):
            if holds_sections(child):
                yield from top_level(child)
            else:
                yield child


def holds_sections(node: Node) -> bool:
    """Whether *node* is a div, and no box, in which a heading opens a section."""
    if not node.get("container") or kind_of(node):
        return False
    nodes = (child for child in node.children if isinstance(child, Node))
    return any(child.kind == "heading" or holds_sections(child) for child in nodes)


def name_sections(root: Node, _: House) -> None:
    """Give the names of divs that begin with a heading to that heading."""
    for node in reversed(list(root.walk())):
        first = next(
            (each for each in node.children if isinstance(each, Node) or each.strip()), None
        )
        if isinstance(first, Node) and holds_sections(node) and node.ids:
            inner = first
            while holds_sections(inner):
                inner = next(each for each in inner.children if isinstance(each, Node))
            if inner.kind == "heading":
                inner.ids += node.ids
                node.ids = []


def class_sections(root: Node, _: House) -> None:
    """A div's classes are those of the outermost sections that begin in it."""
    levels: list[tuple[int, tuple[Node, ...]]] = []
    for heading, around in _with_containers(root, ()):
        if heading.kind != "heading":
            continue
        level = int(heading.get("level"))
        while levels and levels[-1][0] >= level:
            levels.pop()
        above = [id(each) for _, containers in levels for each in containers]
        names = [each.get("classes") for each in around if id(each) not in above]
        heading.attributes["classes"] = " ".join([heading.get("classes"), *names]).strip()
        levels.append((level, around))


def _with_containers(
    node: Node, around: tuple[Node, ...]
) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """What stands at the top, each with the divs around it."""
    for child in node.children:
        if isinstance(child, Node) and child.kind != "note":
            if holds_sections(child):
                yield from _with_containers(child, (*around, child))
            else:
                yield child, around


def _open(heading: Node, parent: _Level) -> tuple[_Level, str]:
    names, level = _names(heading), int(heading.get("level"))
    if "appendix" in names:
        parent.counts["appendix"] += 1
        letter = chr(ord("A") + parent.counts["appendix"] - 1)
        return _Level(level, _joined(parent.number, letter)), "appendix"
    if names & _APART or (parent.level and not parent.number):
        return _Level(level, ""), "section"
    parent.counts["section"] += 1
    return _Level(level, _joined(parent.number, str(parent.counts["section"]))), "section"


def _joined(above: str, own: str) -> str:
    return f"{above}.{own}" if above else own


def _things(node: Node, house: House) -> Iterator[Node]:
    """What bears a number in *node*, each with its kind; of figures in figures the outer."""
    kind = _kind(node)
    is_referred = any(map(_REFERRED.fullmatch, node.ids))
    may = kind == "equation" or (kind and _caption(node) and not _is_exempt(node))
    has_tag = kind == "equation" and any(each.get("tag") for each in node.walk())
    if may and (is_referred or has_tag or kind in house.metadata.lists):
        node.attributes["kind"] = kind
        yield node
        return
    for child in node.children:
        if isinstance(child, Node):
            yield from _things(child, house)


def _is_exempt(node: Node) -> bool:
    pictures = (each for each in node.walk() if each.kind == "picture")
    return any("unnumbered" in _names(each) for each in (node, *pictures))


def _names(node: Node) -> set[str]:
    return set(node.get("classes").split())


def _kind(node: Node) -> str:
    if node.kind == "figure":
        inner = {(each.kind, each.get("kind")) for each in node.walk()}
        is_listing = ("pre", "") in inner and ("picture", "image") not in inner
        return "listing" if is_listing else "figure"
    is_equation = node.kind == "block" and "equation" in _names(node)
    return "equation" if is_equation else "table" if node.kind == "table" else ""


def _caption(node: Node) -> Node | None:
    captions = (each for each in node.children if isinstance(each, Node) and each.kind == "caption")
    return next(captions, None)


def _label(thing: Node, own: str, house: House) -> None:
    thing.attributes["number"] = own
    caption = _caption(thing)
    if caption is None:
        thing.add(f" ({own})")
    else:
        caption.children.insert(0, f"{house.words[thing.get('kind')]} {own} ")
    for panel in thing.children:
        if isinstance(panel, Node) and panel.get("letter"):
            panel.attributes |= {"kind": thing.get("kind"), "number": own + panel.get("letter")}


# References ------------------------------------------------------------------------------------


def refer(root: Node, house: House) -> None:
    """Let references say the name, the number and the page of what they lead to."""
    named: dict[str, Node] = {}
    for node in root.walk():
        for name in node.ids:
            named.setdefault(_spelled(name), node)
    for parent in list(root.walk()):
        for link in [each for each in parent.children if isinstance(each, Node)]:
            if link.kind == "link" and link.get("target").startswith("#"):
                _refer(parent, link, named, house)


def _spelled(name: str) -> str:
    return re.sub(r"^(\w+):", r"\1-", name)


def _refer(parent: Node, link: Node, named: dict[str, Node], house: House) -> None:
    name = unquote(link.get("target")[1:])
    is_bare = not link.children and (link.get("on-page") or _REFERRED.fullmatch(name))
    target = named.get(_spelled(name))
    if link.get("xref") or is_bare:
        said = _said(target, link.get("xref"), house) if target else ""
        if not said:
            link.kind, link.children = "span", [name]
            return
        link.children = [said]
    if target is None:
        return
    link.attributes["target"] = f"#{target.ids[0]}"
    if link.get("on-page"):
        before, _, after = house.words["on-page"].partition("{page}")
        page = Node("link", attributes={"target": link.get("target"), "page": UNPRINTED})
        index = parent.children.index(link) + 1
        parent.children[index:index] = [f" {before}", page, after]


def _said(target: Node, mode: str, house: House) -> str:
    own = target.get("number")
    if own:
        return own if mode == "number" else f"{house.words[target.get('kind')]} {own}"
    return target.words() if target.kind == "heading" else ""


def show_numbers(root: Node, _: House) -> None:
    """Headings begin with their numbers."""
    for node in root.walk():
        if node.kind == "heading" and node.get("number"):
            node.children.insert(0, f"{node.get('number')} ")


# Lists -----------------------------------------------------------------------------------------


def list_captions(root: Node, house: House) -> None:
    """Before all sections stand the lists that the author asks for."""
    made: list[Node | str] = []
    for kind in house.metadata.lists:
        numbered = (node for node in root.walk() if node.get("kind") == kind and node.get("number"))
        listed = [node for node in numbered if not node.get("letter")]
        if listed:
            title = house.words[f"list-of-{kind}s"]
            told = {"level": "1", "depth": "1"}
            made += [Node("heading", [title], [f"list-of-{kind}s"], told), *map(_entry, listed)]
    at = next((n for n, child in enumerate(root.children) if _opens_section(child)), None)
    if at is None:
        at = len([child for child in root.children if not _is_note(child)])
    root.children[at:at] = made


def _opens_section(child: Node | str) -> bool:
    return isinstance(child, Node) and (child.kind == "heading" or holds_sections(child))


def _is_note(child: Node | str) -> bool:
    return isinstance(child, Node) and child.kind == "note"


def _entry(thing: Node) -> Node:
    if not thing.ids:
        thing.ids.append(f"{thing.get('kind')}-{thing.get('number').replace('.', '-')}")
    address = f"#{thing.ids[0]}"
    link = Node("link", attributes={"target": address})
    words = deepcopy(_caption(thing) or Node("caption"))
    for node in words.walk():
        node.ids = []
        node.kind = {"call": "dropped", "link": "span", "block": "span"}.get(node.kind, node.kind)
    link.children = words.children
    page = Node("link", attributes={"target": address, "page": UNPRINTED})
    return Node("block", [link, " ", page])
