"""The parts of a book in the printed tree: the pages before the text, and the text.

The front matter of a book (half title, title, imprint, dedication, epigraph, contents, prefaces)
has roman folios; page 1 is the first page of the text. Authors mark a section
(`# Preface {.frontmatter}`) or a div (`::: dedication`) as front matter with a class. The template
`print.html` adds everything outside the element of the text.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from chapbook.design.template_context import Entry, View
from chapbook.model import vocabulary
from chapbook.model.dom import add_class, classes, contents, element

FRONT_SECTIONS = frozenset({"frontmatter", "dedication", "epigraph"})
FRONT_PAGES = frozenset({"dedication", "epigraph"})  # each on its own page, before the contents
FEW_HEADINGS = 3
"""A chapbook with no more headings than these needs no contents."""


def arrange(text: Element, view: View, layout: str) -> None:
    """Put the parts of *text* in order, and mark where the body matter begins."""
    if layout == "article":
        return
    parts = contents(text)
    for part in parts:
        if isinstance(part, Element):
            text.remove(part)
    front, rest = _split_front(parts)
    pages = [part for part in front if FRONT_PAGES & set(classes(part))]
    prefaces = [part for part in front if part not in pages]
    if _headings(view.contents) > FEW_HEADINGS:
        front_ids = frozenset(part.get("id", "") for part in front)
        prefaces.insert(0, _contents(view, front_ids))
    for page in pages:
        add_class(page, vocabulary.FRONT_PAGE)
    text.extend([*pages, *prefaces])
    for part in _body_matter(rest, is_book=layout == "book"):
        text.append(part)


def _split_front(parts: list[Element | str]) -> tuple[list[Element], list[Element | str]]:
    """Return the front matter at the beginning of *parts*, and the rest."""
    front: list[Element] = []
    for number, part in enumerate(parts):
        if isinstance(part, str) and not part.strip():
            continue
        if isinstance(part, str) or not FRONT_SECTIONS & set(classes(part)):
            return front, parts[number:]
        front.append(part)
    return front, []


def _body_matter(parts: list[Element | str], *, is_book: bool) -> Iterable[Element]:
    """Yield the elements of the text. The first one is marked: page 1 begins with it.

    Each chapter of a book begins a page; the sections of a chapbook do not.
    """
    opening: list[Element | str] = []
    while parts and not (is_book and isinstance(parts[0], Element) and parts[0].tag == "section"):
        opening.append(parts.pop(0))
    if any(isinstance(part, Element) or part.strip() for part in opening):
        yield element("div", *opening, class_=vocabulary.BODY_MATTER)
    elif parts and isinstance(parts[0], Element):
        add_class(parts[0], vocabulary.BODY_MATTER)
    yield from (part for part in parts if isinstance(part, Element))


def _headings(entries: tuple[Entry, ...]) -> int:
    return sum(1 + _headings(entry.entries) for entry in entries)


def _contents(view: View, front: frozenset[str]) -> Element:
    """Return the table of contents. The stylesheet adds the page numbers."""
    toc = _entries(view.contents, front)
    toc.insert(0, element("caption", view.words["contents"]))
    toc.set("class", vocabulary.CONTENTS)
    toc.set("data-furniture", "")
    return toc


def _entries(entries: tuple[Entry, ...], front: frozenset[str]) -> Element:
    toc = element("toc")
    for entry in entries:
        kind = vocabulary.CONTENTS_LINK
        if entry.id in front:
            kind += f" {vocabulary.IN_FRONT}"
        link = element("a", entry.label, class_=kind, href=f"#{entry.id}")
        link.set("data-target", f"#{entry.id}")  # for page numbers: print files have no links
        item = element("toci", element("reference", link))
        if entry.entries:
            item.append(_entries(entry.entries, _ids(entry) if entry.id in front else frozenset()))
        toc.append(item)
    return toc


def _ids(entry: Entry) -> frozenset[str]:
    return frozenset(child.id for child in entry.entries)
