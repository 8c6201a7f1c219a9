"""Let a line take all words that fit, also where an inline box follows the last of them.

WeasyPrint 70 (`text.line_break.split_first_line`) cuts a text after its first word where all of it
fits but the space at its end, which is there only because an inline box follows. Pango leaves that
space out when it breaks lines, so it finds no second line; WeasyPrint counts the space, finds the
line too wide, and looks for an earlier break from the beginning of the text. Also
`layout.inline._break_waiting_children` comes to that width when it makes a text narrower, pixel by
pixel, to find its last break.

The public report is Kozea/WeasyPrint#2576. Whoever upgrades WeasyPrint reads
`tests/test_lines.py`, which fails when the function changed or is right.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

_WRAPS_AND_COLLAPSES = frozenset({"normal", "pre-line"})  # white-space


def ignore_last_space(inline: Any) -> None:
    """Let WeasyPrint's module *inline* break a text as if it did not end in a space, once."""
    if hasattr(inline.split_first_line, "__wrapped__"):
        return
    split_known = inline.split_first_line

    @wraps(split_known)
    def split_first_line(
        text: str, style: Any, context: Any, max_width: Any, *rest: Any, **options: Any
    ) -> Any:
        wraps = max_width is not None and style["white_space"] in _WRAPS_AND_COLLAPSES
        words = text.rstrip(" ")
        if not (wraps and words and words != text):
            return split_known(text, style, context, max_width, *rest, **options)
        split = split_known(words, style, context, max_width, *rest, **options)
        _, _, resume_at, width, _, _ = split
        if resume_at is not None:
            return split
        # All of it is one line, and keeps its space: no width limits what is known to fit.
        limit = None if width <= max_width else max_width
        return split_known(text, style, context, limit, *rest, **options)

    inline.split_first_line = split_first_line
