"""Remove the front matter of a chapter file, and make its title the heading if there is none.

No line is added or removed, so that the line numbers of findings are right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from chapbook.model.errors import Code, Finding, Place, note
from chapbook.reading import front_matter_notations
from chapbook.reading.metadata_forms import normalized
from chapbook.reading.source_positions import without_code

_ATX = re.compile(r"[ ]{0,3}#(?!#)[ \t]+(?P<words>.*?)[ \t]*#*[ \t]*(?:\{[^{}]*\})?[ \t]*")
_UNDERLINE = re.compile(r"[ ]{0,3}=+[ \t]*")
_HTML = re.compile(r"[ ]{0,3}<h1(?:\s[^<>]*)?>(?P<words>.*?)(?:</h1>.*)?", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]*>|[\\*_`~\"'“”‘’]")


class Below(NamedTuple):
    """The text of a file with blank lines for its front matter, and the keys that were not used."""

    text: str
    findings: tuple[Finding, ...] = ()
    unread: tuple[str, ...] = ()
    where: Place | None = None  # of the first key in the front matter


def below(text: str, name: str, *, is_chapter: bool) -> Below:
    """Return the *text* of a file below its front matter. Messages use *name* for the file.

    Raises SourceError if the front matter is broken.
    """
    front = front_matter_notations.read(text, name, is_main=False)
    if front is None:
        return Below(text)
    entries, findings = normalized(front.entries)
    lines = text.split("\n")
    count = text.count("\n", 0, front.end) + (front.end == len(text) and text[-1:] != "\n")
    rest = ["" for _ in lines[:count]] + lines[count:]
    title = entries.get("title") if is_chapter else None
    if title is not None and isinstance(title.value, str) and title.value.strip():
        words = " ".join(title.value.split())
        headings = [*_headings("\n".join(rest))]
        if _lacks(words, headings):
            rest[(title.where.line or 1) - 1] = f"# {words}"
        elif _bare(headings[0].words) != _bare(words):
            message = f"the title “{words}” is not printed: the chapter begins with its own heading"
            findings.append(note(Code.METADATA_KEY, message, title.where))
        del entries["title"]
    first = next(iter(front.entries.values()), None)
    return Below("\n".join(rest), tuple(findings), tuple(entries), first.where if first else None)


class _Heading(NamedTuple):
    words: str
    is_first: bool  # no text is above it


def _headings(text: str) -> Iterator[_Heading]:
    """Yield the first-level headings of *text* in order."""
    lines = without_code(text).split("\n")
    is_first = True
    for line, below_it in zip(lines, [*lines[1:], ""], strict=True):
        match = _ATX.fullmatch(line) or _HTML.fullmatch(line)
        if match:
            yield _Heading(match["words"], is_first)
        elif line.strip() and _UNDERLINE.fullmatch(below_it):
            yield _Heading(line, is_first)
        is_first = is_first and not line.strip()


def _lacks(title: str, headings: list[_Heading]) -> bool:
    """Return whether a chapter with these first-level *headings* needs *title* as its heading.

    It does if text comes before the first heading, or if there are several: those are its sections.
    """
    if not headings:
        return True
    if _bare(headings[0].words) == _bare(title):
        return False
    return not headings[0].is_first or len(headings) > 1


def _bare(words: str) -> str:
    """Return *words* without markup and case, for comparison."""
    return " ".join(_MARKUP.sub("", words).casefold().split())
