"""Find the line in the manuscript for something in the tree, because pandoc keeps no positions."""

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
_LONGEST_WORDING = 80  # characters; more of an address are not needed to find it


class Places:
    """Looks up words and markup in a manuscript, in the order of the text.

    The nth search for the same pattern returns its nth occurrence outside of code, because a walk
    over the tree meets things in the order of the text. If there are fewer occurrences (several
    links may share an address), the last one is returned.
    """

    def __init__(self, manuscript: Manuscript) -> None:
        self.name = manuscript.name
        self._place = manuscript.place
        self._source = manuscript.text
        self._found: dict[str, tuple[int, int]] = {}  # start and end of each pattern's last match

    @cached_property
    def _text(self) -> str:
        return without_code(self._source)

    @cached_property
    def _line_ends(self) -> list[int]:
        return list(accumulate(len(line) + 1 for line in self._source.split("\n")))

    def of(self, *wordings: str) -> Place:
        """Return the next place of the first of *wordings* that is found, escaped or not."""
        return self.matching(*(_tolerant(words) for words in wordings if words.strip()))

    def of_element(self, tag: str, *wordings: str) -> Place:
        """Return the place of the next raw HTML start tag *tag*, or else of one of *wordings*."""
        tag_pattern = rf"<{re.escape(tag)}(?![\w-])"
        return self.matching(tag_pattern, *(_tolerant(words) for words in wordings if words))

    def of_attribute(self, name: str, value: str, *wordings: str) -> Place:
        """Return the place of the next attribute of this name and value, in HTML or in braces."""
        start = rf"(?<![\w-]){re.escape(name)}"
        exact = rf"{start}\s*=\s*[\"']?\s*{_tolerant(value)}"
        bare = rf"<[^<>]*{start}(?![\w-])"
        others = (_tolerant(words) for words in wordings if words.strip())
        return self.matching(exact if value else bare, rf"{start}\s*=", bare, *others)

    def of_row(self, *cells: str) -> Place:
        """Return the place of the next table row with these *cells*, with any separators."""
        filled = [cell for cell in cells if cell.strip()][:_CELLS_LOOKED_FOR]
        between = rf"[\s\S]{{0,{_WIDEST_CELL}}}?"
        whole = [_tolerant(cell) for cell in filled]
        # In a grid table a cell may have several lines, so its first word must be enough.
        first = [_tolerant(cell.split()[0]) for cell in filled]
        return self.matching(between.join(whole), between.join(first), *first[:1])

    def matching(self, *patterns: str) -> Place:
        """Return the next place of the first of *patterns* that matches.

        The patterns are regular expressions. Case is ignored.
        """
        for pattern in patterns:
            _, cursor = self._found.get(pattern, (0, 0))
            if match := re.compile(pattern, re.IGNORECASE).search(self._text, cursor):
                self._found[pattern] = match.span()
                return self.at(match.start())
            if pattern in self._found:
                return self.at(self._found[pattern][0])
        return Place(self.name)

    def at(self, offset: int) -> Place:
        """Return the line with the character at *offset*."""
        return self._place(bisect_right(self._line_ends, offset) + 1)


class OnePlace(Places):
    """For text at one known place, such as a title in the front matter block."""

    def __init__(self, where: Place) -> None:
        self.name = where.file
        self._where = where

    def matching(self, *patterns: str) -> Place:  # noqa: ARG002
        """Return the one place for every pattern."""
        return self._where


def _tolerant(words: str) -> str:
    """Return a pattern for *words* with all escapes, entities and percent codes of an author."""
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


# Signs that pandoc and `chapbook.lang.quotation_marks` set, and what an author types for them.
_TYPOGRAPHY = {
    **dict.fromkeys("’‘‚", "'"),
    **dict.fromkeys("“”„«»‹›「」『』\U0010fff0\U0010fff1\U0010fff2\U0010fff3", "[\"']"),
    "–": "--",
    "—": "---",
    "…": r"\.\.\.",
}


@cache
def _named(char: str) -> str:
    """Return a pattern for the named entities of *char*. Without any it never matches."""
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
    """Yield every fenced code block in *text*, from the start of its line to its closing fence."""
    for match in _NO_TEXT.finditer(text):
        if match["fence"] and not _is_indented_code(text, match.start()):
            yield match


def _is_indented_code(text: str, start: int) -> bool:
    """Return whether the line at *start* is indented so far that it is code itself."""
    if not text.startswith(("    ", "\t"), start):
        return False
    for line in reversed(text[:start].split("\n")):
        if line.strip() and not line.startswith(("    ", "\t")):
            return not _KEEPS_INDENT.match(line)
    return True


def without_code(text: str) -> str:
    """Return *text* with spaces instead of code and comments. No other character moves.

    >>> without_code("a `<b>` c")
    'a       c'
    """
    blanked = _NO_TEXT.sub(
        lambda match: match[0] if match["raw"] else re.sub(r"[^\n]", " ", match[0]), text
    )
    lines = blanked.split("\n")
    blank_before, inside = True, False
    for number, (line, typed) in enumerate(zip(lines, text.split("\n"), strict=True)):
        indented = typed.startswith(("    ", "\t"))  # *blanked* may begin with spaces for code
        if not line.strip():
            blank_before = True
            continue
        if not indented:
            # Indented text below a list item or a note belongs to it, and is not code.
            inside = bool(_KEEPS_INDENT.match(line)) or (inside and not blank_before)
        elif blank_before and not inside:
            lines[number] = " " * len(line)
            continue  # the next line of the same block is code too
        blank_before = False
    return "\n".join(lines)
