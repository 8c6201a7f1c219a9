"""Patches of `weasyprint.layout.inline`: lines hold all words that fit, and end at the margin.

WeasyPrint 70 has these faults:
- `justify_line` only stretches spaces. Chinese and Japanese have none, and a single space would be
  stretched by the whole rest of the line. It also computes with widths that it then does not draw:
  a space between two faces, or kerned with a letter, changes when Pango shapes it by itself.
- `split_first_line` (from `text.line_break`) cuts a text after its first word if all of it fits
  except the space at its end, which is there only because an inline box follows. Pango before
  1.51.2 (Debian 12 has 1.50.12) ignores that space when it breaks lines, so it finds no second
  line. WeasyPrint counts the space, finds the line too wide, and searches for an earlier break from
  the beginning of the text. With a later Pango the patch changes nothing. `_break_waiting_children`
  meets the same width when it narrows a text, pixel by pixel, to find its last break.
- `can_break_inside` looks for a break within each child of an inline box, but not between them.
  “*an* **old**” in one emphasis moves to the next line as a whole, for instance if a comma follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from chapbook.model.patching import Patch

# Signs, kana, Han and full-width forms, but no Hangul: Korean separates words by spaces.
_WITHOUT_SPACES = re.compile(
    "[\u2e80-\u312f\u3190-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff9f\U00020000-\U0003fffd]"
)
_OTHER_FACES = re.compile("[\u0590-\u1cff\u2e80-\uffff]")
_LEAST = 2 / 1024  # px: invisible, but then spaces are shaped as they will be drawn

# Values of white-space
_WRAPS = frozenset({"normal", "pre-wrap", "pre-line"})
_WRAPS_AND_COLLAPSES = frozenset({"normal", "pre-line"})
_ATOMIC = "\u2e80"  # breaks like an ideograph: so does `split_inline_level`


def _split_first_line_with(original: Any) -> Any:
    def split_first_line(
        text: str, style: Any, context: Any, max_width: Any, *rest: Any, **options: Any
    ) -> Any:
        wraps = max_width is not None and style["white_space"] in _WRAPS_AND_COLLAPSES
        words = text.rstrip(" ")
        if not (wraps and words and words != text):
            return original(text, style, context, max_width, *rest, **options)
        split = original(words, style, context, max_width, *rest, **options)
        _, _, resume_at, width, _, _ = split
        if resume_at is not None:
            return split
        # The whole text fits on one line, with its space: it needs no limit.
        limit = None if width <= max_width else max_width
        return original(text, style, context, limit, *rest, **options)

    return split_first_line


def _can_break_inside_with(original: Any) -> Any:
    from weasyprint.layout import inline

    def can_break_inside(box: Any) -> bool:
        if original(box):
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


def _justify_line_with(original: Any) -> Any:
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
        original(context, line, extra_width)

    return justify_line


def _leaves(inline: Any, box: Any) -> Iterator[Any]:
    if isinstance(box, (inline.boxes.LineBox, inline.boxes.InlineBox)):
        for child in box.children:
            if child.is_in_normal_flow():
                yield from _leaves(inline, child)
    else:
        yield box


class _Filler:
    """Sets the texts of a line again, and moves what follows them."""

    def __init__(self, inline: Any, context: Any) -> None:
        self._inline, self._context = inline, context

    def measure(self, line: Any) -> float:
        """Give each text the width with which it is drawn; return by how many px the line grew."""
        return self._move(line, 0.0, 0.0, letters=False)

    def spread(self, line: Any, spacing: float) -> None:
        """Increase the distance between characters by *spacing* px."""
        self._move(line, 0.0, spacing, letters=True)

    def _move(self, box: Any, advance: float, spacing: float, *, letters: bool) -> float:
        """Move *box* by *advance* px; return how far the next box has to move."""
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
            width += spacing  # Pango leaves out half of it at both ends
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
