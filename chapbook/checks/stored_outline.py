"""Reads an outline back from the JSON that `chapbook.checks.outline.as_json` makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chapbook.checks.outline import (
    Emphasis,
    Heading,
    Item,
    Link,
    Note,
    Outline,
    Passage,
    Picture,
    Table,
)


def outline_from_json(value: Any) -> Outline:
    """Return the outline in *value*. Raises ValueError if it is not one."""
    try:
        return _outline(value)
    except (AttributeError, IndexError, KeyError, TypeError) as cause:
        raise ValueError(f"not an outline: {cause}") from cause


def _outline(value: Any) -> Outline:
    return Outline(
        title=_text(value, "title"),
        subtitle=_text(value, "subtitle"),
        language=_text(value, "language"),
        direction=_text(value, "direction"),
        metadata={
            str(key): entry if isinstance(entry, str) else tuple(map(str, entry))
            for key, entry in value.get("metadata", {}).items()
        },
        text=_passage(value.get("text", {})),
        notes=tuple(map(_note, value.get("notes", ()))),
    )


def _text(value: Mapping[str, Any], name: str) -> str:
    return str(value.get(name, ""))


def _note(value: Any) -> Note:
    text = _passage(value["text"]) if "text" in value else None
    return Note(value.get("after"), text, bool(value["returns"]))


def _passage(value: Any) -> Passage:
    return Passage(
        blocks=tuple(map(str, value.get("blocks", ()))),
        headings=tuple(map(_heading, value.get("headings", ()))),
        links=tuple(
            Link(_text(item, "text"), _text(item, "target")) for item in value.get("links", ())
        ),
        pictures=tuple(map(_picture, value.get("pictures", ()))),
        tables=tuple(
            Table(_text(item, "caption"), tuple(map(tuple, item.get("rows", ()))))
            for item in value.get("tables", ())
        ),
        code=tuple(map(str, value.get("code", ()))),
        items=tuple(map(_item, value.get("items", ()))),
        quotes=tuple(map(str, value.get("quotes", ()))),
        emphasis=tuple(
            Emphasis(kind, text)
            for kind, _, text in (item.partition(": ") for item in value.get("emphasis", ()))
        ),
    )


def _heading(line: str) -> Heading:
    marks, hashes, text = _at_hashes(line)
    return Heading(len(hashes), text, "inner" in marks, "picture" in marks)


def _at_hashes(line: str) -> tuple[list[str], str, str]:
    marks: list[str] = []
    rest = line
    while not rest.startswith("#"):
        mark, space, rest = rest.partition(" ")
        if not space:
            raise ValueError(f"not a heading: {line[:40]}")
        marks.append(mark)
    hashes, _, text = rest.partition(" ")
    return marks, hashes, text


def _picture(value: Any) -> Picture:
    return Picture(
        kind=_text(value, "kind"),
        alt=_text(value, "alt"),
        caption=_text(value, "caption"),
        width=value.get("width"),
        height=value.get("height"),
        digest=value.get("digest"),
        after=_text(value, "after"),
    )


def _item(line: str) -> Item:
    start, _, text = line.partition(" | ")
    label = start.lstrip(" ")
    return Item((len(start) - len(label)) // 2 + 1, label, text)
