"""Divs that contain headings: moves their classes and attributes to the sections in them.

A section extends from its heading to the next of the same level, whatever divs begin or end
between them. So such a div is not kept as an element. Its classes go to the sections that begin in
it. Its other attributes go to each section that it contains completely; of a section that it
contains only in part, to the heading, and to a new div around the blocks.
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
    """A block or a text, and the containers around it."""

    content: Element | str
    within: Within

    @property
    def has_text(self) -> bool:
        """Whether it is more than white space."""
        return not isinstance(self.content, str) or bool(self.content.strip())


@dataclass(slots=True)
class Stretch:
    """A section, or the whole text, still empty, with its heading and the parts to put into it."""

    node: Element
    heading: Part | None = None
    parts: list[Part | Stretch] = field(default_factory=list)

    @property
    def within(self) -> Within:
        """The containers around all of it."""
        common: Within = self.heading.within if self.heading else ()
        for part in self.parts:
            if isinstance(part, Stretch) or part.has_text:
                pairs = takewhile(_are_same, zip(common, part.within, strict=False))
                common = tuple(container for container, _ in pairs)
        return common


def _are_same(pair: tuple[Element, Element]) -> bool:
    return pair[0] is pair[1]


def flattened(node: Element, within: Within = ()) -> Iterator[Part]:
    """Yield the parts of *node*; of containers with headings, their parts one by one."""
    for part in (node.text or "", *contents(node)):
        if isinstance(part, Element) and part.tag in CONTAINERS and _holds_headings(part):
            _restore_id(part)
            yield from flattened(part, (*within, part))
        elif part != "":
            yield Part(part, within)


def _restore_id(container: Element) -> None:
    """Give a heading its id back: pandoc makes one section of a div and its only heading."""
    first = container[0]
    if container.tag == "section" and first.tag in HEADINGS and "id" not in first.attrib:
        name = container.attrib.pop("id", "")
        first.attrib |= {"id": name} if name else {}


def ended_before(stretch: Stretch, part: Part) -> bool:
    """Return whether a div around the heading and text of *stretch* ends before *part*."""
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
    """Put the parts of *stretch* into its element.

    The first *given* of its containers are already applied further up. *opened* are the containers
    around the headings above it, whose classes those sections have.
    """
    section, within = stretch.node, stretch.within
    around = stretch.heading.within if stretch.heading else ()
    for container in within[given:]:
        _move_id(section, container)
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
    """Put the heading first; the section already has the ids of its first *held* containers."""
    if stretch.heading is not None and isinstance(heading := stretch.heading.content, Element):
        stretch.node.append(heading)
        for container in stretch.heading.within:
            _move_id(heading, container)
        _describe(heading, stretch.heading.within[held:])


def _describe(node: Element, containers: Within) -> None:
    """Copy attributes of *containers* to *node*: its own come first, then those of inner ones."""
    attributes: dict[str, str] = {}
    for container in containers:
        attributes |= {
            name: value for name, value in container.attrib.items() if name not in _APART
        }
    for name, value in attributes.items():
        node.attrib.setdefault(name, value)


_APART = frozenset({"class", "id"})


def _move_id(node: Element, container: Element) -> None:
    """Move the id of *container* to *node*, the first thing in it, so that links still work."""
    name = container.attrib.pop("id", None)
    if name is None:
        return
    if "id" not in node.attrib:
        node.set("id", name)
    elif node.tag == "section":
        container.set("id", name)  # for the heading: the section has the heading's own id
    else:
        anchor = element("span", id=name)
        anchor.tail, node.text = node.text, None
        node.insert(0, anchor)


def _holds_only(container: Element, stretch: Stretch) -> bool:
    """Return whether *container* is around the heading of *stretch* and nothing else of it."""
    containers = (
        part.within for part in stretch.parts if isinstance(part, Stretch) or part.has_text
    )
    return not any(container in outer for outer in containers)


def _wrap(section: Element, parts: Sequence[Part], held: int, opened: Within) -> None:
    """Append *parts* to *section*, those of one container in a div with its attributes.

    The section already has the classes of containers that are *opened*.
    """
    for _, group in groupby(
        parts, lambda part: [id(container) for container in part.within[held:]]
    ):
        run = list(group)
        target = section
        for container in run[0].within[held:] if any(part.has_text for part in run) else ():
            attributes = dict(container.attrib)
            if container in opened:
                attributes.pop("class", None)
            if attributes:
                container.attrib.pop("id", None)
                target.append(Element("div", attributes))
                target = target[-1]
        for part in run:
            append(target, part.content)
