"""Numbers chapters and sections, and captions and equations, in books by chapter.

Numbered elements have `data-kind` and `data-number` until `number_headings` removes them. The kinds
are keys of the templates' words: figure, table, listing, equation, chapter, section, appendix.
"""

from __future__ import annotations

import re
from collections import Counter
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.document import Document
from chapbook.model.dom import classes, element
from chapbook.transforms.panels import LETTERED, panel_letter

KIND, NUMBER = "data-kind", "data-number"
LABELED = re.compile(r"(fig|tbl|eq|lst|sec)[:-].+")
"""The identifiers for cross-references, in the spelling of pandoc-crossref and Quarto."""

NO_BREAK_SPACE = "\u00a0"  # between a name and its number, to keep them on one line
_UNNUMBERED = frozenset("unnumbered frontmatter backmatter part dedication epigraph".split())


def number_parts(document: Document) -> Document:
    """Number sections, captions and equations, and write the labels of captions.

    A caption is numbered if it has an identifier such as `fig:map`, so that something may refer to
    it, or if the author wants a list of its kind.
    """
    _Numberer(document).section(document.body, "")
    return document


class _Numberer:
    def __init__(self, document: Document) -> None:
        self._words = document.words
        self._metadata = document.metadata
        self._is_book = document.metadata.documentclass == "book"
        self._chapter = ""  # figures are counted within it
        self._counts: Counter[tuple[str, str]] = Counter()  # "" for figures outside a chapter

    def section(self, section: Element, number: str) -> None:
        """Number the content of *section*; *number* is its own number, or "" if it has none."""
        count = letters = 0
        for child in section:
            if child.tag != "section":
                self._things(child)
            elif "appendix" in classes(child):
                letters += 1
                self._open(child, _below(number, _letter(letters)), "appendix")
            elif _UNNUMBERED.isdisjoint(classes(child)) and (number or section.tag == "article"):
                count += 1
                is_chapter = self._is_book and section.tag == "article"
                self._open(
                    child, _below(number, str(count)), "chapter" if is_chapter else "section"
                )
            else:
                self._open(child, "", "")

    def _open(self, section: Element, number: str, kind: str) -> None:
        if self._is_book and section.get("data-depth") == "1":
            self._chapter = number
        if number and self._metadata.number_sections:
            section.set(KIND, kind)
            section.set(NUMBER, number)
        self.section(section, number)

    def _things(self, node: Element) -> None:
        """Number *node* and the captions in it; of nested figures, only the outer one."""
        kind = _kind_of(node)
        if kind == "equation":
            if (tag := node.find(f"span[@class='{vocabulary.EQUATION_NUMBER}']")) is not None:
                node.set(KIND, kind)  # the author's own number
                node.set(NUMBER, " ".join("".join(tag.itertext()).split()).strip("()"))
            elif _is_labeled(node):
                node.append(
                    element(
                        "span", f"({self._next(node, kind)})", class_=vocabulary.EQUATION_NUMBER
                    )
                )
        elif kind and (caption := caption_of(node)) is not None and self._is_numbered(node, kind):
            label = f"{self._words[kind]}{NO_BREAK_SPACE}{self._next(node, kind)}"
            _put_first(caption, element("span", label, class_=vocabulary.LABEL))
            _number_panels(node)
            return
        for child in node:
            self._things(child)

    def _is_numbered(self, node: Element, kind: str) -> bool:
        # pandoc gives a figure's classes to the image in it.
        if any("unnumbered" in classes(inner) for inner in (node, *node.iter("img"))):
            return False
        return _is_labeled(node) or kind in self._metadata.lists

    def _next(self, node: Element, kind: str) -> str:
        self._counts[self._chapter, kind] += 1
        number = _below(self._chapter, str(self._counts[self._chapter, kind]))
        node.set(KIND, kind)
        node.set(NUMBER, number)
        return number


def _number_panels(figure: Element) -> None:
    """Number panels: panel (b) of Figure 1.2 is Figure 1.2b."""
    for index, panel in enumerate(child for child in figure if LETTERED in classes(child)):
        panel.set(KIND, figure.get(KIND, ""))
        panel.set(NUMBER, f"{figure.get(NUMBER)}{panel_letter(index)}")


def _below(number: str, own: str) -> str:
    return f"{number}.{own}" if number else own


def _letter(number: int) -> str:
    """Return the letter of an appendix: A, B … Z, AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _kind_of(node: Element) -> str:
    if node.tag == "table":
        return "table"
    if node.tag == "figure":
        is_listing = node.find(".//pre") is not None and node.find(".//img") is None
        return "listing" if is_listing else "figure"
    return "equation" if node.tag == "div" and vocabulary.EQUATION in classes(node) else ""


def _is_labeled(node: Element) -> bool:
    return LABELED.fullmatch(node.get("id", "")) is not None


def caption_of(node: Element) -> Element | None:
    """Return the caption of a table or figure, or None."""
    return node.find("caption" if node.tag == "table" else "figcaption")


def _put_first(caption: Element, label: Element) -> None:
    """Put *label* at the beginning of *caption*, or of its first paragraph."""
    first = next(iter(caption), None)
    if first is not None and first.tag == "p" and not (caption.text or "").strip():
        caption = first
    label.tail = f" {(caption.text or '').lstrip()}"
    caption.text = None
    caption.insert(0, label)


def number_headings(document: Document) -> Document:
    """Write the numbers of sections before their words, after ids were made of the words."""
    for node in document.body.iter():
        number = node.attrib.pop(NUMBER, None)
        node.attrib.pop(KIND, None)
        if number and node.tag == "section" and len(node):
            _put_first(node[0], element("span", number, class_=vocabulary.SECTION_NUMBER))
    return document
