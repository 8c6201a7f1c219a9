"""What a rule on another dialect returns, and what all rules look at."""

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
    """A line, counted from 1, before which pandoc needs an empty one; *prefix* holds its quotes."""

    line: int
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A text with as many lines as before; `gaps` and `remarks` about them."""

    text: str
    gaps: tuple[Gap, ...] = ()
    remarks: tuple[Remark, ...] = ()


Rule: TypeAlias = Callable[[str, frozenset[str]], Rewritten]


def blanked(found: re.Match[str]) -> str:
    """What *found* matched as spaces, its line ends in their places."""
    return re.sub(r"[^\n]", " ", found[0])


def live(text: str) -> str:
    """*text* with code, comments and formulas blanked, every other character in its place."""
    return _FORMULA.sub(blanked, without_code(text))


def line_of(text: str, offset: int) -> int:
    """The line, counted from 1, of the character at *offset* of *text*."""
    return text.count("\n", 0, offset) + 1
