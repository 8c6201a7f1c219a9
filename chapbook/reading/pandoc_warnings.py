"""pandoc's warnings in words for authors: the consequence, and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_PLACE = re.compile(r" at (?:\S+ )?line (\d+) column \d+")


@dataclass(frozen=True, slots=True)
class Explained:
    """A warning in our words, and its line in pandoc's input, from 1."""

    message: str
    line: int | None


def explain(original: str, text: str) -> Explained:
    """Return pandoc's warning *original* (without its level) about *text* in words for authors."""
    original = " ".join(original.split())
    place = _PLACE.search(original)
    line = int(place[1]) if place else None
    for pattern, explanation in _KNOWN:
        if match := pattern.match(original):
            return explanation(match, text, line)
    return Explained(original.replace(place[0], "") if place else original, line)


def haskell_string(shown: str) -> str:
    r"""Return the text of a string that Haskell shows with its escapes.

    >>> haskell_string(r"\\emph{\233}\nx")
    '\\emph{é}\nx'
    """
    named = {"n": "\n", "t": "\t", "&": ""}
    return re.sub(
        r"\\(\d+|.)",
        lambda match: chr(int(match[1])) if match[1].isdigit() else named.get(match[1], match[1]),
        shown,
    )


def _open_div(_: re.Match[str], text: str, line: int | None) -> Explained:
    begins = text.split("\n")[line - 1].strip() if line else ""
    close = "</div>" if begins.startswith("<") else "a line :::"
    return Explained(f"a div that begins here is never closed; close it with {close}", line)


def _unused_note(match: re.Match[str], _: str, line: int | None) -> Explained:
    call = f"[^{match[1]}]"
    message = f"nothing calls the note {call}, so it is left out; write {call} where it belongs"
    return Explained(message, line)


def _second_note(match: re.Match[str], _: str, line: int | None) -> Explained:
    message = f"two notes are called [^{match[1]}], and only the last is kept"
    return Explained(f"{message}; give it another name", line)


def _second_address(match: re.Match[str], _: str, line: int | None) -> Explained:
    message = f"two addresses are called {match[1]}, and only the last is kept"
    return Explained(f"{message}; give it another name", line)


def _second_identifier(match: re.Match[str], text: str, line: int | None) -> Explained:
    # pandoc reports where it noticed it, which is after the heading.
    before = "\n".join(text.split("\n")[:line])
    at = before.rfind(f"#{match[1]}")
    message = f"#{match[1]} names two parts, and links lead to the first; give this one another"
    return Explained(message, before.count("\n", 0, at) + 1 if at >= 0 else line)


_KNOWN: tuple[
    tuple[re.Pattern[str], Callable[[re.Match[str], str, int | None], Explained]], ...
] = (
    (re.compile(r"Div at .* unclosed at "), _open_div),
    (re.compile(r"Note with key '(.*)' defined at .* but not used"), _unused_note),
    (re.compile(r"Duplicate note reference '(.*)' at "), _second_note),
    (re.compile(r"Duplicate link reference '(.*)' at "), _second_address),
    (re.compile(r"Duplicate identifier '(.*)' at "), _second_identifier),
)
