"""A difference between a finished file and its manuscript, and how its message quotes both."""

from __future__ import annotations

from typing import NamedTuple

from chapbook.checks.outline import Heading, Item, Link, Note, Picture
from chapbook.model.errors import Code


class Difference(NamedTuple):
    """A difference; `words` are those in the manuscript at its place, *nth* which occurrence."""

    code: Code
    message: str
    words: str = ""
    nth: int = 0


def quoted(value: object) -> str:
    """Return *value* in quotation marks, for a message."""
    if isinstance(value, Heading):
        text = f"{'#' * value.depth} {value.text}"
    elif isinstance(value, Link):
        text = f"{value.text}, to {value.target}"
    elif isinstance(value, Item):
        text = f"{value.label} {value.text} at depth {value.depth}"
    elif isinstance(value, Picture):
        text = f"{value.kind} {value.alt or 'without description'}"
        text += f", caption {value.caption}" if value.caption else ""
        text += f", {value.width} × {value.height} pixels" if value.width else ""
    elif isinstance(value, Note):
        text = _note_text(value)
    elif isinstance(value, tuple | list):
        text = " | ".join(map(str, value))
    else:
        text = str(value if value is not None else "")
    text = " ".join(text.split())
    return f"“{text[:120]}{'…' if len(text) > 120 else ''}”" if text else "nothing"


def _note_text(note: Note) -> str:
    text = " ".join(note.text.blocks) if note.text else "no note"
    called = (
        f"called after {' '.join(note.after.split())}" if note.after is not None else "uncalled"
    )
    return f"{text[:40]}, {called}{'' if note.returns else ', without a way back'}"


def words_in(value: object) -> str:
    """Return the words by which *value* can be found in the manuscript."""
    if isinstance(value, Picture):
        return value.alt or value.caption
    if isinstance(value, Note):
        return value.after or (" ".join(value.text.blocks[:1]) if value.text else "")
    if isinstance(value, tuple | list):
        return str(value[0]) if value else ""
    return str(getattr(value, "text", value if value is not None else ""))
