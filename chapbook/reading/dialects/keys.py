"""A work's key at the beginning of a paragraph: pandoc takes `@key.` for the mark of an example."""

from __future__ import annotations

import re

from chapbook.reading.dialects.rewriting import Rewritten, live

_MARK = re.compile(
    r"^(?P<before>[ \t]*(?:(?:>|[-+*|:~]|\(?\w{1,9}[.)]|#\.|\[\^[^\]\n]+\]:)[ \t]*)*\(?)"
    r"@(?P<key>[^\W_][\w-]*)(?P<after>[.)])(?=\s|\Z)",
    re.MULTILINE,
)
_OF_A_YEAR = re.compile(r"[^\W\d_]+[^\W\d]*[-_]?(?:1[5-9]|20)\d\d[a-z]?(?:[^\W\d].*)?")
"""How programs make keys: hale1998, smith_2001a, orme2004ferry."""


def cite_at_starts(text: str, keys: frozenset[str]) -> Rewritten:
    """*text* with braces around the keys that would begin an example.

    A label that is no key remains a label; one that looks like a key is a citation of a work that
    is missing, where there are any works. Without a bibliography such a name is words.
    """
    if "@" not in text:
        return Rewritten(text)
    parts, end = [], 0
    for found in _MARK.finditer(live(text)):
        key = found["key"]
        if key in keys:
            cited = f"@{{{key}}}"
        elif _OF_A_YEAR.fullmatch(key):
            cited = f"@{{{key}}}" if keys else rf"\@{key}"
        else:
            continue
        parts += [text[end : found.end("before")], cited]
        end = found.end("key")
    return Rewritten("".join([*parts, text[end:]]))
