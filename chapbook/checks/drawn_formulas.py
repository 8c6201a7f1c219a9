"""Which symbols a drawn formula shows: each outline of a PDF, looked up in the face of formulas.

Print draws formulas as outlines, not as text. Every filled outline is compared with those of the
face, point by point, and so tells its character, whatever the picture's alternative text says.
Rules (of fractions, roots, overlines) are no outlines of the face, nor are words of other scripts.
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
"""Where the steps of a path end, in the units of its own drawing."""

UNKNOWN = "\ufffd"
_EM = 12.0  # the em of the outlines that ziafont writes
_Key = frozenset[tuple[float, float]]
_ORIGIN: _Key = frozenset({(0.0, 0.0)})  # ziafont's paths begin there


def symbols_drawn(paths: Sequence[Outline]) -> str:
    """The symbols of *paths*, folded; UNKNOWN for an outline that is not the face's."""
    known = _symbols() if paths else {}
    return "".join(known.get(_key(path), UNKNOWN) for path in paths)


def undrawn(asked: Counter[str], drawn: str) -> Counter[str]:
    """Which of the symbols *asked* for are not among those *drawn*, as far as outlines tell."""
    same = _same()
    has = frozenset("".join(_symbols().values()))
    wanted = Counter[str]()
    others = 0
    for sign, count in asked.items():
        if unicodedata.category(sign) == "Mn":
            continue  # an accent: of one letter an outline, of several a rule
        if same.get(sign, sign) in has:
            wanted[same.get(sign, sign)] += count
        else:
            others += count
    missing = wanted - Counter(same.get(sign, sign) for sign in drawn)
    stretched = Counter({sign: n for sign, n in missing.items() if sign in _stretchable()})
    if stretched.total() <= drawn.count(UNKNOWN):  # drawn of several parts at once
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
    """The symbol that each outline of the face shows."""
    return {key: "".join(_same().get(sign, sign) for sign in told[0]) for key, told in _read()}


@cache
def _same() -> dict[str, str]:
    """Of characters that one outline shows, such as A and Alpha, one for all."""
    chosen: dict[str, str] = {}
    for _, told in _read():
        symbols = [symbol for symbol in told if len(symbol) == 1]
        first = min((chosen.get(symbol, symbol) for symbol in symbols), default="")
        chosen |= dict.fromkeys(symbols, first)
    return chosen


@cache
def _read() -> tuple[tuple[_Key, tuple[str, ...]], ...]:
    """Every outline of the face, and the symbols that it shows."""
    font = _face()
    found: dict[_Key, list[str]] = {}
    for glyph, character in _characters(font).items():
        if symbol := folded(character):
            found.setdefault(frozenset(_outline(font, glyph)) | _ORIGIN, []).append(symbol)
    return tuple((key, tuple(symbols)) for key, symbols in found.items())


@cache
def _stretchable() -> frozenset[str]:
    """The symbols that grow without end, of parts: brackets, arrows, braces."""
    font = _face()
    return frozenset(
        _same().get(symbol, symbol)
        for glyph, character in _characters(font).items()
        for direction in ("ltr", "ttb")
        if font.get_math_glyph_assembly(glyph, direction)[0]
        for symbol in folded(character)
    )


def _characters(font: hb.Font) -> dict[int, str]:
    """Which character each glyph is, itself or as a larger or a smaller form of one."""
    found: dict[int, str] = {}
    for code in sorted(font.face.unicodes):
        if glyph := font.get_nominal_glyph(code):
            found.setdefault(glyph, chr(code))
    for glyph, character in list(found.items()):
        for form in _script_forms(font, character):
            found.setdefault(form, character)
        for direction in ("ltr", "ttb"):
            for variant in font.get_math_glyph_variants(glyph, direction):
                found.setdefault(variant.glyph, character)
            parts, _ = font.get_math_glyph_assembly(glyph, direction)
            for part in parts:
                found.setdefault(part.glyph, character)
    return found


def _script_forms(font: hb.Font, character: str) -> Iterator[int]:
    """The glyphs of *character* in scripts and in scripts of scripts (OpenType's `ssty`)."""
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
