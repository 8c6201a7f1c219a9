"""Columns of numbers: their decimal signs stand one below the other.

No reading system aligns at a character (CSS Text 4, `text-align: "."`). So a number with fewer
decimals is followed by room for the missing ones: `data-pad` holds them, and the stylesheet sets
them after it, unseen. They are no words: nothing of them is copied, searched or read aloud.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from chapbook.document import Document
from chapbook.dom import add_class, classes, element, is_note_call, text_of
from chapbook.table_grid import Slot, slots

_FEWEST = 2  # numbers that make a column of numbers
_NOTHING = re.compile(r"[-–—−·.…*?/\s]*|n/?a\.?|N/?A\.?")  # what stands for a number missing
_SPACES = "\u00a0\u202f\u2009 "
_BEFORE = rf"[-+±−–<>≤≥~≈(]?[{_SPACES}]?(?:[$€£¥]|[A-Z]{{2,3}}[{_SPACES}])?[-+−]?"
_AFTER = rf"[{_SPACES}]?[^\d\s.,]{{0,4}}"


@dataclass(frozen=True, slots=True)
class _Held:
    """Words as the tree holds them: in *parent*, after its child *before*, or before them all."""

    parent: Element
    before: Element | None
    text: str


@dataclass(frozen=True, slots=True)
class _Number:
    """A number in a cell: where its text is held, and the parts of it."""

    held: _Held
    head: str
    fraction: str  # with the decimal sign, or nothing
    after: str


def align_decimals(document: Document) -> Document:
    """Give the numbers of each column the same room after their decimal signs."""
    for tree in (document.body, *(note.body for note in document.notes)):
        for table in tree.iter("table"):
            columns: dict[int, list[Slot]] = {}
            for slot in slots(table):
                if slot.width == 1:
                    columns.setdefault(slot.column, []).append(slot)
            for column in columns.values():
                _align(column, document.metadata.lang)
    return document


def _align(column: list[Slot], lang: str) -> None:
    cells = [slot.cell for slot in column if slot.group.tag != "thead" and slot.cell.tag == "td"]
    asked = {name for cell in cells for name in classes(cell) if name.startswith("align-")}
    if asked - {"align-right"} or sum(any(map(str.isdigit, text_of(c))) for c in cells) < _FEWEST:
        return
    sign = _decimal_sign(lang)
    for decimal in (sign, "." if sign == "," else ","):
        numbers = _numbers(cells, decimal)
        if numbers is not None:
            break
    if not numbers or not any(number.fraction for number in numbers):
        return
    for number in numbers:
        _pad(number, numbers)
    for slot in column:
        if not any(name.startswith("align-") for name in classes(slot.cell)):
            add_class(slot.cell, "align-right")
    for cell in cells:
        add_class(cell, "decimal")


def _decimal_sign(lang: str) -> str:
    from babel import Locale, UnknownLocaleError
    from babel.numbers import get_decimal_symbol

    try:
        return str(get_decimal_symbol(Locale.parse(lang, sep="-")))
    except (UnknownLocaleError, ValueError):
        return "."


# Reading ---------------------------------------------------------------------------------------


def _numbers(cells: list[Element], decimal: str) -> list[_Number] | None:
    """The numbers in *cells*, read with this decimal sign; None where one holds something else."""
    groups = _SPACES + "'’" + (",٬" if decimal != "," else ".")
    pattern = re.compile(
        rf"\s*(?P<head>{_BEFORE}(?:\d{{1,3}}(?:[{groups}]\d{{3}})+(?!\d)|\d*))"
        rf"(?P<fraction>(?:{re.escape(decimal)}\d+)?)(?P<after>{_AFTER})\s*"
    )
    found: list[_Number] = []
    for cell in cells:
        if _NOTHING.fullmatch(text_of(cell)):
            continue
        held = list(_held(cell))
        number = pattern.fullmatch(held[0].text) if len(held) == 1 else None
        if number is None or not any(map(str.isdigit, number[0])):
            return None
        head, fraction, after = number["head"], number["fraction"], number["after"]
        found.append(_Number(held[0], head, fraction, after))
    return found


def _held(node: Element) -> Iterator[_Held]:
    """What holds the words in *node*, the numbers of notes apart."""
    if node.text and node.text.strip():
        yield _Held(node, None, node.text)
    for child in node:
        if not is_note_call(child):
            yield from _held(child)
        if child.tail and child.tail.strip():
            yield _Held(node, child, child.tail)


# Setting ---------------------------------------------------------------------------------------


def _pad(number: _Number, numbers: list[_Number]) -> None:
    """Give *number* the room of the longest fraction, and of the longest word after it."""
    fraction = max((each.fraction for each in numbers), key=len)
    after = max((each.after for each in numbers), key=len)
    decimals = fraction[len(number.fraction) :]
    rest = after[len(number.after) :]
    if not number.after:
        decimals, rest = decimals + rest, ""
    text, made = number.head + number.fraction, []
    if decimals:
        made = [element("span", text, class_="number", data_pad=decimals)]
        made[0].tail, text = number.after, ""
    else:
        text += number.after
    if rest:
        made.append(element("span", class_="number", data_pad=rest))
    if made:
        _put(number.held, text, made)


def _put(held: _Held, text: str, elements: list[Element]) -> None:
    """Set *text* and *elements* in place of the words that are *held*."""
    if held.before is None:
        held.parent.text, index = text, 0
    else:
        held.before.tail, index = text, list(held.parent).index(held.before) + 1
    for each in reversed(elements):
        held.parent.insert(index, each)
