"""Numbers: of chapters and sections, and of captions and equations, by chapter in books.

What is numbered bears `data-kind` and `data-number` from here until `number_headings` takes them
away. The kinds are the names of the house's words: figure, table, listing, equation, chapter,
section, appendix.
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
"""The identifiers by which authors refer: pandoc-crossref's spelling, and Quarto's."""

NO_BREAK_SPACE = "\u00a0"  # between a name and its number, which no line's end shall part
_UNNUMBERED = frozenset("unnumbered frontmatter backmatter part dedication epigraph".split())


def number_parts(document: Document) -> Document:
    """Number the sections, what has a caption, and the equations; write captions' labels.

    Captions are numbered where something may refer to them, which an identifier such as `fig:map`
    says, or where a list of them is asked for.
    """
    _Numberer(document).section(document.body, "")
    return document


class _Numberer:
    def __init__(self, document: Document) -> None:
        self._words = document.words
        self._metadata = document.metadata
        self._is_book = document.metadata.documentclass == "book"
        self._chapter = ""  # whose figures begin at 1
        self._counts: Counter[tuple[str, str]] = Counter()  # those of no chapter run through

    def section(self, section: Element, number: str) -> None:
        """Number what stands in *section*, whose own number is given; "" where it has none."""
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
        """Number what is captioned in *node*, and *node* itself; of nested figures the outer."""
        kind = _kind_of(node)
        if kind == "equation":
            if (tag := node.find(f"span[@class='{vocabulary.EQUATION_NUMBER}']")) is not None:
                node.set(KIND, kind)  # its author's own
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
        if any("unnumbered" in classes(each) for each in (node, *node.iter("img"))):
            return False
        return _is_labeled(node) or kind in self._metadata.lists

    def _next(self, node: Element, kind: str) -> str:
        self._counts[self._chapter, kind] += 1
        number = _below(self._chapter, str(self._counts[self._chapter, kind]))
        node.set(KIND, kind)
        node.set(NUMBER, number)
        return number


def _number_panels(figure: Element) -> None:
    """Panel (b) of Figure 1.2 is Figure 1.2b."""
    for at, panel in enumerate(child for child in figure if LETTERED in classes(child)):
        panel.set(KIND, figure.get(KIND, ""))
        panel.set(NUMBER, f"{figure.get(NUMBER)}{panel_letter(at)}")


def _below(number: str, own: str) -> str:
    return f"{number}.{own}" if number else own


def _letter(number: int) -> str:
    """The appendix's letter: A, B … Z, AA."""
    written = ""
    while number:
        number, rest = divmod(number - 1, 26)
        written = chr(ord("A") + rest) + written
    return written


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
    """The caption of a table or of a figure, where it has one."""
    return node.find("caption" if node.tag == "table" else "figcaption")


def _put_first(caption: Element, label: Element) -> None:
    """Let *caption*, or the paragraph with which it begins, begin with *label*."""
    first = next(iter(caption), None)
    if first is not None and first.tag == "p" and not (caption.text or "").strip():
        caption = first
    label.tail = f" {(caption.text or '').lstrip()}"
    caption.text = None
    caption.insert(0, label)


def number_headings(document: Document) -> Document:
    """Write the sections' numbers before their words: last, as no name is made of them."""
    for node in document.body.iter():
        number = node.attrib.pop(NUMBER, None)
        node.attrib.pop(KIND, None)
        if number and node.tag == "section" and len(node):
            _put_first(node[0], element("span", number, class_=vocabulary.SECTION_NUMBER))
    return document
