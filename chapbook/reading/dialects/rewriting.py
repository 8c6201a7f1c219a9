"""The results of the rules on dialects, and functions that all rules use."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from chapbook.model.errors import Code, Severity
from chapbook.reading.source_positions import without_code

_FORMULA = re.compile(
    r"(?<!\\)\$\$(?:(?!\n[ \t]*\n).)+?\$\$|(?<![\\$])\$(?=[^\s$])[^$\n]*?[^\s$]\$(?!\d)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to report about a line of the text, counted from 1."""

    line: int
    code: Code
    message: str
    severity: Severity = Severity.WARNING


@dataclass(frozen=True, slots=True)
class Gap:
    """A line, from 1, before which pandoc needs an empty line. *prefix* has its quote signs."""

    line: int
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A text with the same number of lines as before, and `gaps` and `remarks` about them."""

    text: str
    gaps: tuple[Gap, ...] = ()
    remarks: tuple[Remark, ...] = ()


Rule: TypeAlias = Callable[[str, frozenset[str]], Rewritten]


def blanked(match: re.Match[str]) -> str:
    """Return spaces instead of the text of *match*. Its line ends stay."""
    return re.sub(r"[^\n]", " ", match[0])


def live(text: str) -> str:
    """Return *text* with spaces for code, comments and formulas. No other character moves."""
    return _FORMULA.sub(blanked, without_code(text))


def line_of(text: str, offset: int) -> int:
    """Return the line, from 1, of the character at *offset* of *text*."""
    return text.count("\n", 0, offset) + 1
