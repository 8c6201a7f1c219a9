"""The manuscript's line for words met in an outline, which knows nothing of lines."""

from __future__ import annotations

import re

from chapbook.document import Manuscript
from chapbook.errors import Place

_HEAD = re.compile(r"\A---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_MARKUP = r"[\W_]{1,200}?"  # what may stand between two words: spaces, marks, an address


def place_of(manuscript: Manuscript, words: str, nth: int = 0) -> Place:
    """Where *words* stand in *manuscript* for the *nth* time, or the whole file if nowhere.

    Only letters and figures count, for typography and markup change the rest. Where the words are
    not found together, fewer of them are looked for; the metadata block is looked through last.
    """
    parts = re.findall(r"[^\W_]+", words)
    head = _HEAD.match(manuscript.text)
    for start in dict.fromkeys((head.end() if head else 0, 0)):
        for length in dict.fromkeys((len(parts), 4, 2, 1)):
            if 0 < length <= len(parts):
                found = _nth(manuscript.text, start, parts[:length], nth)
                if found is not None:
                    return Place(manuscript.name, manuscript.text.count("\n", 0, found) + 1)
    return Place(manuscript.name)


def _nth(text: str, start: int, parts: list[str], nth: int) -> int | None:
    pattern = re.compile(_MARKUP.join(map(re.escape, parts)))
    last = None
    for number, found in enumerate(pattern.finditer(text, start)):
        last = found.start()
        if number == nth:
            break
    return last
