"""Adapts the tree to a web page: embedded images, links to headings, and frames that scroll."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace as with_changes
from xml.etree.ElementTree import Element

from chapbook.design.template_context import View, heading_text, shortened, within
from chapbook.images.rasters import for_browsers
from chapbook.layout.formula_drawings import tex_of
from chapbook.model import vocabulary
from chapbook.model.document import Asset, Note
from chapbook.model.dom import append, classes, element, replace, text_of
from chapbook.model.plain_text import plain_text
from chapbook.transforms.tables import narrowest

LONGEST_LINE_IN_VIEW = 30  # characters of TeX that a screen of 320 px shows
NARROWEST_SCREEN = 28  # characters of a table on the same screen: if it fits, it never scrolls
LONGEST_LABEL = 80  # characters of a caption that a screen reader reads before a table
FURNITURE = {"data-furniture": ""}
"""Marks everything that is not the author's text; checks of the page skip it."""


def for_the_web(view: View, assets: Mapping[str, Asset]) -> View:
    """Return *view* with new trees, with embedded images and links back from notes."""
    body = deepcopy(view.body)
    notes = tuple(Note(note.number, deepcopy(note.body)) for note in view.notes)
    frames = _Frames(view.words)
    for tree in (body, *(note.body for note in notes)):
        for image in tree.iter("img"):
            if asset := assets.get(image.get("src", "")):
                image.set("src", data_address(*for_browsers(asset)))
            if not image.get("alt"):
                image.attrib.pop("role", None)  # HTML 4.8.3: an empty `alt` is enough
        _label_calls(tree, view.words)
        frames.add_to(tree)
    for note in notes:
        append(_last_paragraph(note.body), _backlink(note, view.words))
    _add_permalinks(body, view.words)
    return with_changes(view, body=body, notes=notes)


def data_address(content: bytes, media_type: str) -> str:
    """Return *content* as a data URL (RFC 2397)."""
    return f"data:{media_type};base64,{b64encode(content).decode()}"


def _label_calls(tree: Element, words: Mapping[str, str]) -> None:
    for call in tree.iter("a"):
        if vocabulary.NOTEREF in classes(call):
            call.set("role", "doc-noteref")
            call.set("aria-label", f"{words['note']} {text_of(call)}")


def _last_paragraph(body: Element) -> Element:
    """Return the element that takes a note's backlink: its last paragraph, or the whole note."""
    last = body[-1] if len(body) else body
    return last if last.tag == "p" else body


def _backlink(note: Note, words: Mapping[str, str]) -> Element:
    return element(
        "a",
        "↑",
        class_=vocabulary.BACKLINK,
        href=f"#{note.ref_id}",
        role="doc-backlink",
        aria_label=f"{words['back-to-text']}, {words['note']} {note.number}",
        **FURNITURE,
    )


def _add_permalinks(body: Element, words: Mapping[str, str]) -> None:
    """Put a link to each section after its heading, not into it."""
    for section in body.iter("section"):
        if len(section) and (name := section.get("id")):
            heading = section[0]
            link = element(
                "a",
                class_=vocabulary.PERMALINK,
                href=f"#{name}",
                aria_label=f"{words['link-to-section']}: {heading_text(heading)}",
                **FURNITURE,
            )
            link.tail, heading.tail = heading.tail, None
            section.insert(1, link)


class _Frames:
    """Puts wide tables and formulas into frames that can be scrolled, also by keyboard."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words
        self._counts: dict[str, int] = {}

    def add_to(self, node: Element) -> None:
        for child in list(node):
            if child.tag == "table":
                self._frame_table(node, child)
            elif child.tag == "math" and child.get("display") == "block":
                self._frame_formula(node, child)
            else:
                self.add_to(child)

    def _frame_table(self, parent: Element, table: Element) -> None:
        caption = table.find("caption")
        frame = _frame("div", parent, table, vocabulary.OF_TABLE)
        if narrowest(table) > NARROWEST_SCREEN:
            self._open_to_keyboards(
                frame, "table", plain_text(caption) if caption is not None else ""
            )

    def _frame_formula(self, parent: Element, formula: Element) -> None:
        frame = _frame("span", parent, formula, vocabulary.OF_FORMULA)
        if len(tex_of(formula)) > LONGEST_LINE_IN_VIEW:
            self._open_to_keyboards(frame, "formula")

    def _open_to_keyboards(self, frame: Element, kind: str, caption: str = "") -> None:
        number = self._counts[kind] = self._counts.get(kind, 0) + 1
        label = f"{self._words[kind]} {number}"
        if caption.startswith(self._words[kind]):  # the caption has its number already
            label = shortened(caption, within(LONGEST_LABEL))
        elif caption:
            label += f": {shortened(caption, within(LONGEST_LABEL))}"
        frame.set("role", "region")
        frame.set("tabindex", "0")
        frame.set("aria-label", label)


def _frame(tag: str, parent: Element, child: Element, kind: str) -> Element:
    frame = element(tag, class_=f"{vocabulary.SCROLL} {kind}")
    replace(parent, child, frame)
    frame.append(child)
    return frame
