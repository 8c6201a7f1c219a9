"""Makes nested sections of headings, and removes a heading that repeats the title."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.document import Document
from chapbook.model.dom import HEADINGS, classes, element, is_note_call, text_of, walk
from chapbook.model.metadata import Metadata
from chapbook.transforms.containers import Part, Stretch, ended_before, fill, flattened


def drop_title_heading(document: Document) -> Document:
    """Remove the first heading if it repeats the title, which the templates set."""
    for parent, node in list(walk(document.body)):
        if node.tag in HEADINGS:
            if node.tag == "h1" and repeats_title(text_of(node), document.metadata):
                _take_out(document.body, parent, node)
            break
    return document


def repeats_title(heading: str, metadata: Metadata) -> bool:
    """Return whether *heading* is the title, or title and subtitle, however joined."""
    titles = {metadata.title, f"{metadata.title} {metadata.subtitle}"}
    return _letters(heading) in {_letters(title) for title in titles}


def _letters(text: str) -> str:
    return " ".join(re.sub(r"[^\w]+", " ", text).casefold().split())


def _take_out(body: Element, parent: Element, heading: Element) -> None:
    """Remove the title's heading; links to it then lead to the whole text."""
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
    """Move the note calls of the title to the first paragraph, since templates set no notes."""
    of_notes = {
        node
        for section in body.iter("section")
        if vocabulary.FOOTNOTES in classes(section)
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
    """Make nested sections of the headings, also of those in divs.

    Authors skip levels, and raw HTML has headings that pandoc does not see. In the result every
    section is one level below its parent: `data-depth` is 1, 2, 3 …, and its heading `h2`, `h3` …,
    since the title is the `h1`. A div with headings is not kept, but marks the sections in it:
    `chapbook.transforms.containers`. Headings in quotes, lists, boxes and the like make no section;
    they are one level below the section around them.
    """
    body = document.body
    flat = list(flattened(body))
    body.text = None
    for child in list(body):
        body.remove(child)
    whole = Stretch(body)
    open_sections: list[tuple[int, Stretch]] = [(0, whole)]
    for index, part in enumerate(flat):
        content = part.content
        if isinstance(content, Element) and content.tag in HEADINGS:
            level = int(content.tag[1])
            while open_sections[-1][0] >= level:
                open_sections.pop()
            section = _open_section(content, depth=len(open_sections))
            stretch = Stretch(section, part)
            open_sections[-1][1].parts.append(stretch)
            open_sections.append((level, stretch))
            continue
        while part.has_text and len(open_sections) > 2 and _is_over(open_sections[-1], flat, index):
            open_sections.pop()
        open_sections[-1][1].parts.append(part)
    fill(whole)
    _level_inner_headings(body, 1)
    return document


def _is_over(section: tuple[int, Stretch], flat: list[Part], index: int) -> bool:
    """Return whether *section* ends with its div, before the block at *index*.

    A chapter extends to the next one: there are no words between chapters.
    """
    level, stretch = section
    if not ended_before(stretch, flat[index]):
        return False
    following = (part.content for part in flat[index:])
    for block in (content for content in following if isinstance(content, Element)):
        if block.tag in HEADINGS:
            return int(block.tag[1]) <= level
        if any(inner.tag in HEADINGS for inner in block.iter()):
            return False  # it is one level below the heading before it
    return True


def _open_section(heading: Element, depth: int) -> Element:
    """Return a section with its heading's id, classes and language."""
    section = Element("section")
    for name in ("id", "class", "lang", "dir"):
        if name in heading.attrib:
            section.set(name, heading.attrib.pop(name))
    section.set("data-depth", str(depth))
    heading.tag = f"h{min(depth + 1, 6)}"
    heading.tail = None
    return section


def _level_inner_headings(node: Element, depth: int) -> None:
    for index, child in enumerate(node):
        opens_section = node.tag == "section" and index == 0
        if child.tag in HEADINGS and not opens_section:
            child.tag = f"h{min(depth + 1, 6)}"
        _level_inner_headings(child, depth + 1 if child.tag == "section" else depth)
