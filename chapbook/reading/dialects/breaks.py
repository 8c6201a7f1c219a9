"""Thematic breaks that pandoc reads differently: it makes the line right above `---` a heading.

Below a single short line, dashes are taken as the underline of a heading. Below a sentence, or
below several lines, they are taken as a break without the empty line above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chapbook.model.errors import Code
from chapbook.reading.dialects.rewriting import Gap, Remark, Rewritten, live

LONGEST_HEADING = 80  # characters: a line in the window of an editor

_RULE = re.compile(
    r"[ ]{0,3}(?:(?P<dashes>-{2,})|\*(?:[ \t]*\*){2,}|_(?:[ \t]*_){2,}|-(?:[ \t]+-){2,})[ \t]*"
)
_NO_TEXT = re.compile(
    r"[ ]{0,3}(?:\#{1,6}[ \t]|:{3,}|`{3}|~{3}|[|+]|</?[A-Za-z][^>]*>[ \t]*$|\[[^\]\n^][^\]\n]*\]:|"
    r"[-=]+(?:[ \t]+[-=]+)*[ \t]*$|(?:[ \t]{4}|\t))"
)
_CONTAINED = re.compile(r"[ ]{0,3}(?:>|[-+*][ \t]|\d{1,9}[.)][ \t]|\[\^[^\]\n]+\]:)")
_QUOTES = re.compile(r"\A(?:[ ]{0,3}>[ ]?)*")
_SENTENCE_ENDS = re.compile(r"(?:[.…,;:]|[.!?…]\s?[”’»“\"')\]*_]+)[ \t]*\Z")
_COLUMNS = re.compile(r"[ ]*-+(?:[ ]+-+)+[ ]*")

_PARTED = "this line is read as a break; leave an empty line above it, or begin the line above with"
_PARTED += " ## where that is a heading"


def part_breaks(text: str, _: frozenset[str]) -> Rewritten:
    """Return *text* with breaks in pandoc's syntax, and the empty lines that they need."""
    if not re.search(r"\n[ >]*(?:--|\*[ \t]*\*|__|_[ \t]+_|-[ \t]+-)[-*_ \t]*(?:\n|\Z)", text):
        return Rewritten(text)
    lines, read, signs = text.split("\n"), list[str](), list[str]()
    for line in live(text).split("\n"):
        rest = _QUOTES.sub("", line)
        read.append(rest)
        signs.append(line.removesuffix(rest))
    gaps: list[Gap] = []
    remarks: list[Remark] = []
    for number, is_close in _breaks(read, signs):
        if signs[number].count(">") > signs[number - 1].count(">"):
            continue  # it is the first line of a quote
        indent = read[number][: -len(read[number].lstrip())]
        lines[number] = f"{signs[number]}{indent}* * *"
        if is_close:
            gaps.append(Gap(number + 1, signs[number].rstrip()))
            remarks.append(Remark(number + 1, Code.MARKUP_UNREAD, _PARTED))
    return Rewritten("\n".join(lines), tuple(gaps), tuple(remarks))


def _breaks(lines: list[str], signs: list[str]) -> Iterator[tuple[int, bool]]:
    """Yield the breaks that pandoc would not read, and whether text is right above each."""
    for number, line in enumerate(lines):
        rule = _RULE.fullmatch(line) if number else None
        if rule is None:
            continue
        above = lines[number - 1]
        if above.strip():
            is_other = signs[number].count(">") != signs[number - 1].count(">")
            if _is_text(above) and (is_other or not _is_heading(lines, number, rule)):
                yield number, True
        elif rule["dashes"] == "---" and _begins_no_table(lines, number):
            yield number, False


def _is_text(line: str) -> bool:
    return not _NO_TEXT.match(line)


def _is_heading(lines: list[str], number: int, rule: re.Match[str]) -> bool:
    """Return whether the line above the dashes on line *number* is meant as a heading."""
    above = lines[number - 1]
    if not rule["dashes"] or _CONTAINED.match(above):
        return False
    is_alone = number < 2 or not lines[number - 2].strip() or not _is_text(lines[number - 2])
    words = above.strip()
    return is_alone and len(words) <= LONGEST_HEADING and not _SENTENCE_ENDS.search(words)


def _begins_no_table(lines: list[str], number: int) -> bool:
    """Return whether `---` with text right below it is a break, not the border of a table."""
    if number + 1 >= len(lines) or not lines[number + 1].strip():
        return False
    for line in lines[number + 1 :]:
        if _COLUMNS.fullmatch(line):
            return False
        if re.fullmatch(r"[ ]*-{3,}[ ]*", line):
            break
    return True
