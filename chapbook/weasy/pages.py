"""Where the laid-out pages begin: which element, and after how much of its text.

WeasyPrint keeps no such record. Its boxes hold the elements they were made of and the text as it
was set, so the text is counted along: white space apart, which lines and paragraphs collapse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

BODY_MATTER = "main"
"""The name that print.css gives to the page on which arabic folios begin, at 1."""

_HYPHENS = ("-", "\u00ad", "\u2010")


@dataclass(frozen=True, slots=True)
class Beginning:
    """A page's folio, and where it begins: in *node*, after *count* characters of its own text.

    An element's own text is its `text` and the tails of its children; white space is not counted.
    `node` is None where no word and no picture begins on the page.
    """

    label: str
    node: Element | None
    count: int = 0


def beginnings(document: Any) -> tuple[Beginning, ...]:
    """Where each page of WeasyPrint's *document* begins; blank pages are none."""
    counted = _Counted()
    found = []
    for label, page in zip(labels(document), document.pages, strict=True):
        node, count = counted.take(page._page_box)  # noqa: SLF001 - it has no other name
        if not page._page_box.page_type.blank:  # noqa: SLF001
            found.append(Beginning(label, node, count))
    return tuple(found)


def labels(document: Any) -> list[str]:
    """The folio of every page: roman in the front matter of a book, arabic from 1 after it."""
    names = [page._page_box.page_type.name for page in document.pages]  # noqa: SLF001
    front = names.index(BODY_MATTER) if BODY_MATTER in names else 0
    return [
        *(roman(number) for number in range(1, front + 1)),
        *(str(number) for number in range(1, len(names) - front + 1)),
    ]


def page_labels(document: Any) -> list[tuple[int, str]]:
    """Where a numbering begins, and its style as PDF names it (ISO 32000-1, 12.4.2)."""
    styles = ["D" if label.isdecimal() else "r" for label in labels(document)]
    return [
        (number, style)
        for number, style in enumerate(styles)
        if number == 0 or styles[number - 1] != style
    ]


_ROMAN: Mapping[str, int] = {
    "m": 1000, "cm": 900, "d": 500, "cd": 400, "c": 100, "xc": 90,
    "l": 50, "xl": 40, "x": 10, "ix": 9, "v": 5, "iv": 4, "i": 1,
}  # fmt: skip


def roman(number: int) -> str:
    """*number* in small roman numerals.

    >>> roman(4), roman(19)
    ('iv', 'xix')
    """
    written = ""
    for numeral, value in _ROMAN.items():
        written += numeral * (number // value)
        number %= value
    return written


class _Counted:
    """How much of each element's own text the pages so far have taken."""

    def __init__(self) -> None:
        self._texts: dict[Element, str] = {}
        self._counts: dict[Element, int] = {}

    def take(self, page_box: Any) -> tuple[Element | None, int]:
        """Count what stands on the page; where the first of it stands in its element."""
        first: tuple[Element | None, int] = (None, 0)
        for box in _leaves(page_box.children[0]):  # the text; notes and margins come after it
            node = box.element
            text = self._texts.setdefault(node, own_text(node))
            count = self._counts.get(node)
            is_picture = not hasattr(box, "text")
            if count is not None and (is_picture or count >= len(text)):
                continue  # the head of a table again
            if first[0] is None:
                first = (node, count or 0)
            self._counts[node] = (
                0 if is_picture else _advanced(text, count or 0, without_space(box.text))
            )
        return first


def _leaves(box: Any) -> Iterator[Any]:
    """The boxes in *box* with words or a picture of the author's, in the order of the text."""
    from weasyprint.formatting_structure import boxes

    if "::" in box.element_tag:  # what the stylesheet adds: markers, numbers, ornaments
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
    """The characters that stand in *node* itself, white space apart."""
    return without_space("".join([node.text or "", *(child.tail or "" for child in node)]))


def without_space(text: str) -> str:
    """*text* without any white space, which lines and paragraphs collapse."""
    return "".join(text.split())


def has_added_hyphen(printed: str, rest: str) -> bool:
    """Whether *printed*, set from *rest*, ends in the hyphen of a broken word: none of the text."""
    return printed.endswith(_HYPHENS) and not rest.startswith(printed)


def _advanced(text: str, count: int, printed: str) -> int:
    """*count* after *printed* stood on the page."""
    return count + len(printed) - has_added_hyphen(printed, text[count:])
