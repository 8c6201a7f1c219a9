"""Find the manuscript's line for something met in the tree, where pandoc keeps no positions."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache, cached_property
from itertools import accumulate

from chapbook.model.document import Manuscript
from chapbook.model.errors import Place

_CELLS_LOOKED_FOR = 3
_WIDEST_CELL = 120  # characters of a table's source from one cell to the next
_LONGEST_WORDING = 80  # characters; more of an address tells no more


class Places:
    """Looks words and markup up in a manuscript, in the order of the text.

    The nth look-up of the same pattern answers with its nth occurrence outside of code, because a
    walk over the tree meets things in the order in which the author wrote them. What occurs less
    often than it is asked for (an address that several links share) answers with its last one.
    """

    def __init__(self, manuscript: Manuscript) -> None:
        self.name = manuscript.name
        self._place = manuscript.place
        self._source = manuscript.text
        self._found: dict[str, tuple[int, int]] = {}  # where each pattern last began and ended

    @cached_property
    def _text(self) -> str:
        return without_code(self._source)

    @cached_property
    def _line_ends(self) -> list[int]:
        return list(accumulate(len(line) + 1 for line in self._source.split("\n")))

    def of(self, *wordings: str) -> Place:
        """Where the first of *wordings* that can be found stands next, escaped as it may be."""
        return self.matching(*(_tolerant(words) for words in wordings if words.strip()))

    def of_element(self, tag: str, *wordings: str) -> Place:
        """Where the next raw HTML start tag of this name stands, or else one of *wordings*."""
        tag_pattern = rf"<{re.escape(tag)}(?![\w-])"
        return self.matching(tag_pattern, *(_tolerant(words) for words in wordings if words))

    def of_attribute(self, name: str, value: str, *wordings: str) -> Place:
        """Where the next attribute of this name and value stands, in raw HTML or in braces."""
        start = rf"(?<![\w-]){re.escape(name)}"
        exact = rf"{start}\s*=\s*[\"']?\s*{_tolerant(value)}"
        bare = rf"<[^<>]*{start}(?![\w-])"
        others = (_tolerant(words) for words in wordings if words.strip())
        return self.matching(exact if value else bare, rf"{start}\s*=", bare, *others)

    def of_row(self, *cells: str) -> Place:
        """Where a table's row with these *cells* stands next, whatever parts them."""
        filled = [cell for cell in cells if cell.strip()][:_CELLS_LOOKED_FOR]
        between = rf"[\s\S]{{0,{_WIDEST_CELL}}}?"
        whole = [_tolerant(cell) for cell in filled]
        # In a grid the words of a cell stand on several lines: there its first has to do.
        first = [_tolerant(cell.split()[0]) for cell in filled]
        return self.matching(between.join(whole), between.join(first), *first[:1])

    def matching(self, *patterns: str) -> Place:
        """Where the first of *patterns* (regular expressions, any case) to match does so next."""
        for pattern in patterns:
            _, cursor = self._found.get(pattern, (0, 0))
            if found := re.compile(pattern, re.IGNORECASE).search(self._text, cursor):
                self._found[pattern] = found.span()
                return self.at(found.start())
            if pattern in self._found:
                return self.at(self._found[pattern][0])
        return Place(self.name)

    def at(self, offset: int) -> Place:
        """The line that holds the character at *offset*."""
        return self._place(bisect_right(self._line_ends, offset) + 1)


class OnePlace(Places):
    """For text that stands in one known place, such as a title in the metadata block."""

    def __init__(self, where: Place) -> None:
        self.name = where.file
        self._where = where

    def matching(self, *patterns: str) -> Place:  # noqa: ARG002
        """The one place, whatever is looked for."""
        return self._where


def _tolerant(words: str) -> str:
    """A pattern for *words* as an author may have typed them: with escapes, entities, percents."""
    words = re.sub(r"(?:%[0-9A-Fa-f]{2})+", _unquoted, words.strip())[:_LONGEST_WORDING]
    return "".join(r"\s+" if char == " " else _spellings(char) for char in words)


def _unquoted(percents: re.Match[str]) -> str:
    try:
        return bytes.fromhex(percents[0].replace("%", "")).decode()
    except UnicodeDecodeError:
        return percents[0]


def _spellings(char: str) -> str:
    if char.isascii() and char.isalnum():
        plain = char
    elif char in _TYPOGRAPHY:
        plain = rf"\\?(?:{re.escape(char)}|{_TYPOGRAPHY[char]})"
    else:
        plain = rf"\\?{re.escape(char)}|{_named(char)}"
    percent = "".join(f"%{byte:02x}" for byte in char.encode("utf-8", "replace"))
    code = ord(char)
    return rf"(?:{plain}|&#0*{code}(?!\d);?|&#x0*{code:x}(?![\da-f]);?|{percent})"


# What pandoc and `chapbook.lang.quotation_marks` set, and what an author types for it.
_TYPOGRAPHY = {
    **dict.fromkeys("’‘‚", "'"),
    **dict.fromkeys("“”„«»‹›「」『』\U0010fff0\U0010fff1\U0010fff2\U0010fff3", "[\"']"),
    "–": "--",
    "—": "---",
    "…": r"\.\.\.",
}


@cache
def _named(char: str) -> str:
    """The named entities for *char*, as alternatives; a pattern that never matches for none."""
    from html.entities import html5

    names = [re.escape(name) for name, value in html5.items() if value == char]
    return f"&(?:{'|'.join(sorted(names, reverse=True))})" if names else "(?!)"


_NO_TEXT = re.compile(
    r"""
    <!--.*?-->
    | ^[ \t]*(?:(?:[-+*]|\(?\w{1,4}[.)]|:)[ \t]+|>[ ]?)*(?P<fence>`{3,}|~{3,})
      [ ]*(?P<raw>\{=html\})?[^\n`]*\n
      .*?(?:^[ \t]*(?:>[ ]?)*[ \t]*(?P=fence)[`~]*[ \t]*$)
    | (?<![`\\])(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`)(?!\{=html\})
    """,
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
_KEEPS_INDENT = re.compile(r"[ ]{0,3}(?:[-+*:~]|\(?\w{1,4}[.)]|\(?@|\[\^[^\]]+\]:|>|\|)[ \t]")


def fences(text: str) -> Iterator[re.Match[str]]:
    """Every fenced block of code in *text*, from the beginning of its line to its closing fence."""
    for found in _NO_TEXT.finditer(text):
        if found["fence"] and not _is_indented_code(text, found.start()):
            yield found


def _is_indented_code(text: str, start: int) -> bool:
    """Whether the line at *start* is so far to the right that it is code itself."""
    if not text.startswith(("    ", "\t"), start):
        return False
    for line in reversed(text[:start].split("\n")):
        if line.strip() and not line.startswith(("    ", "\t")):
            return not _KEEPS_INDENT.match(line)
    return True


def without_code(text: str) -> str:
    """*text* with code and comments blanked, every other character in its place.

    >>> without_code("a `<b>` c")
    'a       c'
    """
    blanked = _NO_TEXT.sub(
        lambda found: found[0] if found["raw"] else re.sub(r"[^\n]", " ", found[0]), text
    )
    lines = blanked.split("\n")
    blank_before, inside = True, False
    for number, (line, typed) in enumerate(zip(lines, text.split("\n"), strict=True)):
        indented = typed.startswith(("    ", "\t"))  # a line may begin with code that is blank now
        if not line.strip():
            blank_before = True
            continue
        if not indented:
            # What is indented below a list's item or a note belongs to it and is no code.
            inside = bool(_KEEPS_INDENT.match(line)) or (inside and not blank_before)
        elif blank_before and not inside:
            lines[number] = " " * len(line)
            continue  # the next line of the same block is code as well
        blank_before = False
    return "\n".join(lines)
