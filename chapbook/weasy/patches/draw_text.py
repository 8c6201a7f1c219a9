"""Patch of `weasyprint.draw.text`: a PDF contains the right text, whatever the order of its glyphs.

WeasyPrint 70 writes glyphs in the order of the line, and gives each one the text of its cluster.
- In Arabic and Hebrew the vowel signs then come before their letter, with the text of the letter.
  So each glyph gets its own characters. (The order of the line stays: viewers reverse it
  themselves, and would reverse an `ActualText` too.)
- In Hindi, Tamil or Khmer some signs are drawn before the letters that they follow, and no viewer
  corrects that. So such words get their text as `ActualText` (ISO 32000-1, 14.9.4).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chapbook.design import fonts
from chapbook.model.patching import Patch

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe]")
_REORDERED = re.compile("[\u0900-\u109f\u1700-\u1cff\ua8e0-\uabff]")


def _draw_first_line_with(original: Any) -> Any:
    from weasyprint.draw import text as drawing

    def draw_first_line(stream: Any, textbox: Any, *arguments: Any) -> Any:
        if _RIGHT_TO_LEFT.search(textbox.text):
            for font, glyphs, text in _clusters(drawing, stream, textbox):
                texts = shared_out(text, glyphs, fonts.characters(font.file_content))
                for glyph, characters in texts.items():
                    font.to_unicode.setdefault(glyph, characters)
        if not _REORDERED.search(textbox.text):
            return original(stream, textbox, *arguments)
        actual_text = (b"\xfe\xff" + textbox.text.encode("utf-16-be")).hex()
        stream.begin_marked_content("Span", f"<</ActualText <{actual_text}>>>")
        emojis = original(stream, textbox, *arguments)
        stream.end_marked_content()
        return emojis

    return draw_first_line


def _clusters(drawing: Any, stream: Any, textbox: Any) -> Iterator[tuple[Any, list[int], str]]:
    """Yield the font, glyphs and text of clusters of several glyphs, and of mirrored signs."""
    line, _ = textbox.pango_layout.get_first_line()
    text = textbox.pango_layout.text.encode()
    run = line.runs[0]
    while run != drawing.ffi.NULL:
        glyph_item, run = run.data, run.next
        analysis, offset = glyph_item.item.analysis, glyph_item.item.offset
        if analysis.level % 2 == 0:
            continue
        font, _ = stream.add_font(analysis.font)
        count = glyph_item.glyphs.num_glyphs
        starts = glyph_item.glyphs.log_clusters[0:count]
        ends = dict(_spans(starts, glyph_item.item.length))
        by_cluster: dict[int, list[int]] = {}
        for start, info in zip(starts, glyph_item.glyphs.glyphs[0:count], strict=True):
            by_cluster.setdefault(start, []).append(info.glyph)
        for start, glyphs in by_cluster.items():
            characters = text[offset + start : offset + ends[start]].decode()
            if len(glyphs) > 1 or unicodedata.mirrored(characters[:1] or " "):
                yield font, glyphs, characters


def _spans(starts: Sequence[int], length: int) -> Iterator[tuple[int, int]]:
    ordered = sorted(set(starts))
    return zip(ordered, [*ordered[1:], length], strict=True)


def shared_out(text: str, glyphs: Sequence[int], characters: Mapping[int, str]) -> dict[int, str]:
    """Return the part of *text* for each of *glyphs*, by *characters*; the letter gets the rest.

    >>> shared_out("بّ", [8, 5], {8: "ّ"})
    {8: 'ّ', 5: 'ب'}
    """
    if unicodedata.mirrored(
        text[:1] or " "
    ):  # a bracket gets the character that it looks like on the line
        return {glyph: characters.get(glyph, text) for glyph in glyphs}
    rest, shares = list(text), {}
    for glyph in glyphs:
        if (character := characters.get(glyph)) in rest:
            rest.remove(character)
            shares[glyph] = character
    unnamed = [glyph for glyph in glyphs if glyph not in shares]
    letter = unnamed[-1] if unnamed else glyphs[-1]
    shares[letter] = "".join(rest) + shares.get(letter, "")
    return {glyph: shares.get(glyph, "") for glyph in glyphs}


PATCHES = (
    Patch(
        "weasyprint.draw.text",
        "draw_first_line",
        _draw_first_line_with,
        reported="https://github.com/Kozea/WeasyPrint/issues/2841",
        written_for={"weasyprint.draw.text:draw_first_line": "1bb8eae6d88e71b1"},
    ),
)
