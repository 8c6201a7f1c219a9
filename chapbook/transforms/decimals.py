"""Aligns columns of numbers at their decimal signs.

No reading system can align at a character (CSS Text 4, `text-align: "."`). So a number with fewer
decimals is followed by room for the missing ones: `data-pad` has them, and the stylesheet adds them
invisibly. They are not text: they are not copied, searched or read aloud.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.document import Document
from chapbook.model.dom import BLOCK_ELEMENTS, add_class, classes, text_of
from chapbook.model.table_grid import Slot, slots

_FEWEST = 2  # numbers that make a column of numbers
_NOTHING = re.compile(r"[-–—−·.…*?/\s]*|n/?a\.?|N/?A\.?")  # signs for a missing number
_SPACES = "\u00a0\u202f\u2009 "
_BEFORE = rf"[-+±−–<>≤≥~≈(]?[{_SPACES}]?(?:[$€£¥]|[A-Z]{{2,3}}[{_SPACES}])?[-+−]?"
_AFTER = rf"[{_SPACES}]?[^\d\s.,]{{0,4}}"


@dataclass(frozen=True, slots=True)
class _Number:
    """A number: its element, its decimals with their sign, and the unit after them."""

    block: Element
    fraction: str
    unit: str


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
    asked = {
        name
        for cell in cells
        for name in classes(cell)
        if name.startswith(f"{vocabulary.PREFIX}align-")
    }
    if (
        asked - {vocabulary.ALIGN_RIGHT}
        or sum(any(map(str.isdigit, text_of(c))) for c in cells) < _FEWEST
    ):
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
        if vocabulary.ALIGNMENTS.isdisjoint(classes(slot.cell)):
            add_class(slot.cell, vocabulary.ALIGN_RIGHT)
    for cell in cells:
        add_class(cell, vocabulary.DECIMAL)


def _decimal_sign(lang: str) -> str:
    from babel import Locale, UnknownLocaleError
    from babel.numbers import get_decimal_symbol

    try:
        return str(get_decimal_symbol(Locale.parse(lang, sep="-")))
    except (UnknownLocaleError, ValueError):
        return "."


# Reading ---------------------------------------------------------------------------------------


def _numbers(cells: list[Element], decimal: str) -> list[_Number] | None:
    """Return the numbers in *cells* with this decimal sign; None if a cell has something else."""
    groups = _SPACES + "'’" + (",٬" if decimal != "," else ".")
    pattern = re.compile(
        rf"{_BEFORE}(?:\d{{1,3}}(?:[{groups}]\d{{3}})+(?!\d)|\d*)"
        rf"(?P<fraction>(?:{re.escape(decimal)}\d+)?)(?P<unit>{_AFTER})"
    )
    numbers: list[_Number] = []
    for cell in cells:
        words = text_of(cell)
        if _NOTHING.fullmatch(words):
            continue
        number, block = pattern.fullmatch(words), _sole_block(cell)
        if number is None or block is None or not any(map(str.isdigit, words)):
            return None
        numbers.append(_Number(block, number["fraction"], number["unit"]))
    return numbers


def _sole_block(cell: Element) -> Element | None:
    """Return the block with all words of *cell*, maybe the cell itself; None if several have."""
    blocks = [child for child in cell if child.tag in BLOCK_ELEMENTS]
    if not blocks:
        return cell
    is_alone = len(cell) == 1 and not (cell.text or "").strip()
    return _sole_block(blocks[0]) if is_alone and not (blocks[0].tail or "").strip() else None


def _pad(number: _Number, numbers: list[_Number]) -> None:
    """Give *number* the room of the longest decimals and the longest unit."""
    fraction = max((other.fraction for other in numbers), key=len)
    unit = max((other.unit for other in numbers), key=len)
    if missing := fraction[len(number.fraction) :] + unit[len(number.unit) :]:
        number.block.set("data-pad", missing)
