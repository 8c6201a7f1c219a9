"""What may be printed: messages name what manuscripts, files and archives hold."""

from __future__ import annotations

import re

# C0 but tab and line feed, DEL, and C1: what a terminal obeys instead of showing (ECMA-48).
_COMMANDING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def shown(text: str) -> str:
    """*text* with nothing in it that would command a terminal."""
    return _COMMANDING.sub("\ufffd", text)
