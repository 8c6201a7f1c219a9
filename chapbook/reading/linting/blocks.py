"""Slips in what makes a block: headings, divs, code, formulas, comments, tasks."""

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
    """A heading without its space, or with no empty line above."""
    for found in _HEADING.finditer(text.source):
        signs, space, words = found.groups()
        if not text.says(f"{signs}{space}{words[:20]}".rstrip()):
            continue
        if space:
            told = f"“{shown(found[0])}” is no heading: leave an empty line above it"
            yield Slip(found.start(), told)
        elif _is_alone(found, text.source) and words[0].isalpha() and " #" not in words:
            told = f"“{shown(found[0])}” is no heading: write a space after the {signs}"
            yield Slip(found.start(), told)


def _is_alone(line: re.Match[str], source: str) -> bool:
    """Whether *line* is a paragraph of its own."""
    before, after = source[: line.start()].rstrip(" \t"), source[line.end() :].lstrip(" \t")
    return before.endswith("\n\n") and (after[:2] in {"\n\n", "\n"} or after[:2].strip() == "")


def empty_headings(text: Text, count: int) -> Iterator[Slip]:
    """The headings without words, of which there are *count*."""
    for _, found in zip(range(count), _EMPTY_HEADING.finditer(text.source), strict=False):
        yield Slip(found.start(), "a heading without words: write its words, or delete it")


def divs(text: Text) -> Iterator[Slip]:
    """A line of colons that begins no div, or that ends none."""
    depth = 0
    for found in _FENCE_OF_DIV.finditer(text.source):
        begins = bool(found[2].strip(" \t:"))
        if begins and not text.says(found[0].strip(" >")):
            depth += 1
        elif begins:
            told = f"“{shown(found[0])}” begins no div: leave an empty line above it"
            yield Slip(found.start(), f"{told}, and write one name, or several in braces")
            depth -= 1  # and the line that was to end it ends nothing
        elif depth > 0:
            depth -= 1
        elif depth < 0:
            depth += 1  # told where it was to begin
        else:
            yield Slip(found.start(), f"{found[1]} ends a div that does not begin: delete it")


def fences(text: Text) -> Iterator[Slip]:
    """The line that begins a block of code without an end."""
    if found := _FENCE.search(text.source):
        told = f"a block of code that begins here is never closed: close it with {found[1]}"
        yield Slip(found.start(), told)


def formulas(text: Text) -> Iterator[Slip]:
    """The sign that begins a display formula without an end."""
    rest = _FORMULA.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text.source)
    if found := re.search(r"(?<!\\)\$\$", rest):
        told = "a formula that begins here does not end in its paragraph: close it with $$"
        yield Slip(found.start(), f"{told}, and leave no empty line in it")


def comments(text: Text) -> Iterator[Slip]:
    """The sign that begins a comment without an end."""
    if found := re.search(r"(?<!\\)<!--", text.source):
        told = "a comment that begins here is never closed, so it is read: close it with -->"
        yield Slip(found.start(), told)


def tasks(text: Text) -> Iterator[Slip]:
    """A task whose box holds no space."""
    for found in _TASK.finditer(text.source):
        told = "this item is no task: write a space in its box, - [ ], or - [x] where it is done"
        yield Slip(found.start(), told)
