"""Patches of `weasyprint.layout.inline`: lines take the words that fit, and end at the margin.

WeasyPrint 70 has these faults:
- `justify_line` fills a line by its spaces alone. Chinese and Japanese have none, and a stray one
  would take all of it. And it stretches lines by widths that are not those it then draws: a space
  set between two faces, or kerned with a letter, is another one once Pango shapes it by itself.
- `split_first_line` (from `text.line_break`) cuts a text after its first word where all of it fits
  but the space at its end, which is there only because an inline box follows. Pango before 1.51.2
  (Debian 12 has 1.50.12) leaves that space out when it breaks lines, so it finds no second line;
  WeasyPrint counts the space, finds the line too wide, and looks for an earlier break from the
  beginning of the text. With a later Pango the patch changes nothing. Also
  `_break_waiting_children` comes to that width when it makes a text narrower, pixel by pixel, to
  find its last break.
- `can_break_inside` looks for a break within each child of an inline box but not between them:
  “*an* **old**” of one emphasis moves to the next line as a whole. A comma behind it is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from chapbook.model.patching import Patch

# Signs, kana, Han and full-width forms, but no Hangul: Korean parts words by spaces.
_WITHOUT_SPACES = re.compile(
    "[\u2e80-\u312f\u3190-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff9f\U00020000-\U0003fffd]"
)
_OTHER_FACES = re.compile("[\u0590-\u1cff\u2e80-\uffff]")
_LEAST = 2 / 1024  # px: too little to be seen, enough for spaces to be shaped as they will be

# Values of white-space
_WRAPS = frozenset({"normal", "pre-wrap", "pre-line"})
_WRAPS_AND_COLLAPSES = frozenset({"normal", "pre-line"})
_ATOMIC = "\u2e80"  # breaks like an ideograph: so does `split_inline_level`


def _split_first_line_with(known: Any) -> Any:
    def split_first_line(
        text: str, style: Any, context: Any, max_width: Any, *rest: Any, **options: Any
    ) -> Any:
        wraps = max_width is not None and style["white_space"] in _WRAPS_AND_COLLAPSES
        words = text.rstrip(" ")
        if not (wraps and words and words != text):
            return known(text, style, context, max_width, *rest, **options)
        split = known(words, style, context, max_width, *rest, **options)
        _, _, resume_at, width, _, _ = split
        if resume_at is not None:
            return split
        # All of it is one line, and keeps its space: no width limits what is known to fit.
        limit = None if width <= max_width else max_width
        return known(text, style, context, limit, *rest, **options)

    return split_first_line


def _can_break_inside_with(known: Any) -> Any:
    from weasyprint.layout import inline

    def can_break_inside(box: Any) -> bool:
        if known(box):
            return True
        is_inline = isinstance(box, inline.boxes.InlineBox) and len(box.children) > 1
        if not is_inline or box.style["white_space"] not in _WRAPS:
            return False
        text = "".join(_texts(inline.boxes, box))
        return bool(inline.can_break_text(text, box.style["lang"]))

    return can_break_inside


def _texts(boxes: Any, box: Any) -> Iterator[str]:
    for child in box.children:
        if not child.is_in_normal_flow():
            continue
        if isinstance(child, boxes.TextBox):
            yield child.text
        elif isinstance(child, boxes.InlineBox):
            yield from _texts(boxes, child)
        else:
            yield _ATOMIC


def _justify_line_with(known: Any) -> Any:
    from weasyprint.layout import inline

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

    return justify_line


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


_INLINE = "weasyprint.layout.inline"

PATCHES = (
    Patch(
        _INLINE,
        "justify_line",
        _justify_line_with,
        reported="not reported",
        written_for={f"{_INLINE}:justify_line": "f83b21ff8793ba6b"},
    ),
    Patch(
        _INLINE,
        "split_first_line",
        _split_first_line_with,
        reported="https://github.com/Kozea/WeasyPrint/issues/2576",
        written_for={f"{_INLINE}:split_first_line": "39ad1016863ca34d"},
    ),
    Patch(
        _INLINE,
        "can_break_inside",
        _can_break_inside_with,
        reported="not reported",
        written_for={f"{_INLINE}:can_break_inside": "fec5e4629e038141"},
    ),
)
