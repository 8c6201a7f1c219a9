"""Operands of a content stream, and how much of it there is."""

from __future__ import annotations

from typing import Any


def says_anything(shown: Any) -> bool:
    """Whether the operand of `Tj` or `TJ` has a glyph."""
    import pikepdf

    parts = shown if isinstance(shown, pikepdf.Array) else [shown]
    return any(isinstance(part, pikepdf.String) and len(bytes(part)) > 0 for part in parts)


def names(value: Any) -> list[str]:
    """The names in *value*, one or a list."""
    import pikepdf

    return [str(each) for each in value] if isinstance(value, pikepdf.Array) else [str(value)]


def length(stream: Any) -> int:
    """How many bytes of content *stream*, a page or a form, has, decoded."""
    import pikepdf

    if not isinstance(stream, pikepdf.Page):
        return len(stream.read_bytes())
    contents = stream.obj.get("/Contents", ())
    parts = contents if isinstance(contents, pikepdf.Array) else [contents]
    return sum(len(part.read_bytes()) for part in parts if isinstance(part, pikepdf.Stream))
