"""Let a line break between the children of an inline box, too.

Where what follows an inline box does not fit, WeasyPrint 70 looks for a break in the box
(`layout.inline._break_waiting_children`). It asks `can_break_inside`, which looks within each child
but not between them: “*an* **old**” of one emphasis then moves to the next line as a whole. A
comma behind it is enough.

Whoever upgrades WeasyPrint reads `tests/test_lines.py`, which fails when the function
changed or is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import wraps
from typing import Any

_WRAPS = frozenset({"normal", "pre-wrap", "pre-line"})  # white-space
_ATOMIC = "\u2e80"  # breaks like an ideograph: so does `split_inline_level`


def look_between_children(inline: Any) -> None:
    """Let WeasyPrint's module *inline* find breaks between the children of a box, once."""
    if hasattr(inline.can_break_inside, "__wrapped__"):
        return
    known = inline.can_break_inside

    @wraps(known)
    def can_break_inside(box: Any) -> bool:
        if known(box):
            return True
        is_inline = isinstance(box, inline.boxes.InlineBox) and len(box.children) > 1
        if not is_inline or box.style["white_space"] not in _WRAPS:
            return False
        text = "".join(_texts(inline.boxes, box))
        return bool(inline.can_break_text(text, box.style["lang"]))

    inline.can_break_inside = can_break_inside


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
