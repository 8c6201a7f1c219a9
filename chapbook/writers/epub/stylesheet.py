"""The stylesheet as e-readers bear it: the readers' colors, and no property that old ones drop.

A reading system has themes of its own, dark ones among them, and sets colors by them: text in our
ink on its black page cannot be read. So no declaration of a color passes here. Face, size
and leading are only proposed: without `!important`, in relative units and on the body, whence each
reader's own choice outweighs them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from chapbook.design.templates import resolve_tokens

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_COLOR = re.compile(
    r"[ \t]*(?<![\w-])(?:(?:border-)?color|background(?:-\w+)?)\s*:"
    r"(?!\s*(?:inherit|transparent|white|var\(--mark-))[^;{}]*(?:;|(?=\}))"
)
_COLOR_TOKEN = re.compile(
    r"\s*var\(\s*--color-[\w-]+\s*\)"
)  # in a border: the text's own color then
_EMPTY_RULE = re.compile(r"[^{}]+\{\s*\}")
_LOGICAL = re.compile(
    r"(?<![\w-])(?P<name>margin|padding|border)-inline-(?P<side>start|end)(?P<value>\s*:[^;{}]*)"
)
_ALIGNED = re.compile(r"(?<![\w-])text-align\s*:\s*(?P<side>start|end)\b")


def reflowable(sheet: str, tokens: Mapping[str, str], direction: str) -> str:
    """*sheet* without colors, its tokens in place, and with physical twins of logical properties.

    Readers built on Adobe's engine know no `margin-inline-start`: they get the side that it means
    in the book's *direction*, and newer ones both.
    """
    sheet = _COLOR.sub("", _COMMENT.sub("", sheet))
    sheet = _EMPTY_RULE.sub("", _COLOR_TOKEN.sub("", sheet))
    sides = ("right", "left") if direction == "rtl" else ("left", "right")
    physical = dict(zip(("start", "end"), sides, strict=True))
    sheet = _LOGICAL.sub(
        lambda found: (
            f"{found['name']}-{physical[found['side']]}{found['value']}; {found[0].strip()}"
        ),
        sheet,
    )
    sheet = _ALIGNED.sub(lambda found: f"text-align: {physical[found['side']]}; {found[0]}", sheet)
    return resolve_tokens(sheet, tokens).strip() + "\n"
