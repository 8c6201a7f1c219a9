"""The adapter to Pygments: takes code, and returns its pieces with their kinds.

There are few pieces, since the time of layout grows with the number of elements: only six kinds of
Pygments' hundred are used, neighbors of one kind are joined, and most of a text has no kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

LARGEST = 100_000  # characters: more is data, not code to be read
LONGEST_LINE = 2_000  # characters: lexers are regular expressions, and some backtrack

Piece = tuple[str, str]
"""A text and its kind, "" for plain text."""

_KINDS: Mapping[str, str] = {
    "Comment": "comment",
    "Comment.Preproc": "keyword",
    "Comment.PreprocFile": "string",
    "Generic.Deleted": "removed",
    "Generic.Heading": "keyword",
    "Generic.Inserted": "added",
    "Generic.Prompt": "comment",
    "Generic.Strong": "keyword",
    "Generic.Subheading": "keyword",
    "Keyword": "keyword",
    "Keyword.Constant": "",
    "Literal.String": "string",
    "Literal.String.Doc": "comment",
    "Name.Class": "name",
    "Name.Decorator": "name",
    "Name.Function": "name",
    "Name.Namespace": "",
    "Name.Tag": "name",
    "Operator.Word": "keyword",
}
"""Kinds by the name of a token's type, or of the nearest type above it."""

CLASSES = frozenset(filter(None, _KINDS.values()))


def highlighted(code: str, language: str) -> tuple[Piece, ...] | None:
    """Return the pieces of *code*; None if *language* is unknown or *code* cannot be split.

    Together the pieces are *code*. Only plain pieces contain a line end.
    """
    name = _lexers().get(language.lower())
    longest = max(map(len, code.split("\n")))
    if name is None or len(code) > LARGEST or longest > LONGEST_LINE:
        return None
    from pygments.lexers import find_lexer_class

    try:
        lexer = find_lexer_class(name)(stripnl=False)
        # Many lexers need the end of the last line.
        tokens = [(_kind(token), text) for token, text in lexer.get_tokens(f"{code}\n")]
    except Exception:  # noqa: BLE001 - three hundred lexers raise any exception
        return None
    if "".join(text for _, text in tokens) != f"{code}\n":
        return None  # a lexer may normalize; no character of a listing may change
    return tuple(_joined(tokens))[:-1]


def nearest(language: str) -> str | None:
    """Return the language that *language* may be a misspelling of; None if it is known."""
    from difflib import get_close_matches

    if language.lower() in _lexers() or len(language) < _SHORTEST_SLIP:
        return None
    return next(iter(get_close_matches(language.lower(), _lexers(), n=1, cutoff=0.8)), None)


_SHORTEST_SLIP = 4  # characters: many shorter names are similar to each other


@cache
def _lexers() -> Mapping[str, str]:
    """Return the lexer's name for each alias, without plugins, which differ between systems."""
    from pygments.lexers import get_all_lexers

    return {alias: name for name, aliases, *_ in get_all_lexers(plugins=False) for alias in aliases}


def _kind(token: Any) -> str:
    while token:
        name = str(token).removeprefix("Token.")
        if name in _KINDS:
            return _KINDS[name]
        token = token.parent
    return ""


def _joined(tokens: list[tuple[str, str]]) -> Iterator[Piece]:
    """Join neighbors of one kind; space between them belongs to the piece."""
    waiting_kind, waiting = "", ""
    for kind, text in tokens:
        for number, line in enumerate(text.split("\n")):
            if number:
                yield from _trimmed(waiting, waiting_kind)
                yield "\n", ""
                waiting_kind, waiting = "", ""
            if not line:
                continue
            if line.isspace() or kind == waiting_kind:
                waiting += line
            elif not waiting.strip():
                waiting_kind, waiting = kind, waiting + line
            else:
                yield from _trimmed(waiting, waiting_kind)
                waiting_kind, waiting = kind, line
    yield from _trimmed(waiting, waiting_kind)


def _trimmed(text: str, kind: str) -> Iterator[Piece]:
    """Yield *text* as a piece, with the space around it plain."""
    words = text.strip()
    start = text.find(words)
    for part, its_kind in ((text[:start], ""), (words, kind), (text[start + len(words) :], "")):
        if part:
            yield part, its_kind
