"""Patch of `weasyprint.draw.text`: a PDF says what is written, in whatever order its glyphs stand.

WeasyPrint 70 shows glyphs as they stand on the line, and tells of each the text of its cluster.
- In Arabic and Hebrew the vowel signs come before their letter then, and would be told as the
  letter itself: each glyph gets its own characters. (The line is left as it stands: viewers turn it
  themselves, and turn an `ActualText` too.)
- In Hindi, Tamil or Khmer signs stand before the letters that they follow, which no viewer puts
  right: such words bear their text as `ActualText` (ISO 32000-1, 14.9.4).
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


def _draw_first_line_with(known: Any) -> Any:
    from weasyprint.draw import text as drawing

    def draw_first_line(stream: Any, textbox: Any, *arguments: Any) -> Any:
        if _RIGHT_TO_LEFT.search(textbox.text):
            for font, glyphs, text in _clusters(drawing, stream, textbox):
                told = shared_out(text, glyphs, fonts.characters(font.file_content))
                for glyph, said in told.items():
                    font.to_unicode.setdefault(glyph, said)
        if not _REORDERED.search(textbox.text):
            return known(stream, textbox, *arguments)
        written = (b"\xfe\xff" + textbox.text.encode("utf-16-be")).hex()
        stream.begin_marked_content("Span", f"<</ActualText <{written}>>>")
        emojis = known(stream, textbox, *arguments)
        stream.end_marked_content()
        return emojis

    return draw_first_line


def _clusters(drawing: Any, stream: Any, textbox: Any) -> Iterator[tuple[Any, list[int], str]]:
    """The font, glyphs and text of clusters of several glyphs, and of mirrored signs."""
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
            said = text[offset + start : offset + ends[start]].decode()
            if len(glyphs) > 1 or unicodedata.mirrored(said[:1] or " "):
                yield font, glyphs, said


def _spans(starts: Sequence[int], length: int) -> Iterator[tuple[int, int]]:
    ordered = sorted(set(starts))
    return zip(ordered, [*ordered[1:], length], strict=True)


def shared_out(text: str, glyphs: Sequence[int], known: Mapping[int, str]) -> dict[int, str]:
    """What each of *glyphs* says of *text*, as far as *known* tells; the letter has the rest.

    >>> shared_out("بّ", [8, 5], {8: "ّ"})
    {8: 'ّ', 5: 'ب'}
    """
    if unicodedata.mirrored(text[:1] or " "):  # a bracket says what it looks like on the line
        return {glyph: known.get(glyph, text) for glyph in glyphs}
    rest, told = list(text), {}
    for glyph in glyphs:
        if (character := known.get(glyph)) in rest:
            rest.remove(character)
            told[glyph] = character
    unnamed = [glyph for glyph in glyphs if glyph not in told]
    letter = unnamed[-1] if unnamed else glyphs[-1]
    told[letter] = "".join(rest) + told.get(letter, "")
    return {glyph: told.get(glyph, "") for glyph in glyphs}


PATCHES = (
    Patch(
        "weasyprint.draw.text",
        "draw_first_line",
        _draw_first_line_with,
        reported="https://github.com/Kozea/WeasyPrint/issues/2841",
        written_for={"weasyprint.draw.text:draw_first_line": "1bb8eae6d88e71b1"},
    ),
)
