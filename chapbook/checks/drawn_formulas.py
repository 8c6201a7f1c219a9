"""Finds the symbols of a drawn formula: looks up each outline of a PDF in the face of formulas.

Print draws formulas as outlines, not as text. Every filled outline is compared with those of the
face, point by point, which gives its character, whatever the alternative text of the picture is.
Rules (of fractions, roots, overlines) and words in other scripts are not outlines of the face.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from chapbook.design import fonts
from chapbook.design.faces import MATH
from chapbook.reading.tex_symbols import folded

if TYPE_CHECKING:
    import uharfbuzz as hb

Outline = tuple[tuple[float, float], ...]
"""The end points of the steps of a path, in the units of its drawing."""

UNKNOWN = "\ufffd"
_EM = 12.0  # the em of the outlines that ziafont writes
_Key = frozenset[tuple[float, float]]
_ORIGIN: _Key = frozenset({(0.0, 0.0)})  # ziafont's paths begin there


def symbols_drawn(paths: Sequence[Outline]) -> str:
    """Return the symbols of *paths*, folded; UNKNOWN for an outline that is not in the face."""
    symbols = _symbols() if paths else {}
    return "".join(symbols.get(_key(path), UNKNOWN) for path in paths)


def undrawn(asked: Counter[str], drawn: str) -> Counter[str]:
    """Return those of the symbols *asked* for that are not *drawn*, as far as outlines show it."""
    same = _same()
    has = frozenset("".join(_symbols().values()))
    wanted = Counter[str]()
    others = 0
    for sign, count in asked.items():
        if unicodedata.category(sign) == "Mn":
            continue  # an accent: over one letter an outline, over several a rule
        if same.get(sign, sign) in has:
            wanted[same.get(sign, sign)] += count
        else:
            others += count
    missing = wanted - Counter(same.get(sign, sign) for sign in drawn)
    stretched = Counter({sign: n for sign, n in missing.items() if sign in _stretchable()})
    if stretched.total() <= drawn.count(UNKNOWN):  # drawn from several parts
        missing -= stretched
    return missing + Counter(UNKNOWN) if others and UNKNOWN not in drawn else missing


def _key(path: Outline) -> _Key:
    """The points of *path* in units of the face, to the half of one, whatever their order."""
    halves = 2 * _face().face.upem / _EM
    return frozenset((round(x * halves) / 2, round(-y * halves) / 2) for x, y in path) | _ORIGIN


@cache
def _face() -> hb.Font:
    import uharfbuzz as hb

    return hb.Font(fonts.whole_face(fonts.files()[MATH.file]))


@cache
def _symbols() -> dict[_Key, str]:
    """Return the symbol of each outline of the face."""
    return {
        key: "".join(_same().get(sign, sign) for sign in symbols[0]) for key, symbols in _read()
    }


@cache
def _same() -> dict[str, str]:
    """Return one common character for those with the same outline, such as A and Alpha."""
    chosen: dict[str, str] = {}
    for _, texts in _read():
        symbols = [text for text in texts if len(text) == 1]
        first = min((chosen.get(symbol, symbol) for symbol in symbols), default="")
        chosen |= dict.fromkeys(symbols, first)
    return chosen


@cache
def _read() -> tuple[tuple[_Key, tuple[str, ...]], ...]:
    """Return every outline of the face, and its symbols."""
    font = _face()
    symbols_by_outline: dict[_Key, list[str]] = {}
    for glyph, character in _characters(font).items():
        if symbol := folded(character):
            symbols_by_outline.setdefault(frozenset(_outline(font, glyph)) | _ORIGIN, []).append(
                symbol
            )
    return tuple((key, tuple(symbols)) for key, symbols in symbols_by_outline.items())


@cache
def _stretchable() -> frozenset[str]:
    """Return the symbols that are made of parts to grow: brackets, arrows, braces."""
    font = _face()
    return frozenset(
        _same().get(symbol, symbol)
        for glyph, character in _characters(font).items()
        for direction in ("ltr", "ttb")
        if font.get_math_glyph_assembly(glyph, direction)[0]
        for symbol in folded(character)
    )


def _characters(font: hb.Font) -> dict[int, str]:
    """Return the character of each glyph, also if it is a larger or smaller form."""
    by_glyph: dict[int, str] = {}
    for code in sorted(font.face.unicodes):
        if glyph := font.get_nominal_glyph(code):
            by_glyph.setdefault(glyph, chr(code))
    for glyph, character in list(by_glyph.items()):
        for form in _script_forms(font, character):
            by_glyph.setdefault(form, character)
        for direction in ("ltr", "ttb"):
            for variant in font.get_math_glyph_variants(glyph, direction):
                by_glyph.setdefault(variant.glyph, character)
            parts, _ = font.get_math_glyph_assembly(glyph, direction)
            for part in parts:
                by_glyph.setdefault(part.glyph, character)
    return by_glyph


def _script_forms(font: hb.Font, character: str) -> Iterator[int]:
    """Yield the glyphs of *character* in scripts and in scripts of scripts (OpenType's `ssty`)."""
    import uharfbuzz as hb

    for level in (1, 2):
        buffer = hb.Buffer()
        buffer.add_str(character)
        buffer.guess_segment_properties()
        buffer.script = "Zmth"
        hb.shape(font, buffer, {"ssty": level})
        if len(buffer.glyph_infos) == 1:
            yield buffer.glyph_infos[0].codepoint


def _outline(font: hb.Font, glyph: int) -> Outline:
    import uharfbuzz as hb

    points: list[tuple[float, float]] = []
    functions = hb.DrawFuncs()
    functions.set_move_to_func(lambda x, y, pen: pen.append((x, y)))
    functions.set_line_to_func(lambda x, y, pen: pen.append((x, y)))
    functions.set_quadratic_to_func(lambda _a, _b, x, y, pen: pen.append((x, y)))
    functions.set_cubic_to_func(lambda _a, _b, _c, _d, x, y, pen: pen.append((x, y)))
    functions.set_close_path_func(lambda _pen: None)
    font.draw_glyph(glyph, functions, points)
    return tuple(points)
