"""Reads the lines of laid-out pages for proofreading: their position and how they end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from chapbook.weasy.pages import has_added_hyphen, own_text, without_space


@dataclass(frozen=True, slots=True)
class Line:
    """A line of type: the element that holds it, its page from 0, and its widths in px.

    `room_px` is the measure. `hyphenated` is true if the line ends within a word. `stretch` is the
    width of the spaces in an inner line of justified text, in natural spaces. In a line without a
    space it is 1 plus the missing width, in natural spaces.
    """

    node: Element
    page: int
    text: str
    width_px: float
    room_px: float
    indent_px: float
    em_px: float
    hyphenated: bool
    stretch: float = 1.0


def read_lines(document: Any) -> tuple[Line, ...]:
    """Return the lines of WeasyPrint's *document*, without running heads, folios and notes."""
    reader = _Reader()
    return tuple(
        line
        for number, page in enumerate(document.pages)
        for line in reader.lines(page._page_box.children[0], number)  # noqa: SLF001
    )


class _Reader:
    def __init__(self) -> None:
        self._rest: dict[
            Element, str
        ] = {}  # the part of an element's own text that is not yet read
        self._spaces = Spaces()

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
            leaf for leaf in _leaves(line) if not isinstance(leaf, boxes.TextBox) or leaf.text
        ]
        if not leaves:
            return None
        hyphenated, text = False, ""
        for leaf in leaves:
            if isinstance(leaf, boxes.TextBox):
                hyphenated = self._take(leaf)
                text += leaf.text if leaf.element_tag != "wbr::before" else ""
        left = min(leaf.position_x for leaf in leaves)
        right = max(leaf.position_x + leaf.margin_width() for leaf in leaves)
        start = block.content_box_x()
        end = left - start if line.style["direction"] == "rtl" else start + block.width - right
        length = block.style["text_indent"]
        indent = float(getattr(length, "value", length) or 0)
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
            stretch=self._stretch(line, leaves, end),
        )

    def _stretch(self, line: Any, leaves: Sequence[Any], end_px: float) -> float:
        if line.style["text_align_all"] != "justify" or not _is_inner(line):
            return 1.0
        texts = [leaf for leaf in leaves if hasattr(leaf, "text")]
        added_px = max((leaf.justification_spacing for leaf in texts), default=0)
        if added_px <= 0 and not any(" " in leaf.text.strip() for leaf in texts):
            added_px = end_px
        return 1 + max(0.0, added_px) / self._spaces.width_px(line.style)

    def _take(self, leaf: Any) -> bool:
        """Remove the leaf's text from the rest; return whether a hyphen was added at its end."""
        node = leaf.element
        if node not in self._rest:
            self._rest[node] = own_text(node)
        printed, rest = without_space(leaf.text), self._rest[node]
        added = has_added_hyphen(printed, rest)
        self._rest[node] = rest[len(printed) - added :]
        return added


def _is_inner(line: Any) -> bool:
    """Return whether *line* ends because it is full, not because a paragraph or author ends it."""
    return line.resume_at is not None and not any(
        box.element_tag == "br" for box in line.descendants()
    )


class Spaces:
    """The natural widths of spaces. Each is measured once."""

    def __init__(self) -> None:
        self._widths: dict[tuple[Any, ...], float] = {}

    def width_px(self, style: Any) -> float:
        """Return the width of a space between words in *style*, including its own spacing."""
        names = ("font_family", "font_size", "font_style", "font_weight", "font_variant_caps")
        spacings = ("word_spacing", "letter_spacing", "lang")
        key = tuple(str(style[name]) for name in (*names, *spacings))
        if key not in self._widths:
            self._widths[key] = _width_px("n n", style) - _width_px("nn", style)
        return self._widths[key]


def _width_px(text: str, style: Any) -> float:
    from weasyprint.text.line_break import create_layout, line_size

    layout = create_layout(text, style, None, None, 0)
    return float(line_size(layout.get_first_line()[0], style)[0])


def _leaves(box: Any) -> Iterator[Any]:
    from weasyprint.formatting_structure import boxes

    if not isinstance(box, boxes.ParentBox):
        yield box
        return
    for item in box.children:
        child = getattr(item, "_box", item)
        if child.is_in_normal_flow():
            yield from _leaves(child)
