"""Lists right below a paragraph: pandoc needs an empty line there, chats and Obsidian do not.

A line of prose may begin with a year or a dash. So lines are a list only if two or more items
follow each other in order up to the end of the paragraph, or if the line above introduces them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from chapbook.model.errors import Code
from chapbook.reading.dialects.rewriting import Gap, Remark, Rewritten, live

LARGEST_NUMBER = 1000  # from here on a number at the start of a line is probably a year

_MARKER = re.compile(
    r"(?P<indent>[ \t]*)(?:(?P<bullet>[-+*])|(?P<open>\(?)(?:(?P<number>\d{1,9})|(?P<letter>[a-z])|"
    r"(?P<example>@[\w-]*)|(?P<auto>\#))(?P<close>[.)]))(?:[ \t]+(?P<words>\S.*)|[ \t]*)"
)
_QUOTES = re.compile(r"(?:[ ]{0,3}>[ ]?)*")
_ENDS_AT_ONCE = re.compile(
    r"[ ]{0,3}(?:\#{1,6}[ \t]|:{3,}|<[^<>]*>[ \t]*$|\[[^\]\n^][^\]\n]*\]:[ \t]*\S)|"
    r"[ ]{0,3}(?:[-*_][ \t]*){3,}$"
)
_NO_PARAGRAPH = re.compile(r"[ \t]*(?:\||\+[-=]|[:~][ \t])")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:[| ][ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_NOTE = re.compile(r"[ ]{0,3}\[\^[^\]\n]+\]:")
_INTRODUCES = re.compile(
    r"[:\uff1a][*_~\\ \t]*\Z|\A[ \t]*\*\*[^*\n]+\*\*[ \t\\]*\Z|\A[ \t]*\[!\w+\][+-]?[^\n]*\Z"
)
"""A colon, a line in bold, or the marker of an admonition."""

_TASK = re.compile(r"\[[ xX]\][ \t]")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a block: its number from 1, the quote signs before it, and the rest."""

    number: int
    prefix: str
    text: str


@dataclass(frozen=True, slots=True)
class _Run:
    """The lines from an item to the end of its block: the numbers of items and of other lines."""

    first: re.Match[str]
    items: int
    strays: int

    @property
    def is_task(self) -> bool:
        return _TASK.match(self.first["words"] or "") is not None

    @property
    def begins_at_one(self) -> bool:
        number = self.first["number"]
        return number is None or number == "1"


def part_lists(text: str, parted: Collection[int]) -> Rewritten:
    """Return *text*, and the lines before which a list needs an empty line.

    The lines in *parted* have one already.
    """
    if not re.search(r"[^\n]\n[ \t>]*(?:[-+*]|\(?(?:\d{1,9}|[a-z]|@[\w-]*|\#)[.)])[ \t]", text):
        return Rewritten(text)
    gaps: list[Gap] = []
    remarks: list[Remark] = []
    for block in _blocks(live(text), parted):
        result = _list_in(block)
        if isinstance(result, Gap):
            gaps.append(result)
        elif result is not None:
            remarks.append(result)
    return Rewritten(text, tuple(gaps), tuple(remarks))


def _blocks(read: str, parted: Collection[int]) -> Iterator[list[_Line]]:
    """Yield groups of lines without an empty line, within the same quotes."""
    block: list[_Line] = []
    for number, line in enumerate(read.split("\n"), 1):
        prefix = _QUOTES.match(line)
        signs = prefix[0] if prefix else ""
        rest = line[len(signs) :]
        is_other = block and signs.count(">") > block[-1].prefix.count(">")
        if block and (not rest.strip() or is_other or number in parted):
            yield block
            block = []
        if rest.strip():
            block.append(_Line(number, signs, rest))
    if block:
        yield block


def _list_in(block: list[_Line]) -> Gap | Remark | None:
    """Return where a list begins in the paragraph *block*, or a remark if only similar to one."""
    doubt: Remark | None = None
    above: _Line | None = None  # the line above, inside a paragraph
    is_note = _NOTE.match(block[0].text) is not None
    for index, line in enumerate(block):
        if _ENDS_AT_ONCE.match(line.text):
            above = None
            continue
        begins_list = above is None and _MARKER.fullmatch(line.text)
        if begins_list or _is_no_paragraph(block, index):
            return doubt
        marker = _MARKER.fullmatch(line.text) if above else None
        if above and marker and marker["words"]:
            run = _run(marker, block[index:])
            # Lines without indentation do not belong to the note.
            fits = not is_note or line.text.startswith(("    ", "\t"))
            if fits and _is_list(run, above.text):
                return Gap(line.number, line.prefix.rstrip())
            if doubt is None and _looks_like_list(run):
                doubt = Remark(line.number, Code.MARKUP_UNREAD, _doubted(line))
        above = line
    return doubt


def _doubted(line: _Line) -> str:
    message = f"“{line.text.strip()[:40]}” continues the paragraph above it: if it begins a list,"
    return f"{message} leave an empty line above"


def _is_no_paragraph(block: list[_Line], index: int) -> bool:
    """Return whether a table, a definition or verse begins on that line."""
    follows = block[index + 1].text if index + 1 < len(block) else ""
    is_table = _TABLE_RULE.fullmatch(follows) and re.search(r"[-|]{2}", follows)
    return bool(_NO_PARAGRAPH.match(block[index].text) or is_table)


def _run(first: re.Match[str], lines: list[_Line]) -> _Run:
    """Return the run of items from *first* on that have its kind and follow in order."""
    items, strays, last = 0, 0, None
    indent = len(first["indent"].expandtabs(4))
    for line in lines:
        match = _MARKER.fullmatch(line.text)
        depth = len(line.text.expandtabs(4)) - len(line.text.expandtabs(4).lstrip())
        if depth > indent:
            continue  # a part of an item
        if match and match["words"] and _follows(last, match, first):
            items, last = items + 1, match
        else:
            strays += 1
    return _Run(first, items, strays)


def _follows(last: re.Match[str] | None, match: re.Match[str], first: re.Match[str]) -> bool:
    """Return whether the item *match* follows *last* in a list that begins with *first*."""
    kinds = ("bullet", "open", "close")
    if any(match[kind] != first[kind] for kind in kinds):
        return False
    for kind in ("number", "letter"):
        if first[kind]:
            if last is None or not match[kind]:
                return last is None
            return _value(match[kind]) == _value(last[kind]) + 1
    return bool(match["bullet"] or match["example"] or match["auto"])


def _value(label: str) -> int:
    return int(label) if label.isdigit() else ord(label)


def _is_list(run: _Run, above: str) -> bool:
    number = int(run.first["number"] or 0)
    if run.is_task or (run.items > 1 and not run.strays and number < LARGEST_NUMBER):
        return True
    may_begin = run.begins_at_one and run.first["letter"] in {None, "a"}
    return bool(_INTRODUCES.search(above)) and may_begin


def _looks_like_list(run: _Run) -> bool:
    return run.items > 1 or (not run.strays and run.begins_at_one and run.first["letter"] is None)
