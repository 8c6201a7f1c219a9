"""Reads operands of a content stream, and the length of one."""

from __future__ import annotations

from typing import Any


def has_glyphs(shown: Any) -> bool:
    """Return whether *shown*, the operand of `Tj` or `TJ`, has any glyph."""
    import pikepdf

    parts = shown if isinstance(shown, pikepdf.Array) else [shown]
    return any(isinstance(part, pikepdf.String) and len(bytes(part)) > 0 for part in parts)


def names(value: Any) -> list[str]:
    """Return the names in *value*, which is one name or an array of names."""
    import pikepdf

    return [str(each) for each in value] if isinstance(value, pikepdf.Array) else [str(value)]


def length(stream: Any) -> int:
    """Return the number of decoded bytes of *stream*, a page or a form."""
    import pikepdf

    if not isinstance(stream, pikepdf.Page):
        return len(stream.read_bytes())
    contents = stream.obj.get("/Contents", ())
    parts = contents if isinstance(contents, pikepdf.Array) else [contents]
    return sum(len(part.read_bytes()) for part in parts if isinstance(part, pikepdf.Stream))
