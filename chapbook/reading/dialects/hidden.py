"""Words that the author hid by the marks of another tool: they are left out, and a note says so.

A hidden passage becomes an HTML comment that says nothing, which parts no paragraph and keeps the
lines after it in their places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chapbook.model.errors import Code, Severity
from chapbook.reading.dialects.rewriting import Remark, Rewritten, line_of, live

_PREFIX = r"[ \t]*(?:(?:>|[-+*]|\d{1,9}[.)]|\[\^[^\]\n]+\]:)[ \t]*)*"
_BEGINS_LINE = re.compile(rf"(?:^|\n){_PREFIX}\Z")
_SIGN = re.compile(r"(?<![\\%])%%(?!%)")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_EMPTY_LINE = re.compile(r"\n[ \t>]*\n")

_PAIRS = (
    (re.compile(r"\{%-?[ \t]*comment[ \t]*-?%\}"), re.compile(r"\{%-?[ \t]*endcomment[ \t]*-?%\}")),
    (
        re.compile(r"\{\{[<%][ \t]*comment[ \t]*[>%]\}\}"),
        re.compile(r"\{\{[<%][ \t]*/[ \t]*comment[ \t]*[>%]\}\}"),
    ),
    (re.compile(r"\{\{/\*"), re.compile(r"\*/\}\}")),
    (re.compile(r"(?<!\{)\{/\*"), re.compile(r"\*/\}")),
    (re.compile(r"(?<!\{)\{#(?=\s)"), re.compile(r"(?<=\s)#\}")),
)
"""Liquid's, Hugo's two, MDX's and Jinja's comments: how they begin and end."""

_ADDRESSED = re.compile(
    r"^[ \t>]*(?P<hidden>\[(?://|#|\.|_?comments?_?|hidden|todo)\]:[ \t]*"
    r"(?:(?:#|<>)[ \t]*\((?:(?!\n[ \t>]*\n)[^()])*\)|(?:#|<>|//)[^\n]*))[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
"""A comment as an address that no link uses: `[//]: # (words)`."""

_PERCENT = re.compile(r"(?<=\n)%(?:[ \t][^\n]*)?(?:\n%(?:[ \t][^\n]*)?)*(?=\n|\Z)")
"""Lines of MyST's comments."""


@dataclass(frozen=True, slots=True)
class _Passage:
    """What is hidden from *start* to *end*, and what marks it; *doubt* is what to write instead."""

    start: int
    end: int
    mark: str
    doubt: str = ""


def remove_hidden(text: str, _: frozenset[str]) -> Rewritten:
    """*text* without what its author hid."""
    if not re.search(r"%%|\{%-?[ \t]*comment|\{\{|\{/\*|\{#\s|\]:[ \t]*(?:#|<>|//)|\n%", text):
        return Rewritten(text)
    remarks: list[Remark] = []
    for find in (_paired, _percent_signs, _addressed, _percent_lines):
        read = live(text)
        found = list(find(read, remarks))
        remarks += [_remark(text, passage) for passage in found]
        for passage in reversed(found):
            text = _without(text, passage)
    return Rewritten(text, remarks=tuple(remarks))


def _remark(text: str, passage: _Passage) -> Remark:
    told = f"what {passage.mark} is a comment and is left out"
    severity = Severity.WARNING if passage.doubt else Severity.NOTE
    told += f": {passage.doubt}" if passage.doubt else ""
    return Remark(line_of(text, passage.start), Code.HIDDEN, told, severity)


def _without(text: str, passage: _Passage) -> str:
    """*text* without *passage*; its lines stay, and no paragraph is parted."""
    before, after = text[: passage.start], text[passage.end :]
    hidden = text[passage.start : passage.end]
    line_ends = after[:1] in {"\n", ""}
    if "\n" in hidden or (_BEGINS_LINE.search(before) and line_ends):
        kept = re.sub(r"(?<=\n)([ \t>]*)[^\n]*", r"\1", re.sub(r"\A[^\n]*", "", hidden))
        return f"{before}<!--{kept}-->{after}"
    if line_ends:
        return before.rstrip(" \t") + after
    if before[-1:] in {"", " ", "\t", "\n", ">"}:
        return before + after.lstrip(" \t")
    return before + after


def _paired(read: str, remarks: list[Remark]) -> Iterator[_Passage]:
    """Comments of templates."""
    found: list[_Passage] = []
    for begins, ends in _PAIRS:
        cursor = 0
        while begin := begins.search(read, cursor):
            end = ends.search(read, begin.end())
            if end is None:
                told = f"a comment that begins here with {begin[0]} is never closed, so it is"
                told += " printed: close it"
                remarks.append(Remark(line_of(read, begin.start()), Code.MARKUP_UNREAD, told))
                break
            mark = f"stands between {begin[0]} and {end[0]}"
            found.append(_Passage(begin.start(), end.end(), mark))
            cursor = end.end()
    last = 0
    for passage in sorted(found, key=lambda each: each.start):
        if passage.start >= last:
            yield passage
            last = passage.end


def _addressed(read: str, _: list[Remark]) -> Iterator[_Passage]:
    """Comments written as addresses of no link."""
    for found in _ADDRESSED.finditer(read):
        start, end = found.span("hidden")
        yield _Passage(start, end, f"stands behind {found['hidden'].partition(':')[0]}:")


def _percent_lines(read: str, remarks: list[Remark]) -> Iterator[_Passage]:
    """MyST's comments: lines that begin with a percent sign, apart from paragraphs."""
    for found in _PERCENT.finditer(read):
        above = read[: found.start()]
        # The first lines of a text may be pandoc's title block.
        if above.strip() and above.rstrip(" \t>").endswith("\n\n"):
            yield _Passage(*found.span(), "stands on a line that begins with %")
        elif not above.rsplit("\n", 2)[-2].startswith("%") and re.match(
            r"%[ \t]+[^\W\d]", found[0]
        ):
            told = (
                "a line that begins with % is a comment in MyST, and is printed here as it stands"
            )
            told += " in a paragraph: where it is one, write <!-- … -->"
            remarks.append(Remark(line_of(read, found.start()), Code.MARKUP_UNREAD, told))


# Obsidian's %%, and Leanpub's -----------------------------------------------------------------


def _percent_signs(read: str, remarks: list[Remark]) -> Iterator[_Passage]:
    """Comments between two pairs of percent signs, or behind one at a line's beginning."""
    read = _ADDRESS.sub(lambda found: " " * len(found[0]), read)
    signs = [found.start() for found in _SIGN.finditer(read)]
    while signs:
        start = signs.pop(0)
        passage = _passage_at(read, start, signs[0] if signs else None)
        if passage is not None:
            yield passage
            while signs and signs[0] < passage.end:
                signs.pop(0)
        elif not _is_percentage(read, start):
            told = "%% begins a comment that is never closed in its paragraph, so what follows it"
            told += r" is printed: close it with %%, or write \%\% for the two signs"
            remarks.append(Remark(line_of(read, start), Code.MARKUP_UNREAD, told))


def _passage_at(read: str, start: int, closing: int | None) -> _Passage | None:
    between = "stands between %% and %%"
    line_end = read.find("\n", start)
    line_end = len(read) if line_end < 0 else line_end
    whole = closing is not None and _Passage(start, closing + 2, between)
    if not _begins_line(read, start):
        is_near = closing is not None and not _EMPTY_LINE.search(read, start, closing)
        return whole if whole and is_near and not _is_percentage(read, start) else None
    stands_alone = not read[start + 2 : line_end].strip()
    if whole and closing is not None and (stands_alone or _closes(read, start, closing)):
        return whole
    if stands_alone:
        return None
    doubt = "only this line, as it is closed by no %%; write <!-- … --> to be sure"
    return _Passage(start, line_end, "stands behind %% at the beginning of a line", doubt)


def _closes(read: str, start: int, closing: int) -> bool:
    """Whether the sign at *closing* ends the comment that begins a line with words at *start*."""
    rest = read[closing + 2 :].partition("\n")[0]
    if _begins_line(read, closing):
        return not rest.strip()
    return not _EMPTY_LINE.search(read, start, closing) or not rest.strip()


def _begins_line(read: str, at: int) -> bool:
    line = read[read.rfind("\n", 0, at) + 1 : at]
    return re.fullmatch(_PREFIX, line) is not None


def _is_percentage(read: str, at: int) -> bool:
    """Whether the signs at *at* stand behind a number, as in “50%% of it”."""
    return read[at - 1 : at].isdigit() and not read[at + 2 : at + 3].isalnum()
