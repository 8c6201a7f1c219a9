"""What pandoc warns of, told to authors: what it comes to, and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_PLACE = re.compile(r" at (?:\S+ )?line (\d+) column \d+")


@dataclass(frozen=True, slots=True)
class Told:
    """A warning in our words; its line, counted from 1 in the text that pandoc was given."""

    message: str
    line: int | None


def explain(said: str, text: str) -> Told:
    """What pandoc *said* (without its level) of *text*, as an author can use it."""
    said = " ".join(said.split())
    found = _PLACE.search(said)
    line = int(found[1]) if found else None
    for pattern, tell in _KNOWN:
        if known := pattern.match(said):
            return tell(known, text, line)
    return Told(said.replace(found[0], "") if found else said, line)


def haskell_string(shown: str) -> str:
    r"""The text of a string as Haskell shows it.

    >>> haskell_string(r"\\emph{\233}\nx")
    '\\emph{é}\nx'
    """
    named = {"n": "\n", "t": "\t", "&": ""}
    return re.sub(
        r"\\(\d+|.)",
        lambda found: chr(int(found[1])) if found[1].isdigit() else named.get(found[1], found[1]),
        shown,
    )


def _open_div(_: re.Match[str], text: str, line: int | None) -> Told:
    begins = text.split("\n")[line - 1].strip() if line else ""
    close = "</div>" if begins.startswith("<") else "a line :::"
    return Told(f"a div that begins here is never closed; close it with {close}", line)


def _unused_note(found: re.Match[str], _: str, line: int | None) -> Told:
    call = f"[^{found[1]}]"
    told = f"nothing calls the note {call}, so it is left out; write {call} where it belongs"
    return Told(told, line)


def _second_note(found: re.Match[str], _: str, line: int | None) -> Told:
    told = f"two notes are called [^{found[1]}], and only the last is kept"
    return Told(f"{told}; give it another name", line)


def _second_address(found: re.Match[str], _: str, line: int | None) -> Told:
    told = f"two addresses are called {found[1]}, and only the last is kept"
    return Told(f"{told}; give it another name", line)


def _second_identifier(found: re.Match[str], text: str, line: int | None) -> Told:
    # pandoc tells where it stands when it notices, which is after the heading.
    before = "\n".join(text.split("\n")[:line])
    at = before.rfind(f"#{found[1]}")
    told = f"#{found[1]} names two parts, and links lead to the first; give this one another"
    return Told(told, before.count("\n", 0, at) + 1 if at >= 0 else line)


_KNOWN: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str, int | None], Told]], ...] = (
    (re.compile(r"Div at .* unclosed at "), _open_div),
    (re.compile(r"Note with key '(.*)' defined at .* but not used"), _unused_note),
    (re.compile(r"Duplicate note reference '(.*)' at "), _second_note),
    (re.compile(r"Duplicate link reference '(.*)' at "), _second_address),
    (re.compile(r"Duplicate identifier '(.*)' at "), _second_identifier),
)
