"""The adapter to Pygments: code in, and which parts of it are set how.

Markup is kept lean, because the cost of layout follows the number of elements: of Pygments' hundred
kinds of tokens six remain, neighbors of one kind are one piece, and most of a text is no piece.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

LARGEST = 100_000  # characters: more is data rather than code to be read
LONGEST_LINE = 2_000  # characters: lexers are regular expressions, and some backtrack in a line

Piece = tuple[str, str]
"""Text, and the kind of it: "" where it is set plain."""

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
    """The pieces of *code*; None where *language* is unknown or *code* cannot be taken apart.

    Together the pieces are *code*; none but the plain ones runs over a line's end.
    """
    name = _lexers().get(language.lower())
    longest = max(map(len, code.split("\n")))
    if name is None or len(code) > LARGEST or longest > LONGEST_LINE:
        return None
    from pygments.lexers import find_lexer_class

    try:
        lexer = find_lexer_class(name)(stripnl=False)
        # Many a lexer knows a line by its end only.
        tokens = [(_kind(token), text) for token, text in lexer.get_tokens(f"{code}\n")]
    except Exception:  # noqa: BLE001 - three hundred lexers raise whatever they meet
        return None
    if "".join(text for _, text in tokens) != f"{code}\n":
        return None  # a lexer may normalize; no character of a listing may change
    return tuple(_joined(tokens))[:-1]


def nearest(language: str) -> str | None:
    """The name of a language that *language* looks like a slip of; None where it is known."""
    from difflib import get_close_matches

    if language.lower() in _lexers() or len(language) < _SHORTEST_SLIP:
        return None
    return next(iter(get_close_matches(language.lower(), _lexers(), n=1, cutoff=0.8)), None)


_SHORTEST_SLIP = 4  # characters: of shorter names every second looks like another


@cache
def _lexers() -> Mapping[str, str]:
    """The name of the lexer for each alias; plugins apart, which are not the same everywhere."""
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
    """Neighbors of one kind as one piece; space belongs to what it stands between."""
    waiting_kind, waiting = "", ""
    for kind, text in tokens:
        for number, line in enumerate(text.split("\n")):
            if number:
                yield from _parted(waiting, waiting_kind)
                yield "\n", ""
                waiting_kind, waiting = "", ""
            if not line:
                continue
            if line.isspace() or kind == waiting_kind:
                waiting += line
            elif not waiting.strip():
                waiting_kind, waiting = kind, waiting + line
            else:
                yield from _parted(waiting, waiting_kind)
                waiting_kind, waiting = kind, line
    yield from _parted(waiting, waiting_kind)


def _parted(text: str, kind: str) -> Iterator[Piece]:
    """*text* as a piece, the space around it plain."""
    words = text.strip()
    start = text.find(words)
    for part, its_kind in ((text[:start], ""), (words, kind), (text[start + len(words) :], "")):
        if part:
            yield part, its_kind
