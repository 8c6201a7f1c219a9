"""A chapter file without its front matter: the title in it becomes the heading where there is none.

No line is added or lost, so that findings name the lines that were written.
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
    """The text of a file with its front matter blanked; which of its keys were not read."""

    text: str
    findings: tuple[Finding, ...] = ()
    unread: tuple[str, ...] = ()
    where: Place | None = None  # where the front matter's first key is


def below(text: str, name: str, *, is_chapter: bool) -> Below:
    """The *text* of the file that messages call *name*, below its front matter.

    Raises SourceError where that is broken.
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
            told = f"the title “{words}” is not printed: the chapter begins with its own heading"
            findings.append(note(Code.METADATA_KEY, told, title.where))
        del entries["title"]
    first = next(iter(front.entries.values()), None)
    return Below("\n".join(rest), tuple(findings), tuple(entries), first.where if first else None)


class _Heading(NamedTuple):
    words: str
    is_first: bool  # nothing stands above it


def _headings(text: str) -> Iterator[_Heading]:
    """The first-level headings of *text*, in their order."""
    lines = without_code(text).split("\n")
    is_first = True
    for line, below_it in zip(lines, [*lines[1:], ""], strict=True):
        found = _ATX.fullmatch(line) or _HTML.fullmatch(line)
        if found:
            yield _Heading(found["words"], is_first)
        elif line.strip() and _UNDERLINE.fullmatch(below_it):
            yield _Heading(line, is_first)
        is_first = is_first and not line.strip()


def _lacks(title: str, headings: list[_Heading]) -> bool:
    """Whether a chapter of these first-level *headings* needs *title* for one.

    It does where text stands above the first, or where several follow: they are its sections.
    """
    if not headings:
        return True
    if _bare(headings[0].words) == _bare(title):
        return False
    return not headings[0].is_first or len(headings) > 1


def _bare(words: str) -> str:
    """*words* without markup, for comparing."""
    return " ".join(_MARKUP.sub("", words).casefold().split())
