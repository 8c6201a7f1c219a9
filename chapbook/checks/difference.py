"""One difference between a finished file and its manuscript, and how its message quotes both."""

from __future__ import annotations

from typing import NamedTuple

from chapbook.checks.outline import Heading, Item, Link, Note, Picture
from chapbook.model.errors import Code


class Difference(NamedTuple):
    """What differs and how; `words` are the manuscript's where it is, the *nth* of their like."""

    code: Code
    message: str
    words: str = ""
    nth: int = 0


def told(value: object) -> str:
    """*value* as a finding quotes it."""
    if isinstance(value, Heading):
        said = f"{'#' * value.depth} {value.text}"
    elif isinstance(value, Link):
        said = f"{value.text}, to {value.target}"
    elif isinstance(value, Item):
        said = f"{value.label} {value.text} at depth {value.depth}"
    elif isinstance(value, Picture):
        said = f"{value.kind} {value.alt or 'without description'}"
        said += f", caption {value.caption}" if value.caption else ""
        said += f", {value.width} × {value.height} pixels" if value.width else ""
    elif isinstance(value, Note):
        said = _told_note(value)
    elif isinstance(value, tuple | list):
        said = " | ".join(map(str, value))
    else:
        said = str(value if value is not None else "")
    said = " ".join(said.split())
    return f"“{said[:120]}{'…' if len(said) > 120 else ''}”" if said else "nothing"


def _told_note(note: Note) -> str:
    text = " ".join(note.text.blocks) if note.text else "no note"
    called = (
        f"called after {' '.join(note.after.split())}" if note.after is not None else "uncalled"
    )
    return f"{text[:40]}, {called}{'' if note.returns else ', without a way back'}"


def words_in(value: object) -> str:
    """The words by which *value* can be found in the manuscript."""
    if isinstance(value, Picture):
        return value.alt or value.caption
    if isinstance(value, Note):
        return value.after or (" ".join(value.text.blocks[:1]) if value.text else "")
    if isinstance(value, tuple | list):
        return str(value[0]) if value else ""
    return str(getattr(value, "text", value if value is not None else ""))
