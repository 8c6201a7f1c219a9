"""Numbered lists that are printed with other numbers than the written ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chapbook.reading.linting.slip import Slip, Text

_LINE = re.compile(r"^([ \t]*)([^\n]*)$", re.MULTILINE)
_ITEM = re.compile(r"[ \t]*(?:(?P<number>\d{1,9})(?P<delimiter>[.)])|[-+*])[ \t]+\S")
_NEAR = 1  # items of one list may be indented by one column more or less


@dataclass(slots=True)
class _List:
    """A list that later lines may continue."""

    indent: int
    delimiter: str
    first: int
    length: int = 1
    is_lazy: bool = True  # every item has the number of the first, and pandoc counts them


def numbers(text: Text) -> Iterator[Slip]:
    """Find the first item of each list that is printed with another number."""
    lists: list[_List] = []
    is_after_blank = True
    for line in _LINE.finditer(text.source):
        item = _ITEM.match(line[0])
        if item and item["number"]:
            yield from _slips(lists, item, line.start(), is_after_blank)
        elif line[2] and (item or is_after_blank):
            lists[:] = [each for each in lists if each.indent < len(line[1])]
        is_after_blank = not line[2]


def _slips(
    lists: list[_List], item: re.Match[str], offset: int, is_after_blank: bool
) -> Iterator[Slip]:
    """Yield the slip of a numbered *item* in the line at *offset*, and update *lists*."""
    number, delimiter, indent = int(item["number"]), item["delimiter"], item.start("number")
    lists[:] = [each for each in lists if each.indent <= indent + _NEAR]
    here = lists[-1] if lists and lists[-1].indent >= indent - _NEAR else None
    if here is None or here.delimiter != delimiter:
        if here or is_after_blank or number == 1:  # else it stands within a paragraph
            lists.append(_List(indent, delimiter, number))
        return
    printed = here.first + here.length
    here.length += 1
    here.is_lazy &= number == here.first
    if number != printed and not here.is_lazy:
        lists.remove(here)
        message = f"“{number}{delimiter}” is printed as “{printed}{delimiter}”, as it follows"
        remedy = f"correct it, or write {number}\\{delimiter} where it begins no item"
        yield Slip(offset + indent, f"{message} in its list: {remedy}")
