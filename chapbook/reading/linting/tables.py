"""Slips in tables: pandoc drops cells of them, or reads them as paragraphs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from chapbook.reading.linting.slip import Slip, Text, shown

_BLOCK = re.compile(r"(?:^[^\n]*\S[^\n]*(?:\n|\Z))+", re.MULTILINE)
_RULE = re.compile(r"[ ]{0,3}\|?[ ]*:?-+:?[ ]*(?:[|+][ ]*:?-+:?[ ]*)*\|?[ \t]*")
_ROW = re.compile(r"[ ]{0,3}\|[^\n]*[^\n|]\|[^\n]*\|[ \t]*")
_BORDER = re.compile(r"[ ]{0,3}\+(?:[-=:]+\+)+[ \t]*")


def _blocks(text: Text) -> Iterator[tuple[int, list[str]]]:
    """Yield groups of lines without an empty line, with the offset of the first."""
    for match in _BLOCK.finditer(text.source):
        yield match.start(), match[0].rstrip("\n").split("\n")


def without_rule(text: Text) -> Iterator[Slip]:
    """Find rows of a table without the line between head and body."""
    for offset, lines in _blocks(text):
        are_rows = len(lines) > 1 and all(map(_ROW.fullmatch, lines))
        if are_rows and text.has(lines[0].strip().strip("|").strip()):
            rule = "|---" * len(_cells(lines[0])) + "|"
            message = f"“{shown(lines[0])}” begins no table: write a line {rule} below it"
            yield Slip(offset, message)


def long_rows(text: Text) -> Iterator[Slip]:
    """Find rows of a pipe table with more cells than the line below the head. These are lost."""
    for offset, lines in _blocks(text):
        if len(lines) < 3 or "|" not in lines[0] or not _RULE.fullmatch(lines[1]):
            continue
        count = len(re.findall(r":?-+:?", lines[1]))
        at = offset
        for number, line in enumerate(lines):
            if number > 1 and "|" in line and len(cells := _cells(line)) > count:
                left_out = shown(" | ".join(cells[count:]))
                message = (
                    f"this row has more cells than the table's head, so “{left_out}” is left out"
                )
                yield Slip(at, f"{message}: give the head {len(cells)} cells too")
            at += len(line) + 1


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if re.search(r"(?<!\\)\|$", inner) else inner
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", inner)]


def crooked(text: Text) -> Iterator[Slip]:
    """Find the first line of a grid table with another width than its border: cells get mixed."""
    for offset, lines in _blocks(text):
        if len(lines) < 3 or not _BORDER.fullmatch(lines[0]):
            continue
        at = offset
        for line in lines:
            if line.lstrip().startswith(("|", "+")) and _width(line) != _width(lines[0]):
                message = "this line is not as wide as the table's border, so words can get lost"
                yield Slip(at, f"{message}: make every line of the table as wide as its border")
                break
            at += len(line) + 1


def _width(line: str) -> int:
    """Return the width of *line* in columns, as pandoc counts: an ideograph has two."""
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in line.rstrip()
    )
