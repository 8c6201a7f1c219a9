"""Headings and the sections they open."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from chapbook.document import Document
from chapbook.dom import (
    HEADINGS,
    append,
    classes,
    contents,
    element,
    is_note_call,
    text_of,
    unwrap,
    walk,
)
from chapbook.metadata import Metadata


def drop_title_heading(document: Document) -> Document:
    """Take the first heading out where it says the title, which templates set."""
    for parent, node in list(walk(document.body)):
        if node.tag in HEADINGS:
            if node.tag == "h1" and repeats_title(text_of(node), document.metadata):
                _take_out(document.body, parent, node)
            break
    return document


def repeats_title(heading: str, metadata: Metadata) -> bool:
    """Whether *heading* says the title, or title and subtitle, whatever joins them."""
    titles = {metadata.title, f"{metadata.title} {metadata.subtitle}"}
    return _letters(heading) in {_letters(title) for title in titles}


def _letters(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", text).casefold().split())


def _take_out(body: Element, parent: Element, heading: Element) -> None:
    """Remove the title's heading; a link to it leads to the whole text from now on."""
    anchor = heading.get("id") or (parent.get("id") if parent.tag == "section" else None)
    if anchor:
        body.set("id", anchor)
    index = list(parent).index(heading)
    if heading.tail and heading.tail.strip():
        before = parent[index - 1] if index else None
        if before is None:
            parent.text = (parent.text or "") + heading.tail
        else:
            before.tail = (before.tail or "") + heading.tail
    parent.remove(heading)
    calls = [node for node in heading.iter() if is_note_call(node)]
    if calls:
        _call_from_text(body, calls)


def _call_from_text(body: Element, calls: list[Element]) -> None:
    """Call the title's notes at the end of the first paragraph: what sets titles has no notes."""
    of_notes = {
        node
        for section in body.iter("section")
        if "footnotes" in classes(section)
        for node in section.iter("p")
    }
    first = next((node for node in body.iter("p") if node not in of_notes), None)
    if first is None:
        first = element("p")
        body.insert(0, first)
    for call in calls:
        call.tail = None
        first.append(call)


def nest_sections(document: Document) -> Document:
    """Make sections anew from the headings that stand at the top, one level at a time.

    Authors skip levels, and raw HTML has headings that pandoc does not see; afterwards every
    section is one level below its parent: `data-depth` 1, 2, 3 …, its heading `h2`, `h3` … since
    the title is the `h1`. Headings inside quotes, lists and divs are set one level below the
    section they stand in.
    """
    body = document.body
    for section in list(body.iter("section")):
        _lift_attributes(section)
    # From the end, so that what is unwrapped stands in parents that still stand in the tree. Those
    # in divs go too: their headings open no section.
    for parent, node in reversed(list(walk(body))):
        if node.tag == "section" and "data-heading" in node.attrib:
            unwrap(parent, node)
    flat: list[Element | str] = contents(body)
    for child in list(body):
        body.remove(child)
    open_sections: list[tuple[int, Element]] = [(0, body)]
    for part in flat:
        if isinstance(part, Element) and part.tag in HEADINGS:
            level = int(part.tag[1])
            while open_sections[-1][0] >= level:
                open_sections.pop()
            section = _open_section(part, depth=len(open_sections))
            open_sections[-1][1].append(section)
            open_sections.append((level, section))
        else:
            append(open_sections[-1][1], part)
    _level_inner_headings(body, 1)
    return document


def _lift_attributes(section: Element) -> None:
    """Give a section's id and classes to the heading that opens it."""
    heading = next(iter(section), None)
    if heading is None or heading.tag not in HEADINGS:
        if section.get("id") != "footnotes":
            section.set("data-heading", "")  # its heading was the title's and is gone
        return
    section.set("data-heading", "")
    if "id" in section.attrib and "id" not in heading.attrib:
        heading.set("id", section.attrib["id"])
    names = [
        name for name in section.get("class", "").split() if not re.fullmatch(r"level\d", name)
    ]
    if names:
        heading.set("class", " ".join(names))


def _open_section(heading: Element, depth: int) -> Element:
    """A section that takes its heading's id, classes and language."""
    section = Element("section")
    for name in ("id", "class", "lang", "dir"):
        if name in heading.attrib:
            section.set(name, heading.attrib.pop(name))
    section.set("data-depth", str(depth))
    heading.tag = f"h{min(depth + 1, 6)}"
    heading.tail = None
    section.append(heading)
    return section


def _level_inner_headings(node: Element, depth: int) -> None:
    for index, child in enumerate(node):
        opens_section = node.tag == "section" and index == 0
        if child.tag in HEADINGS and not opens_section:
            child.tag = f"h{min(depth + 1, 6)}"
        _level_inner_headings(child, depth + 1 if child.tag == "section" else depth)
