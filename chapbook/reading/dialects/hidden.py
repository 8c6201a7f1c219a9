"""Remove the words that an author hid with the markup of another tool, and report it in a note.

A hidden passage becomes an empty HTML comment. It splits no paragraph, and the line numbers after
it stay the same.
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
"""The start and end of comments in Liquid, Hugo (two kinds), MDX and Jinja."""

_ADDRESSED = re.compile(
    r"^[ \t>]*(?P<hidden>\[(?://|#|\.|_?comments?_?|hidden|todo)\]:[ \t]*"
    r"(?:(?:#|<>)[ \t]*\((?:(?!\n[ \t>]*\n)[^()])*\)|(?:#|<>|//)[^\n]*))[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
"""A comment that is written as an unused link address: `[//]: # (words)`."""

_PERCENT = re.compile(r"(?<=\n)%(?:[ \t][^\n]*)?(?:\n%(?:[ \t][^\n]*)?)*(?=\n|\Z)")
"""Comment lines of MyST."""


@dataclass(frozen=True, slots=True)
class _Passage:
    """A hidden passage from *start* to *end*, and its markup. *doubt* is what to write instead."""

    start: int
    end: int
    mark: str
    doubt: str = ""


def remove_hidden(text: str, _: frozenset[str]) -> Rewritten:
    """Return *text* without its hidden passages."""
    if not re.search(r"%%|\{%-?[ \t]*comment|\{\{|\{/\*|\{#\s|\]:[ \t]*(?:#|<>|//)|\n%", text):
        return Rewritten(text)
    remarks: list[Remark] = []
    for find in (_paired, _percent_signs, _addressed, _percent_lines):
        read = live(text)
        passages = list(find(read, remarks))
        remarks += [_remark(text, passage) for passage in passages]
        for passage in reversed(passages):
            text = _without(text, passage)
    return Rewritten(text, remarks=tuple(remarks))


def _remark(text: str, passage: _Passage) -> Remark:
    message = f"what {passage.mark} is a comment and is left out"
    severity = Severity.WARNING if passage.doubt else Severity.NOTE
    message += f": {passage.doubt}" if passage.doubt else ""
    return Remark(line_of(text, passage.start), Code.HIDDEN, message, severity)


def _without(text: str, passage: _Passage) -> str:
    """Return *text* without *passage*. Its line ends stay, and no paragraph is split."""
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
    """Yield the comments of templates."""
    passages: list[_Passage] = []
    for begins, ends in _PAIRS:
        cursor = 0
        while begin := begins.search(read, cursor):
            end = ends.search(read, begin.end())
            if end is None:
                message = f"a comment that begins here with {begin[0]} is never closed, so it is"
                message += " printed: close it"
                remarks.append(Remark(line_of(read, begin.start()), Code.MARKUP_UNREAD, message))
                break
            mark = f"is between {begin[0]} and {end[0]}"
            passages.append(_Passage(begin.start(), end.end(), mark))
            cursor = end.end()
    last = 0
    for passage in sorted(passages, key=lambda each: each.start):
        if passage.start >= last:
            yield passage
            last = passage.end


def _addressed(read: str, _: list[Remark]) -> Iterator[_Passage]:
    """Yield the comments that are written as unused link addresses."""
    for match in _ADDRESSED.finditer(read):
        start, end = match.span("hidden")
        yield _Passage(start, end, f"is after {match['hidden'].partition(':')[0]}:")


def _percent_lines(read: str, remarks: list[Remark]) -> Iterator[_Passage]:
    """Yield MyST's comments: lines between paragraphs that begin with a percent sign."""
    for match in _PERCENT.finditer(read):
        above = read[: match.start()]
        # The first lines of a text may be pandoc's title block.
        if above.strip() and above.rstrip(" \t>").endswith("\n\n"):
            yield _Passage(*match.span(), "is on a line that begins with %")
        elif not above.rsplit("\n", 2)[-2].startswith("%") and re.match(
            r"%[ \t]+[^\W\d]", match[0]
        ):
            message = "a line that begins with % is a comment in MyST, and is printed here as text"
            message += " in a paragraph: where it is one, write <!-- … -->"
            remarks.append(Remark(line_of(read, match.start()), Code.MARKUP_UNREAD, message))


# Obsidian's %%, and Leanpub's -----------------------------------------------------------------


def _percent_signs(read: str, remarks: list[Remark]) -> Iterator[_Passage]:
    """Yield the comments between two pairs of percent signs, or after one at a line's start."""
    read = _ADDRESS.sub(lambda match: " " * len(match[0]), read)
    signs = [match.start() for match in _SIGN.finditer(read)]
    while signs:
        start = signs.pop(0)
        passage = _passage_at(read, start, signs[0] if signs else None)
        if passage is not None:
            yield passage
            while signs and signs[0] < passage.end:
                signs.pop(0)
        elif not _is_percentage(read, start):
            message = (
                "%% begins a comment that is never closed in its paragraph, so what follows it"
            )
            message += r" is printed: close it with %%, or write \%\% for the two signs"
            remarks.append(Remark(line_of(read, start), Code.MARKUP_UNREAD, message))


def _passage_at(read: str, start: int, closing: int | None) -> _Passage | None:
    between = "is between %% and %%"
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
    return _Passage(start, line_end, "is after %% at the beginning of a line", doubt)


def _closes(read: str, start: int, closing: int) -> bool:
    """Return whether the sign at *closing* ends the comment that begins at *start*.

    The comment is at the start of a line and has words on this line.
    """
    rest = read[closing + 2 :].partition("\n")[0]
    if _begins_line(read, closing):
        return not rest.strip()
    return not _EMPTY_LINE.search(read, start, closing) or not rest.strip()


def _begins_line(read: str, at: int) -> bool:
    line = read[read.rfind("\n", 0, at) + 1 : at]
    return re.fullmatch(_PREFIX, line) is not None


def _is_percentage(read: str, at: int) -> bool:
    """Return whether the signs at *at* are after a number, as in “50%% of it”."""
    return read[at - 1 : at].isdigit() and not read[at + 2 : at + 3].isalnum()
