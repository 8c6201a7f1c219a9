"""Lines that are filled without gaps: between the characters of Chinese and Japanese, too.

WeasyPrint 70 fills a line by its spaces alone. Chinese and Japanese have none, and a stray one
would take all of it. And it stretches lines by widths that are not those it then draws: a space set
between two faces, or kerned with a letter, is another one once Pango shapes it by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

# Signs, kana, Han and full-width forms, but no Hangul: Korean parts words by spaces.
_WITHOUT_SPACES = re.compile(
    "[\u2e80-\u312f\u3190-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff9f\U00020000-\U0003fffd]"
)
_OTHER_FACES = re.compile("[\u0590-\u1cff\u2e80-\uffff]")
_LEAST = 2 / 1024  # px: too little to be seen, enough for spaces to be shaped as they will be


def fill_lines(inline: Any) -> None:
    """Teach WeasyPrint's module *inline* to justify such lines, once."""
    if inline.justify_line.__module__ == __name__:
        return
    known = inline.justify_line

    def justify_line(context: Any, line: Any, extra_width: float) -> None:
        texts = [box for box in _leaves(inline, line) if isinstance(box, inline.boxes.TextBox)]
        text = "".join(box.text for box in texts)
        if 2 * len(_WITHOUT_SPACES.findall(text)) > len(text):
            extra_width -= _Filler(inline, context).measure(line)
            _Filler(inline, context).spread(line, extra_width / (len(text) + 1))
            return
        if _OTHER_FACES.search(text):
            extra_width -= _Filler(inline, context).measure(line)
        known(context, line, extra_width)

    inline.justify_line = justify_line


def _leaves(inline: Any, box: Any) -> Iterator[Any]:
    if isinstance(box, (inline.boxes.LineBox, inline.boxes.InlineBox)):
        for child in box.children:
            if child.is_in_normal_flow():
                yield from _leaves(inline, child)
    else:
        yield box


class _Filler:
    """Sets the texts of a line anew, and moves what comes after them."""

    def __init__(self, inline: Any, context: Any) -> None:
        self._inline, self._context = inline, context

    def measure(self, line: Any) -> float:
        """Give each text the width that it will be drawn with; by how much the line grew."""
        return self._move(line, 0.0, 0.0, letters=False)

    def spread(self, line: Any, spacing: float) -> None:
        """Set every character *spacing* px further from the one before."""
        self._move(line, 0.0, spacing, letters=True)

    def _move(self, box: Any, advance: float, spacing: float, *, letters: bool) -> float:
        """Move *box* by *advance*; how far what follows it has to be moved."""
        boxes = self._inline.boxes
        if isinstance(box, boxes.TextBox):
            box.position_x += advance
            return advance + self._set(box, spacing, letters=letters)
        if isinstance(box, (boxes.LineBox, boxes.InlineBox)):
            box.position_x += advance
            before, children = advance, box.children
            for child in children[::-1] if box.style["direction"] == "rtl" else children:
                if child.is_in_normal_flow():
                    advance = self._move(child, advance, spacing, letters=letters)
            box.width += advance - before
            return advance
        box.translate(advance, 0)
        return advance

    def _set(self, box: Any, spacing: float, *, letters: bool) -> float:
        from weasyprint.text.line_break import line_size

        if not letters and " " not in box.text and "\u00a0" not in box.text:
            return 0.0
        if letters:
            own = box.style["letter_spacing"]
            box.style = box.style.copy()
            box.style["letter_spacing"] = (0 if own == "normal" else own) + spacing
        layout = self._inline.create_layout(
            box.text, box.style, self._context, max_width=None, justification_spacing=_LEAST
        )
        layout.set_text(box.text, justify=True)
        width, _ = line_size(layout.get_first_line()[0], box.style)
        if letters:
            width += spacing  # Pango leaves half of it out at both ends of what it sets
        layout.deactivate()
        grown = width - box.width
        box.width, box.pango_layout = width, layout
        return float(grown)
