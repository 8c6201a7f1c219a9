"""Tables that are wider than the printed page: set closer, set smaller, or turned by a quarter.

In this order, and each is told. A table is as narrow as the longest words of its columns let it
be; type is never smaller than printers hold. A turned one has pages of its own (`weasy/turned.py`).
Where even that is too narrow, words are broken, and its author is asked to part the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from xml.etree.ElementTree import Element

from chapbook.design.fonts import Instance
from chapbook.model import vocabulary
from chapbook.model.dom import add_class, classes, element, replace, text_of, walk
from chapbook.model.errors import Code, Finding, Place, note, warning
from chapbook.model.table_grid import row_groups, slots
from chapbook.printing.geometry import Page
from chapbook.reading.source_positions import Places

SMALLEST_PT = 7.0  # letters that printers hold (KDP)
_SIZE_EM = 0.92  # of a table's type, as tables.css has it
_PADDING_EM, _CLOSE_PADDING_EM = 1.4, 0.7  # left and right of a cell together: print.css
_WIDER = 1.04  # bold and figures of equal width, against the plain letters that are measured
_MM_PER_PT = 25.4 / 72
_CODE_EM = 0.53  # a letter of code in a line of text: 0.6 em of Source Code Pro at 0.88
_STAYS_UPRIGHT = frozenset("li dd blockquote figure td th footnote aside details".split())
_INDENTS_EM = {"li": 1.6, "dd": 1.6, "blockquote": 3.2, "aside": 2.0, "figure": 0.0}
_NOTE_PT = 8.0  # the type of notes: print.css
_MOST_ROWS_JOINED = 8
_LONGEST_WORDS = 3  # of a cell, that are measured


@dataclass(frozen=True, slots=True)
class _Setting:
    """How a table is set: in which size, in em of the text around it, and how else."""

    size_em: float
    is_close: bool = False
    is_turned: bool = False
    is_broken: bool = False


def fit_tables(text: Element, page: Page, face: Instance, places: Places) -> Iterator[Finding]:
    """Set every table of *text* so that it keeps to the *page*; tell which are not as others."""
    for table, around in list(_tables(text, ())):
        in_note = "footnote" in around
        size_pt = _NOTE_PT if in_note else page.text_pt
        indent_mm = sum(_INDENTS_EM.get(tag, 0) for tag in around) * size_pt * _MM_PER_PT
        may_turn = not _STAYS_UPRIGHT.intersection(around) and "portrait" not in classes(table)
        rooms = _Rooms(
            upright_em=(page.measure_mm - indent_mm) / (size_pt * _MM_PER_PT),
            turned_em=page.text_height_mm / (size_pt * _MM_PER_PT) if may_turn else 0,
            smallest_em=min(_SIZE_EM, SMALLEST_PT / size_pt),
        )
        narrowest = _narrowest_em(table, face)
        is_asked = may_turn and "landscape" in classes(table)
        setting = rooms.setting(narrowest, is_asked)
        _apply(setting, table)
        _join_rows(table)
        if setting.is_broken:
            _share_out(table, narrowest)
        yield from _told(setting, table, size_pt, places, is_asked=is_asked)


@dataclass(frozen=True, slots=True)
class _Rooms:
    """The widths that a table may take, in em of the text around it."""

    upright_em: float
    turned_em: float
    smallest_em: float

    def setting(self, narrowest: list[float], wants_turn: bool) -> _Setting:
        """How a table is set whose columns need the widths *narrowest*."""
        for is_turned, room in ((False, self.upright_em), (True, self.turned_em)):
            if room and (is_turned or not wants_turn):
                for is_close in (False, True):
                    fitting = self._size(narrowest, room, is_close=is_close)
                    if fitting >= (self.smallest_em if is_close else _SIZE_EM):
                        return _Setting(min(fitting, _SIZE_EM), is_close, is_turned)
        return _Setting(self.smallest_em, True, self.turned_em > self.upright_em, True)

    def _size(self, narrowest: list[float], room: float, *, is_close: bool) -> float:
        """The type size at which the table is just as wide as *room*."""
        padding = _CLOSE_PADDING_EM if is_close else _PADDING_EM
        return room / (sum(narrowest) + padding * len(narrowest) or 1)


def _tables(node: Element, around: tuple[str, ...]) -> Iterator[tuple[Element, tuple[str, ...]]]:
    """The tables below *node*, each with the names of the elements around it."""
    for child in node:
        if child.tag == "table":
            yield child, around
        yield from _tables(child, (*around, str(child.tag)))


# Measuring -------------------------------------------------------------------------------------


def _narrowest_em(table: Element, face: Instance) -> list[float]:
    """The least width of each column's words, in em of the table's type."""
    widths: dict[int, float] = {}
    spanning: list[tuple[range, float]] = []
    for slot in slots(table):
        width = _widest_word(slot.cell, face)
        if slot.width == 1:
            widths[slot.column] = max(widths.get(slot.column, 0), width)
        else:
            spanning.append((slot.columns, width))
    for columns, width in spanning:
        missing = width - sum(widths.get(each, 0) for each in columns)
        for each in columns:
            widths[each] = widths.get(each, 0) + max(0, missing) / len(columns)
    return [widths.get(column, 0) for column in range(max(widths, default=-1) + 1)]


def _widest_word(cell: Element, face: Instance) -> float:
    if vocabulary.DECIMAL in classes(cell):
        padding = max((node.get("data-pad", "") for node in cell.iter()), key=len)
        return _width_em(_words(cell) + padding, face)
    words = re.split(r"\s+|(?<=[-–—/\u200b\u00ad])", _words(cell))
    longest = sorted(set(words), key=len, reverse=True)[:_LONGEST_WORDS]
    width = max((_width_em(word, face) for word in longest), default=0.0)
    code = (text_of(node).split() for node in cell.iter("code"))
    width = max([width, *(len(word) * _CODE_EM for words in code for word in words)])
    pictures = (_pixels(image) for image in cell.iter("img"))
    width = max([width, *(pixels / 16 for pixels in pictures if pixels)])
    return width + 1.6 * any(node.tag in {"ul", "ol"} for node in cell.iter())


def _words(cell: Element) -> str:
    """The words of *cell*, without those of the notes that are placed at their calls in it."""
    if cell.find(".//footnote") is None:
        return text_of(cell)
    own = deepcopy(cell)
    for parent, node in list(walk(own)):
        if node.tag == "footnote":
            replace(parent, node)
    return text_of(own)


@cache
def _width_em(word: str, face: Instance) -> float:
    return face.width_em(word) * _WIDER if word else 0.0


def _pixels(image: Element) -> float:
    """The width that an image keeps, where its author gave one."""
    return float(image.get("width", "0")) if vocabulary.SIZED in classes(image) else 0.0


# Setting ---------------------------------------------------------------------------------------


def _apply(setting: _Setting, table: Element) -> None:
    if setting.size_em < _SIZE_EM:
        table.set("style", f"font-size: {setting.size_em:.3f}em")
    names = {
        vocabulary.CLOSE: setting.is_close,
        vocabulary.TURNED: setting.is_turned,
        vocabulary.BROKEN: setting.is_broken,
    }
    for name, is_so in names.items():
        if is_so:
            add_class(table, name)


def _join_rows(table: Element) -> None:
    """Keep the rows that a cell spans on one page, if they are not too many for it."""
    rows = [row for group in row_groups(table) for row in group.findall("tr")]
    for slot in slots(table):
        if 1 < slot.height <= _MOST_ROWS_JOINED:
            for row in rows[slot.row + 1 : slot.row + slot.height]:
                add_class(row, vocabulary.JOINED)


def _share_out(table: Element, narrowest: list[float]) -> None:
    """Give each column its share of a table that is too wide: engines take it from the last."""
    for part in [part for part in table if part.tag in {"colgroup", "col"}]:
        replace(table, part)
    columns = element("colgroup")
    whole = sum(narrowest) + _CLOSE_PADDING_EM * len(narrowest)
    for width in narrowest:
        share = (width + _CLOSE_PADDING_EM) / whole
        columns.append(element("col", style=f"width: {share:.2%}"))
    table.insert(1 if table.find("caption") is not None else 0, columns)


def _told(
    setting: _Setting, table: Element, size_pt: float, places: Places, *, is_asked: bool
) -> Iterator[Finding]:
    """What was done to *table*; a turn that its author asked for is no news."""
    is_small = setting.size_em < _SIZE_EM - 0.005
    if not (is_small or (setting.is_turned and not is_asked) or setting.is_broken):
        return
    done = ["turned by a quarter, on a page of its own"] if setting.is_turned else []
    done += [f"set in {setting.size_em * size_pt:.1f} pt"] if is_small else []
    told = f"the table “{_name(table)}” is wider than the printed page: {', and '.join(done)}"
    if setting.is_broken:
        told += "; some of its words are broken, so part it in two or shorten its longest words"
    make = warning if setting.is_broken else note
    yield make(Code.TABLE_WIDE, told, _place(table, places))


def _name(table: Element) -> str:
    """The caption, or else the first words in it."""
    caption = table.find("caption")
    words = text_of(table if caption is None else caption).split()
    return " ".join(words[:8]) + ("…" if len(words) > 8 else "")


def _place(table: Element, places: Places) -> Place:
    """Where the table stands in the manuscript, by the words with which it begins."""
    row = next(iter(table.iter("tr")), table)
    return places.of_row(*(_words(cell) for cell in row))
