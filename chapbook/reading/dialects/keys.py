"""Citation keys at the start of a paragraph: pandoc reads `@key.` as the number of an example."""

from __future__ import annotations

import re

from chapbook.reading.dialects.rewriting import Rewritten, live

_MARK = re.compile(
    r"^(?P<before>[ \t]*(?:(?:>|[-+*|:~]|\(?\w{1,9}[.)]|#\.|\[\^[^\]\n]+\]:)[ \t]*)*\(?)"
    r"@(?P<key>[^\W_][\w-]*)(?P<after>[.)])(?=\s|\Z)",
    re.MULTILINE,
)
_OF_A_YEAR = re.compile(r"[^\W\d_]+[^\W\d]*[-_]?(?:1[5-9]|20)\d\d[a-z]?(?:[^\W\d].*)?")
"""Keys as programs make them: hale1998, smith_2001a, orme2004ferry."""


def cite_at_starts(text: str, keys: frozenset[str]) -> Rewritten:
    """Return *text* with braces around the keys that would begin an example.

    A label that is not a key stays a label. With a bibliography, a label that looks like a key
    becomes a citation of a missing work. Without one it becomes words.
    """
    if "@" not in text:
        return Rewritten(text)
    parts, end = [], 0
    for match in _MARK.finditer(live(text)):
        key = match["key"]
        if key in keys:
            cited = f"@{{{key}}}"
        elif _OF_A_YEAR.fullmatch(key):
            cited = f"@{{{key}}}" if keys else rf"\@{key}"
        else:
            continue
        parts += [text[end : match.end("before")], cited]
        end = match.end("key")
    return Rewritten("".join([*parts, text[end:]]))
