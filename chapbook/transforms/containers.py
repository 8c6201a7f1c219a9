"""Divs that hold headings: what their author says of them is said of the sections in them.

A heading opens a section that reaches to the next of its level, whatever divs begin or end between.
So such a div is no element of its own: its classes are those of the sections that begin in it. What
else it says is said of a section that it holds as a whole; where it holds a part, of the heading,
and of a div around the blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, takewhile
from typing import TypeAlias
from xml.etree.ElementTree import Element

from chapbook.model.dom import HEADINGS, add_class, append, classes, contents, element

CONTAINERS = frozenset({"article", "div", "section"})

Within: TypeAlias = tuple[Element, ...]
"""The containers around something, the outermost first."""


@dataclass(frozen=True, slots=True)
class Part:
    """A block or words, and the containers around it."""

    content: Element | str
    within: Within

    @property
    def says(self) -> bool:
        """Whether it is more than white space."""
        return not isinstance(self.content, str) or bool(self.content.strip())


@dataclass(slots=True)
class Stretch:
    """A section, or the whole text, still empty; its heading, and what is to stand in it."""

    node: Element
    heading: Part | None = None
    parts: list[Part | Stretch] = field(default_factory=list)

    @property
    def within(self) -> Within:
        """The containers that hold all of it."""
        common: Within = self.heading.within if self.heading else ()
        for part in self.parts:
            if isinstance(part, Stretch) or part.says:
                pairs = takewhile(_are_same, zip(common, part.within, strict=False))
                common = tuple(each for each, _ in pairs)
        return common


def _are_same(pair: tuple[Element, Element]) -> bool:
    return pair[0] is pair[1]


def flattened(node: Element, within: Within = ()) -> Iterator[Part]:
    """What stands in *node*, that of containers with headings one by one."""
    for part in (node.text or "", *contents(node)):
        if isinstance(part, Element) and part.tag in CONTAINERS and _holds_headings(part):
            _give_back_name(part)
            yield from flattened(part, (*within, part))
        elif part != "":
            yield Part(part, within)


def _give_back_name(container: Element) -> None:
    """Give a heading its name back: pandoc makes one section of a div and its only heading."""
    first = container[0]
    if container.tag == "section" and first.tag in HEADINGS and "id" not in first.attrib:
        name = container.attrib.pop("id", "")
        first.attrib |= {"id": name} if name else {}


def ended_before(stretch: Stretch, part: Part) -> bool:
    """Whether a div that holds the heading of *stretch*, and words of it, ends before *part*."""
    around = stretch.heading.within if stretch.heading else ()
    return any(
        container not in part.within and not _holds_only(container, stretch) for container in around
    )


def _holds_headings(node: Element) -> bool:
    return any(
        child.tag in HEADINGS or (child.tag in CONTAINERS and _holds_headings(child))
        for child in node
    )


def fill(stretch: Stretch, given: int = 0, opened: Within = ()) -> None:
    """Put into *stretch* what belongs there.

    Of its containers *given* are described further up; *opened* are those around the headings
    above it, whose classes those sections have.
    """
    section, within = stretch.node, stretch.within
    around = stretch.heading.within if stretch.heading else ()
    for container in within[given:]:
        _name(section, container)
    for container in around:
        if container not in opened:
            for name in classes(container):
                add_class(section, name)
    opened = (*opened, *around)
    _describe(section, within[given:])
    _set_heading(stretch, len(within))
    for is_section, group in groupby(stretch.parts, lambda part: isinstance(part, Stretch)):
        if is_section:
            for inner in group:
                if isinstance(inner, Stretch):
                    append(section, inner.node)
                    fill(inner, len(within), opened)
        else:
            _wrap(section, [part for part in group if isinstance(part, Part)], len(within), opened)


def _set_heading(stretch: Stretch, held: int) -> None:
    """Put the heading first; of its containers the section has the names of the first *held*."""
    if stretch.heading is not None and isinstance(heading := stretch.heading.content, Element):
        stretch.node.append(heading)
        for container in stretch.heading.within:
            _name(heading, container)
        _describe(heading, stretch.heading.within[held:])


def _describe(node: Element, containers: Within) -> None:
    """Say of *node* what is said of *containers*, the inner before the outer, itself before all."""
    said: dict[str, str] = {}
    for container in containers:
        said |= {name: value for name, value in container.attrib.items() if name not in _APART}
    for name, value in said.items():
        node.attrib.setdefault(name, value)


_APART = frozenset({"class", "id"})


def _name(node: Element, container: Element) -> None:
    """Let links to *container* lead to *node*, the first thing in it."""
    name = container.attrib.pop("id", None)
    if name is None:
        return
    if "id" not in node.attrib:
        node.set("id", name)
    elif node.tag == "section":
        container.set("id", name)  # for the heading, whose own name the section has
    else:
        anchor = element("span", id=name)
        anchor.tail, node.text = node.text, None
        node.insert(0, anchor)


def _holds_only(container: Element, stretch: Stretch) -> bool:
    """Whether *container* stands around the heading of *stretch* and nothing else of it."""
    within = (part.within for part in stretch.parts if isinstance(part, Stretch) or part.says)
    return not any(container in each for each in within)


def _wrap(section: Element, parts: Sequence[Part], held: int, opened: Within) -> None:
    """Append *parts* to *section*, those of one container in a div of its attributes.

    The classes of containers that are *opened* are the section's.
    """
    for _, group in groupby(parts, lambda part: [id(each) for each in part.within[held:]]):
        run = list(group)
        target = section
        for container in run[0].within[held:] if any(part.says for part in run) else ():
            attributes = dict(container.attrib)
            if container in opened:
                attributes.pop("class", None)
            if attributes:
                container.attrib.pop("id", None)
                target.append(Element("div", attributes))
                target = target[-1]
        for part in run:
            append(target, part.content)
