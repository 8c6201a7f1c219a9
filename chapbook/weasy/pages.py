"""Finds where laid-out pages begin: in which element, and after how much of its text.

WeasyPrint does not record it. But its boxes hold their elements and the printed text, so the
characters are counted. White space is not counted, since lines and paragraphs collapse it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from chapbook.lang.numerals import roman

BODY_MATTER = "main"
"""The name in print.css of the page with which arabic folios begin, at 1."""

_HYPHENS = ("-", "\u00ad", "\u2010")


@dataclass(frozen=True, slots=True)
class Beginning:
    """A page's folio, and where it begins: in *node*, after *count* characters of its own text.

    An element's own text is its `text` and the tails of its children, without white space.
    `node` is None if no word and no picture begins on the page.
    """

    label: str
    node: Element | None
    count: int = 0


def beginnings(document: Any) -> tuple[Beginning, ...]:
    """Return where each page of WeasyPrint's *document* begins, except blank pages."""
    counted = _Counted()
    result = []
    for label, page in zip(labels(document), document.pages, strict=True):
        node, count = counted.take(page._page_box)  # noqa: SLF001 - it has no other name
        if not page._page_box.page_type.blank:  # noqa: SLF001
            result.append(Beginning(label, node, count))
    return tuple(result)


def labels(document: Any) -> list[str]:
    """Return the folio of every page: roman in a book's front matter, arabic from 1 after it."""
    names = [page._page_box.page_type.name for page in document.pages]  # noqa: SLF001
    front = names.index(BODY_MATTER) if BODY_MATTER in names else 0
    return [
        *(roman(number) for number in range(1, front + 1)),
        *(str(number) for number in range(1, len(names) - front + 1)),
    ]


def page_labels(document: Any) -> list[tuple[int, str]]:
    """Return the page and the PDF style of each numbering (ISO 32000-1, 12.4.2)."""
    styles = ["D" if label.isdecimal() else "r" for label in labels(document)]
    return [
        (number, style)
        for number, style in enumerate(styles)
        if number == 0 or styles[number - 1] != style
    ]


class _Counted:
    """Counts how much of each element's own text the pages so far hold."""

    def __init__(self) -> None:
        self._texts: dict[Element, str] = {}
        self._counts: dict[Element, int] = {}

    def take(self, page_box: Any) -> tuple[Element | None, int]:
        """Count the text of a page; return its first element and the characters before there."""
        first: tuple[Element | None, int] = (None, 0)
        for box in _leaves(page_box.children[0]):  # the text; notes and margins come after it
            node = box.element
            text = self._texts.setdefault(node, own_text(node))
            count = self._counts.get(node)
            is_picture = not hasattr(box, "text")
            if count is not None and (is_picture or count >= len(text)):
                continue  # the repeated head of a table
            if first[0] is None:
                first = (node, count or 0)
            self._counts[node] = (
                0 if is_picture else _advanced(text, count or 0, without_space(box.text))
            )
        return first


def _leaves(box: Any) -> Iterator[Any]:
    """Yield the boxes in *box* with words or a picture of the author, in the order of the text."""
    from weasyprint.formatting_structure import boxes

    if "::" in box.element_tag:  # added by the stylesheet: markers, numbers, ornaments
        return
    if isinstance(box, boxes.TextBox):
        if without_space(box.text):
            yield box
    elif isinstance(box, boxes.ReplacedBox):
        yield box
    else:
        for child in getattr(box, "children", ()):
            yield from _leaves(getattr(child, "_box", child))


def own_text(node: Element) -> str:
    """Return the characters in *node* itself, without white space."""
    return without_space("".join([node.text or "", *(child.tail or "" for child in node)]))


def without_space(text: str) -> str:
    """Return *text* without any white space, which lines and paragraphs collapse."""
    return "".join(text.split())


def has_added_hyphen(printed: str, rest: str) -> bool:
    """Return whether *printed*, set from *rest*, ends in a hyphen that breaking a word added."""
    return printed.endswith(_HYPHENS) and not rest.startswith(printed)


def _advanced(text: str, count: int, printed: str) -> int:
    """Return *count* plus the characters of *printed* that belong to *text*."""
    return count + len(printed) - has_added_hyphen(printed, text[count:])
