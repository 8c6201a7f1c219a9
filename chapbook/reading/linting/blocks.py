"""Slips in the markup of blocks: headings, divs, code, formulas, comments, tasks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chapbook.reading.linting.slip import Slip, Text, shown

_HEADING = re.compile(r"^(#{1,6})([ \t]*)(\S[^\n]*)$", re.MULTILINE)
_EMPTY_HEADING = re.compile(r"^#{1,6}[ \t]*#*[ \t]*(?:\{[^{}\n]*\})?[ \t]*$", re.MULTILINE)
_FENCE_OF_DIV = re.compile(r"^[ >]*(:{3,})[ \t]*([^\n]*)$", re.MULTILINE)
_FENCE = re.compile(r"^[ >]*(`{3,}|~{3,})[^`\n]*$", re.MULTILINE)
_FORMULA = re.compile(r"(?<!\\)\$\$(?:(?!\n[ \t]*\n).)+?(?<!\\)\$\$", re.DOTALL)
_TASK = re.compile(r"^[ >]*(?:[-+*]|\d+[.)])[ \t]+\[\](?=[ \t])", re.MULTILINE)


def headings(text: Text) -> Iterator[Slip]:
    """Find headings without the space after the signs, or without the empty line above."""
    for match in _HEADING.finditer(text.source):
        signs, space, words = match.groups()
        if not text.has(f"{signs}{space}{words[:20]}".rstrip()):
            continue
        if space:
            message = f"“{shown(match[0])}” is not a heading: leave an empty line above it"
            yield Slip(match.start(), message)
        elif _is_alone(match, text.source) and words[0].isalpha() and " #" not in words:
            message = f"“{shown(match[0])}” is not a heading: write a space after the {signs}"
            yield Slip(match.start(), message)


def _is_alone(line: re.Match[str], source: str) -> bool:
    """Return whether *line* is a separate paragraph."""
    before, after = source[: line.start()].rstrip(" \t"), source[line.end() :].lstrip(" \t")
    return before.endswith("\n\n") and (after[:2] in {"\n\n", "\n"} or after[:2].strip() == "")


def empty_headings(text: Text, count: int) -> Iterator[Slip]:
    """Find the first *count* headings without words."""
    for _, match in zip(range(count), _EMPTY_HEADING.finditer(text.source), strict=False):
        yield Slip(match.start(), "a heading without words: write its words, or delete it")


def divs(text: Text) -> Iterator[Slip]:
    """Find lines of colons that do not begin or end a div."""
    depth = 0
    for match in _FENCE_OF_DIV.finditer(text.source):
        begins = bool(match[2].strip(" \t:"))
        if begins and not text.has(match[0].strip(" >")):
            depth += 1
        elif begins:
            message = f"“{shown(match[0])}” begins no div: leave an empty line above it"
            yield Slip(match.start(), f"{message}, and write one name, or several in braces")
            depth -= 1  # the line that should end it ends nothing
        elif depth > 0:
            depth -= 1
        elif depth < 0:
            depth += 1  # reported at the line that should begin it
        else:
            yield Slip(match.start(), f"{match[1]} ends a div that does not begin: delete it")


def fences(text: Text) -> Iterator[Slip]:
    """Find the line that begins a code block without an end."""
    if match := _FENCE.search(text.source):
        message = f"a block of code that begins here is never closed: close it with {match[1]}"
        yield Slip(match.start(), message)


def formulas(text: Text) -> Iterator[Slip]:
    """Find the sign that begins a display formula without an end."""
    rest = _FORMULA.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text.source)
    if match := re.search(r"(?<!\\)\$\$", rest):
        message = "a formula that begins here does not end in its paragraph: close it with $$"
        yield Slip(match.start(), f"{message}, and leave no empty line in it")


def comments(text: Text) -> Iterator[Slip]:
    """Find the sign that begins a comment without an end."""
    if match := re.search(r"(?<!\\)<!--", text.source):
        message = "a comment that begins here is never closed, so it is read: close it with -->"
        yield Slip(match.start(), message)


def tasks(text: Text) -> Iterator[Slip]:
    """Find tasks without a space in the box."""
    for match in _TASK.finditer(text.source):
        message = (
            "this item is not a task: write a space in its box, - [ ], or - [x] where it is done"
        )
        yield Slip(match.start(), message)
