"""The lines of laid-out pages, as a typesetter reads a proof: where each stands and how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from chapbook.weasy.pages import has_added_hyphen, own_text, without_space


@dataclass(frozen=True, slots=True)
class Line:
    """A line of type: the element that it is part of, its page from 0, and its widths in px.

    `room_px` is the measure; `hyphenated` says that it ends within a word.
    """

    node: Element
    page: int
    text: str
    width_px: float
    room_px: float
    indent_px: float
    em_px: float
    hyphenated: bool


def read_lines(document: Any) -> tuple[Line, ...]:
    """Every line of the text of WeasyPrint's *document*, without heads, folios and notes."""
    reader = _Reader()
    return tuple(
        line
        for number, page in enumerate(document.pages)
        for line in reader.lines(page._page_box.children[0], number)  # noqa: SLF001
    )


class _Reader:
    def __init__(self) -> None:
        self._rest: dict[Element, str] = {}  # of an element's own text, what is not yet set

    def lines(self, box: Any, page: int) -> Iterator[Line]:
        from weasyprint.formatting_structure import boxes

        if "::" in box.element_tag or getattr(box, "element", None) is None:
            return
        for held in getattr(box, "children", ()):
            child = getattr(held, "_box", held)
            if isinstance(child, boxes.LineBox):
                if line := self._line(child, box, page):
                    yield line
            else:
                yield from self.lines(child, page)

    def _line(self, line: Any, block: Any, page: int) -> Line | None:
        from weasyprint.formatting_structure import boxes

        leaves = [
            each for each in _leaves(line) if not isinstance(each, boxes.TextBox) or each.text
        ]
        if not leaves:
            return None
        hyphenated, text = False, ""
        for leaf in leaves:
            if isinstance(leaf, boxes.TextBox):
                hyphenated = self._take(leaf)
                text += leaf.text
        left = min(leaf.position_x for leaf in leaves)
        right = max(leaf.position_x + leaf.margin_width() for leaf in leaves)
        told = block.style["text_indent"]
        indent = float(getattr(told, "value", told) or 0)
        if indent < 0:  # a hanging line begins before the measure
            left = max(left, block.content_box_x())
        return Line(
            node=block.element,
            page=page,
            text=text,
            width_px=right - left,
            room_px=block.width,
            indent_px=indent,
            em_px=float(block.style["font_size"]),
            hyphenated=hyphenated,
        )

    def _take(self, leaf: Any) -> bool:
        """Count the leaf's text as set; whether a hyphen was added at its end."""
        node = leaf.element
        if node not in self._rest:
            self._rest[node] = own_text(node)
        printed, rest = without_space(leaf.text), self._rest[node]
        added = has_added_hyphen(printed, rest)
        self._rest[node] = rest[len(printed) - added :]
        return added


def _leaves(box: Any) -> Iterator[Any]:
    from weasyprint.formatting_structure import boxes

    if not isinstance(box, boxes.ParentBox):
        yield box
        return
    for held in box.children:
        child = getattr(held, "_box", held)
        if child.is_in_normal_flow():
            yield from _leaves(child)
