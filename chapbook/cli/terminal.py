"""Makes text from manuscripts, files and archives safe to print."""

from __future__ import annotations

import re

# C0 without tab and line feed, DEL, and C1: commands for a terminal (ECMA-48).
_COMMANDING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def shown(text: str) -> str:
    """Return *text* with every control character for terminals replaced."""
    return _COMMANDING.sub("\ufffd", text)
