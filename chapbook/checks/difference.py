"""One difference between a finished file and its manuscript."""

from __future__ import annotations

from typing import NamedTuple

from chapbook.model.errors import Code


class Difference(NamedTuple):
    """What differs and how; `words` are the manuscript's where it is, the *nth* of their like."""

    code: Code
    message: str
    words: str = ""
    nth: int = 0
