"""Plain text, for proofreading and for searching: what the pages say, in lines of one width.

What stands for what is a small fixed set, so that `chapbook.checks.read_text` can read it back:
a number in brackets calls a note, which stands at the end of its chapter; brackets hold the words
that describe an image; a formula is its TeX between dollar signs; an address follows the words of
its link; bars part the cells of a table; code is indented and never broken. Emphasis is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple
from xml.etree.ElementTree import Element

from chapbook.design.template_context import View
from chapbook.design.templates import Design
from chapbook.lang.numerals import numeral
from chapbook.layout.formula_drawings import tex_of
from chapbook.model import vocabulary
from chapbook.model.document import Artefact, Note, Publication
from chapbook.model.dom import (
    BLOCK_ELEMENTS,
    HEADINGS,
    classes,
    is_line_number,
    is_note_call,
    is_page_break,
)
from chapbook.model.plain_text import raised_or_lowered

WIDTH = 72
"""Columns of a line where the user names no other number."""

_ENDLESS = 10**6  # columns
_LINE_END = "\v"  # where the author ended a line; no manuscript holds it
_BAR = " | "
_LEAST_INDENT = 2
_MOST_SPANNED = 1000  # HTML 4.9.11
_STEP = 4  # columns by which quotes, code and definitions are indented
_PAGE, _END = "\x02", "\x03"  # enclose the label of a page; no manuscript holds these characters
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # soft hyphens and joiners
_UNDERLINES = {1: "=", 2: "-"}  # by the depth of a heading
_NEVER_FIRST = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々ー’”）〕］｝〉》」』】〙〗〟°′″％"
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ‥…"
)
_NEVER_LAST = frozenset("‘“（〔［｛〈《「『【〘〖〝￥＄")
_BOXES = {vocabulary.OPEN: "[ ]", vocabulary.DONE: "[x]"}
_UNLABELED = frozenset({vocabulary.INDEX_ENTRY, vocabulary.ENTRY})


def write_text(
    publication: Publication, design: Design, *, width: int = WIDTH, page_numbers: bool = False
) -> Artefact:
    """Return *publication* in lines of *width* columns, in UTF-8.

    With *page_numbers*, a bar and the number of the printed page follow the line it begins on.
    """
    view = View.of(publication, design)
    blocks = [*_title_block(view, width), *_Writer(view, width).blocks_of_text()]
    lines = [line for line in _joined(blocks) if page_numbers or line.text or not line.pages]
    text = "".join(f"{_finished(line, width, page_numbers)}\n" for line in lines)
    words = "1 word" if view.word_count == 1 else f"{view.word_count:,} words"
    return Artefact("text", ".txt", text.encode(), words)


class Line(NamedTuple):
    """A line, and the labels of the printed pages that begin on it."""

    text: str
    pages: tuple[str, ...] = ()


Block = list[Line]


def _joined(blocks: Sequence[Block]) -> Iterator[Line]:
    """The lines of *blocks*, with an empty one between two blocks."""
    for number, block in enumerate(blocks):
        if number:
            yield Line("")
        yield from block


def _finished(line: Line, width: int, page_numbers: bool) -> str:
    if not (page_numbers and line.pages):
        return line.text
    return f"{line.text}{' ' * max(2, width + 2 - columns(line.text))}|{','.join(line.pages)}"


def _title_block(view: View, width: int) -> Iterator[Block]:
    """Title, subtitle, authors and imprint, above a rule."""
    texts = (view.metadata.title, view.metadata.subtitle or "", view.authors)
    yield [line for text in texts for line in wrap(text, width)]
    yield [*wrap(" · ".join(view.imprint), width), Line("=" * width)]


# Lines ------------------------------------------------------------------------------------------


def columns(text: str) -> int:
    """Return how many columns *text* takes: two for a wide character, none for a mark on one.

    >>> columns("a\u0301b"), columns("日本")
    (2, 4)
    """
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def wrap(text: str, width: int) -> Block:
    """Return *text* in lines of at most *width* columns; a line feed in it ends a line.

    A word that is longer has a line of its own. Chinese and Japanese break between characters.
    """
    return [line for part in text.split("\n") for line in _wrapped(part, width)]


def _wrapped(text: str, width: int) -> Iterator[Line]:
    """The lines of one paragraph; its leading spaces are kept, as verse has them."""
    indent = text[: len(text) - len(text.lstrip(" "))]
    line, size, space, pages = indent, len(indent), "", list[str]()
    is_empty = True
    for piece, space_after in _pieces(text.strip(" ")):
        words, labels = _parted(piece)
        if not is_empty and size + len(space) + columns(words) > width and words:
            yield Line(line, tuple(pages))
            line, size, space, pages = "", 0, "", []
        line, size = f"{line}{space}{words}", size + len(space) + columns(words)
        space, pages, is_empty = space_after, pages + labels, False
    if line.strip() or pages:
        yield Line(line, tuple(pages))


def _parted(piece: str) -> tuple[str, list[str]]:
    """The words of *piece*, and the labels of the pages that begin in it."""
    first, *others = piece.split(_PAGE)
    marked = [other.partition(_END) for other in others]
    return "".join([first, *(after for _, _, after in marked)]), [label for label, _, _ in marked]


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """What is never broken, each with the space that follows it on the same line."""
    words = text.split(" ")
    for number, word in enumerate(words, 1):
        space = " " if number < len(words) else ""
        start = 0
        for at in range(1, len(word)):
            if _may_break(word[at - 1], word[at]):
                yield word[start:at], ""
                start = at
        yield word[start:], space


def _may_break(before: str, after: str) -> bool:
    if _END in (before, after) or _PAGE in (before, after):
        return False
    if before in _NEVER_LAST or after in _NEVER_FIRST or _columns(after) == 0:
        return False
    return _breaks_alone(before) and _breaks_alone(after)


def _breaks_alone(character: str) -> bool:
    """Whether lines break beside *character* without a space: it is wide, and not Korean."""
    return _columns(character) == 2 and not "\uac00" <= character <= "\ud7ff"


def _indented(blocks: Sequence[Block], first: str, rest: str) -> list[Block]:
    """*blocks* behind *first* on their first line and behind *rest* on the others."""
    made, lead = [], first
    for block in blocks:
        lines = []
        for line in block:
            text = f"{lead}{line.text}" if line.text or lead.strip() else ""
            lines.append(Line(text.rstrip() if not line.text else text, line.pages))
            lead = rest
        made.append(lines)
    return made


# Blocks -----------------------------------------------------------------------------------------


class _Writer:
    """Writes a text, and keeps the notes that its chapter still has to print."""

    def __init__(self, view: View, width: int) -> None:
        self._view = view
        self._width = width
        self._notes = {note.ref_id: note for note in view.notes}
        self._called: list[Note] = []
        self._pages: list[str] = []  # of pages that begin before the next words

    def blocks_of_text(self) -> list[Block]:
        """The whole text, with the notes of each chapter at its end."""
        blocks = self._flow(self._view.body, self._width)
        return [*blocks, *self._notes_called()]

    def _notes_called(self) -> list[Block]:
        """The notes called since the last chapter ended, below their heading."""
        called, self._called = self._called, []
        pages, self._pages = self._pages, []  # they begin with the next chapter
        blocks: list[Block] = []
        if called:
            heading = self._view.words["notes"]
            blocks.append([Line(heading), Line("-" * columns(heading))])
        for note in called:
            mark = f"[{note.number}] "
            own = self._flow(note.body, self._width - len(mark)) or [[Line("")]]
            blocks += _indented(own, mark, " " * len(mark))
        self._pages = pages
        return blocks

    def _flow(self, node: Element, width: int) -> list[Block]:
        """What stands in *node*: blocks, and paragraphs of the words between them."""
        blocks: list[Block] = []
        loose = [node.text or ""]
        for child in node:
            if child.tag in BLOCK_ELEMENTS:
                blocks += self._paragraph("".join(loose), width)
                loose = []
                blocks += self._block(child, width)
            else:
                loose.append(self._inline(child))
            loose.append(child.tail or "")
        return blocks + self._paragraph("".join(loose), width)

    def _paragraph(self, text: str, width: int) -> list[Block]:
        """The lines of *text*, whose white space counts as one space; _LINE_END ends a line."""
        parts = [" ".join(part.split(" ")) for part in _folded(text).split(_LINE_END)]
        if not any(_parted(part)[0].strip() for part in parts):
            self._pages += [label for part in parts for label in _parted(part)[1]]
            return []
        return [wrap(self._with_pages("\n".join(part.strip(" ") for part in parts)), width)]

    def _with_pages(self, text: str) -> str:
        labels, self._pages = self._pages, []
        return "".join([*map(_mark, labels), text])

    def _block(self, node: Element, width: int) -> list[Block]:
        if node.tag == "section" and self._begins_chapter(node):
            return [*self._notes_called(), *self._flow(node, width)]
        if write := _BLOCKS.get(node.tag):
            return write(self, node, width)
        if vocabulary.STANZA in classes(node):
            return [[line for child in node for line in self._verse(child, width)]]
        return self._flow(node, width)

    def set_in(self, node: Element, width: int) -> list[Block]:
        return _indented(self._flow(node, width - _STEP), " " * _STEP, " " * _STEP)

    def rule(self, _: Element, width: int) -> list[Block]:
        return [[Line(f"{' ' * ((width - 1) // 2)}⁂")]]

    def definitions(self, node: Element, width: int) -> list[Block]:
        """Each definition right below its term."""
        blocks: list[Block] = []
        for child in node:
            own = self._block(child, width)
            if child.tag == "dd" and blocks and own:
                blocks[-1] += own.pop(0)
            blocks += own
        return blocks

    def _begins_chapter(self, section: Element) -> bool:
        return self._view.metadata.documentclass == "book" and section.get("data-depth") == "1"

    def heading(self, node: Element, width: int) -> list[Block]:
        blocks = self._flow(node, width)
        sign = _UNDERLINES.get(int(node.tag[1]) - 1)
        if sign and blocks and width == self._width:
            blocks[-1].append(Line(sign * columns(blocks[-1][-1].text)))
        return blocks

    def _verse(self, line: Element, width: int) -> Block:
        """A line of verse with its indent; what does not fit goes on further in."""
        text = self._inline(line).rstrip()
        words = text.lstrip("\u00a0 ")  # pandoc writes the indent as spaces that do not break
        text = f"{' ' * (len(text) - len(words))}{words}"
        wrapped = wrap(self._with_pages(text.replace("\n", " ")), width)
        return [wrapped[0], *(Line(f"{' ' * 2 * _STEP}{rest.text}") for rest in wrapped[1:])]

    def list_items(self, node: Element, width: int) -> list[Block]:
        """The items behind their labels; items without paragraphs follow each other closely."""
        step = -1 if "reversed" in node.attrib else 1
        number = int(node.get("start", len(node) if step < 0 else 1))
        blocks: list[Block] = []
        for item in node:
            number = int(item.get("value", number))
            label = _label(item, node, number)
            lead = f"{label} " if label else ""
            rest = " " * max(columns(lead), _LEAST_INDENT)
            own = self._flow(item, width - len(rest)) or [[Line("")]]
            own = _indented([[*chain(*own)]] if _is_tight(item) else own, lead, rest)
            if blocks and item.find("p") is None:
                blocks[-1] += own.pop(0)
            blocks += own
            number += step
        return blocks

    def listing(self, node: Element, _: int) -> list[Block]:
        code = self._with_pages("".join(self._code(node)).rstrip("\n"))
        lines = [Line(*_line_of(line)) for line in code.split("\n")]
        return _indented([lines], " " * _STEP, " " * _STEP)

    def _code(self, node: Element) -> Iterator[str]:
        yield node.text or ""
        for child in node:
            yield _mark_of(child)
            if not is_line_number(child):
                yield from self._code(child)
            yield child.tail or ""

    def table(self, table: Element, width: int) -> list[Block]:
        """The caption, and a line for each row; cells too wide for the page are not aligned."""
        caption = table.find("caption")
        blocks = self._flow(caption, width) if caption is not None else []
        rows = [
            [_Cell(self._cell(cell), *place, cell) for cell, place in placed]
            for placed in _placed(table)
        ]
        sizes = _sizes(rows)
        if sum(sizes) + len(_BAR) * (len(sizes) - 1) > width:
            texts = (wrap(_BAR.join(cell.text for cell in row), width - _STEP) for row in rows)
            return blocks + _indented_after_first([text for text in texts if text])
        lines = [_row(row, sizes) for row in rows]
        heads = sum(1 for _ in table.iterfind("thead/tr"))
        if 0 < heads < len(lines):
            lines.insert(heads, Line("-+-".join("-" * size for size in sizes)))
        return [*blocks, lines]

    def _cell(self, cell: Element) -> str:
        """The words of *cell* on one line, with the marks of the pages that begin in it."""
        lines = _joined(self._flow(cell, _ENDLESS))
        words = (f"{''.join(map(_mark, pages))}{text}".strip() for text, pages in lines)
        return " ".join(filter(None, words))

    # Words --------------------------------------------------------------------------------------

    def _inline(self, node: Element) -> str:
        """The words of *node*, which stands among words."""
        if is_note_call(node):
            return self._call(node)
        if write := _WORDS.get(node.tag):
            return write(node)
        text = self._words(node)
        if node.tag in {"sup", "sub"} and node.find(".//a") is None:
            return raised_or_lowered(" ".join(text.split()), node.tag)
        return f"{_mark_of(node)}{_AROUND.get(node.tag, '{}').format(text)}{_address(node, text)}"

    def _words(self, node: Element) -> str:
        inner = (f"{self._inline(child)}{child.tail or ''}" for child in node)
        return "".join([node.text or "", *inner])

    def _call(self, node: Element) -> str:
        note = self._notes.get(node.get("id", ""))
        if note is not None:
            self._called.append(note)
        return f"[{_number_of(node)}]"


def _image(node: Element) -> str:
    return f"[{alt}]" if (alt := " ".join(node.get("alt", "").split())) else ""


def _formula(node: Element) -> str:
    sign = "$$" if node.get("display") == "block" else "$"
    return f"{sign}{tex_of(node)}{sign}"


_BLOCKS: Mapping[str, Callable[[_Writer, Element, int], list[Block]]] = {
    **dict.fromkeys(HEADINGS, _Writer.heading),
    **dict.fromkeys(("ul", "ol"), _Writer.list_items),
    **dict.fromkeys(("blockquote", "dd", "aside"), _Writer.set_in),
    "dl": _Writer.definitions,
    "hr": _Writer.rule,
    "pre": _Writer.listing,
    "table": _Writer.table,
}
_WORDS: Mapping[str, Callable[[Element], str]] = {
    "br": lambda _: _LINE_END,
    "img": _image,
    "math": _formula,
}
_AROUND = {"q": "“{}”"}


def _number_of(node: Element) -> str:
    """The number of the note that *node* calls."""
    return "".join(node.itertext()).strip()


def _folded(text: str) -> str:
    """*text* with one space for its white space, as HTML has it; U+00A0 and its like stay."""
    return re.sub(r"[ \t\n\r\f]+", " ", text.translate(_UNSEEN))


def _mark(label: str) -> str:
    return f"{_PAGE}{label}{_END}"


def _mark_of(node: Element) -> str:
    """The mark of the page that begins at *node*; empty if none does."""
    return _mark(node.get("data-page", "")) if is_page_break(node) else ""


def _line_of(text: str) -> tuple[str, tuple[str, ...]]:
    words, pages = _parted(text)
    return words.rstrip(), tuple(pages)


def _address(node: Element, text: str) -> str:
    """What follows *text*, the words of a link: its address, if it leads out and they lack it."""
    address = node.get("href", "#") if node.tag == "a" else "#"
    bare = address.removeprefix("mailto:").removeprefix("tel:")
    if address.startswith("#") or bare in _parted(text.translate(_UNSEEN))[0]:
        return ""
    return f" <{address}>"


def _label(item: Element, parent: Element, number: int) -> str:
    """What stands before a list item: its box, its number or a bullet; nothing in an index."""
    names = classes(item)
    box = next((_BOXES[name] for name in names if name in _BOXES), None)
    if box or not _UNLABELED.isdisjoint(names):
        return box or ""
    return f"{numeral(number, parent.get('type', '1'))}." if parent.tag == "ol" else "•"


def _is_tight(item: Element) -> bool:
    """Whether *item* holds words and lists alone."""
    blocks = (child.tag for child in item if child.tag in BLOCK_ELEMENTS)
    return all(tag in {"ul", "ol"} for tag in blocks)


# Tables -----------------------------------------------------------------------------------------


class _Cell(NamedTuple):
    """The words of a cell, its first column, how many columns it spans, and its element."""

    text: str
    column: int
    span: int
    element: Element


def _placed(table: Element) -> Iterator[list[tuple[Element, tuple[int, int]]]]:
    """For each row the cells with their first columns and spans, as HTML places them."""
    taken: dict[int, int] = {}  # for how many more rows a cell from above covers a column
    for row in table.iter("tr"):
        placed, column = [], 0
        covered, taken = taken, {at: rows - 1 for at, rows in taken.items() if rows > 1}
        for cell in row:
            while column in covered:
                column += 1
            span, height = (_count(cell, name) for name in ("colspan", "rowspan"))
            placed.append((cell, (column, span)))
            taken |= {at: height - 1 for at in range(column, column + span) if height > 1}
            column += span
        yield placed


def _count(cell: Element, name: str) -> int:
    value = cell.get(name, "1")
    return max(1, min(int(value), _MOST_SPANNED)) if value.isdecimal() else 1


def _sizes(rows: Sequence[Sequence[_Cell]]) -> list[int]:
    """How many columns of the page each column of a table takes."""
    sizes = [0] * max((cell.column + cell.span for row in rows for cell in row), default=0)
    for cell in sorted((cell for row in rows for cell in row), key=lambda cell: cell.span):
        last = cell.column + cell.span - 1
        room = sum(sizes[cell.column : last]) + len(_BAR) * (cell.span - 1)
        sizes[last] = max(sizes[last], columns(_parted(cell.text)[0]) - room)
    return sizes


def _row(row: Sequence[_Cell], sizes: Sequence[int]) -> Line:
    text, pages = "", list[str]()
    for number, cell in enumerate(row):
        words, labels = _parted(cell.text)
        pages += labels
        start = sum(sizes[: cell.column]) + len(_BAR) * cell.column
        text += " " * (start - columns(text) - (len(_BAR) if number else 0))
        text += _BAR if number else ""
        room = sum(sizes[cell.column : cell.column + cell.span]) + len(_BAR) * (cell.span - 1)
        space = " " * (room - columns(words))
        is_right = vocabulary.ALIGN_RIGHT in classes(cell.element)
        text += f"{space}{words}" if is_right else f"{words}{space}"
    return Line(text.rstrip(), tuple(pages))


def _indented_after_first(blocks: Sequence[Block]) -> list[Block]:
    return [block for each in blocks for block in _indented([each], "", " " * _STEP)]
