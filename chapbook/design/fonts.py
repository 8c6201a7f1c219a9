"""Faces: static instances, cut from the variable fonts of font packages, for all formats alike.

Every format gets the same instances, pinned at weight and optical size and reduced to the glyphs
in use. HarfBuzz cuts one in 3 ms; WeasyPrint, given a variable font, would take fontTools 25 ms
for each, and it shapes text at one optical size and embeds another.
No font of the system can get into a file: fontconfig is given an empty configuration.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from chapbook.design.faces import FAMILIES, SCRIPTS, SIGNS, Face, extra_for, is_of, scripts_for
from chapbook.model.errors import DesignError, ToolchainError

if TYPE_CHECKING:
    import uharfbuzz as hb

# What every face keeps beside the text's own characters: what templates and hyphenation set.
FURNITURE = frozenset(map(chr, range(0x20, 0x7F))) | frozenset(
    "\u00a0\u2002\u2003\u2010‘’“”–—…•·§©†‡☐☑"
)

_PARTS = {"\u0e33": "\u0e4d\u0e32", "\u0eb3": "\u0ecd\u0eb2"}  # hb-ot-shaper-thai
_SPACES = frozenset(" \u00a0")
# What shows nothing, and what only says how others are joined or ordered, needs no glyph.
UNSEEN = (
    _SPACES
    | frozenset(map(chr, (*range(0x20), *range(0x7F, 0xA0))))
    | frozenset(
        "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u3164\ufeff\uffa0"
        "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u200e\u200f"
        "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u202f\u205f\u2060\u2061\u2062\u2063\u2064\u2066\u2067"
        "\u2068\u2069\u3000\ufe00\ufe01\ufe02\ufe03\ufe04\ufe05\ufe06\ufe07\ufe08\ufe09\ufe0a\ufe0b"
        "\ufe0c\ufe0d\ufe0e\ufe0f"
    )
)

# Kept beside HarfBuzz's defaults: small caps, the figures' styles, and the forms of formulas.
_FEATURES = tuple("smcp c2sc onum lnum pnum tnum sups subs frac case ssty flac dtls".split())


@dataclass(frozen=True)
class Instance:
    """A face cut to a text: a TrueType font in memory."""

    face: Face
    truetype: bytes

    def font_face(self, url: str) -> str:
        """The CSS rule that gives the font at *url* its name."""
        face = self.face
        return (
            f'@font-face {{ font-family: "{face.family}"; font-style: {face.style}; '
            f"font-weight: {face.weight}; font-display: swap; src: url({url}) }}"
        )

    def small_caps_width_em(self, text: str) -> float:
        """How wide *text* is when set in small capitals, in em of its size."""
        return self.width_em(text, {"smcp": True})

    def width_em(self, text: str, features: Mapping[str, bool] = MappingProxyType({})) -> float:
        """How wide *text* is on one line, in em of its size."""
        import uharfbuzz as hb

        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self._shaper, buffer, dict(features))
        advances = sum(position.x_advance for position in buffer.glyph_positions)
        return float(advances / self._shaper.face.upem)

    def ink_em(self, text: str) -> tuple[float, float]:
        """How far below and above its baseline *text* has ink, in em of its size."""
        glyphs = (self._shaper.get_nominal_glyph(ord(character)) for character in set(text))
        inked = [
            (extents.y_bearing + extents.height, extents.y_bearing)
            for extents in map(self._shaper.get_glyph_extents, filter(None, glyphs))
            if extents is not None
        ]
        upem = self._shaper.face.upem
        lowest = min((low for low, _ in inked), default=0)
        return lowest / upem, max((high for _, high in inked), default=0) / upem

    @property
    def middle_em(self) -> float:
        """How far above its baseline a line of type has its middle, by the face's own measures."""
        extents = self._shaper.get_font_extents("ltr")
        return float((extents.ascender + extents.descender) / 2 / self._shaper.face.upem)

    @cached_property
    def _shaper(self) -> hb.Font:
        import uharfbuzz as hb

        return hb.Font(hb.Face(self.truetype))

    def woff(self) -> bytes:
        """The instance for the web, as WOFF 1: WOFF 2 is 20 % smaller at 12 times the CPU."""
        import io

        from fontTools.ttLib import TTFont

        font = TTFont(
            io.BytesIO(self.truetype), lazy=True, recalcBBoxes=False, recalcTimestamp=False
        )
        font.flavor = "woff"
        packed = io.BytesIO()
        font.save(packed, reorderTables=None)
        return packed.getvalue()


def instances(
    families: Iterable[str], characters: Iterable[str], lang: str = "en"
) -> tuple[Instance, ...]:
    """Every face of *families*, cut to *characters* and the furniture.

    What a family lacks, and the signs that *lang* sets in its own face, come from the faces of
    other scripts, as far as their packages are here; their families are named after ours and the
    script, such as “Source Serif 4 Arabic”.
    Raises DesignError for a family we do not know, ToolchainError where its package is missing.
    """
    families = tuple(families)
    wanted = frozenset(characters) | FURNITURE
    foreign = beyond(families, frozenset(characters))
    return tuple(
        cut(own, held)
        for family in families
        for face in faces(family)
        for own, held in shared(face, wanted, foreign, lang).items()
    )


def beyond(families: Iterable[str], characters: frozenset[str]) -> frozenset[str]:
    """Those of *characters* that no family of *families* has: another script's."""
    left = characters - UNSEEN
    for family in families:
        left -= covered(faces(family)[0], left)
    return left


def shared(
    face: Face, characters: frozenset[str], foreign: frozenset[str], lang: str
) -> dict[Face, frozenset[str]]:
    """Which of *characters* come from *face*, and which from the faces of other scripts.

    *foreign* are those that the theme lacks. The first is *face* itself, with what no face has.
    """
    left = foreign & characters
    signs = SIGNS.get(lang.partition("-")[0], frozenset()) & characters
    taken: dict[Face, frozenset[str]] = {}
    for script in scripts_for(lang, left) if left else ():
        own = script.face(face)
        if left and _find(own) and (held := covered(own, left)):
            signs_too = covered(own, signs) if is_of(script, lang) else frozenset()
            taken[own] = _with_parts(held) | signs_too | _SPACES
            left -= held
    elsewhere = frozenset().union(*taken.values()) - _SPACES
    return {face: characters - elsewhere, **taken}


def _with_parts(characters: frozenset[str]) -> frozenset[str]:
    """*characters* and what HarfBuzz takes them apart into: vowels around a letter, sara am."""
    parts = (unicodedata.normalize("NFD", each) for each in characters)
    return characters.union(
        "".join(parts), *(_PARTS[each] for each in _PARTS if each in characters)
    )


def scripts_of(families: Iterable[str], characters: Iterable[str], lang: str) -> list[str]:
    """The names of the scripts whose faces `instances` would take for *characters*."""
    families = tuple(families)
    foreign = beyond(families, frozenset(characters))
    _, *others = shared(faces(families[0])[0], foreign, foreign, lang)
    return [face.family.removeprefix(families[0]).strip() for face in others]


def extra_wanted(character: str) -> str | None:
    """The extra whose faces should have *character*, where it is not installed; else None."""
    extra = extra_for(character)
    absent = any(
        _find(face) is None
        for script in SCRIPTS
        if script.extra == extra
        for face in (*script.serif, *script.sans)
    )
    return extra if absent else None


def faces(family: str) -> tuple[Face, ...]:
    """The faces of *family*. Raises DesignError for a family we do not know."""
    if family not in FAMILIES:
        raise DesignError(
            f"there is no face called “{family}”", remedy=f"choose from {', '.join(FAMILIES)}"
        )
    return FAMILIES[family]


def cut(face: Face, characters: Iterable[str]) -> Instance:
    """*face* cut to just *characters*. Raises ToolchainError where its package is missing."""
    return Instance(face, _cut(_file(face), face.axes, frozenset(characters)))


def covered(face: Face, characters: Iterable[str]) -> frozenset[str]:
    """Those of *characters* for which *face* has a glyph."""
    known = _unicodes(_file(face))
    return frozenset(character for character in characters if ord(character) in known)


@cache
def whole_face(file: Path) -> hb.Face:
    """The face in *file*, with all its glyphs."""
    import uharfbuzz as hb

    return hb.Face(hb.Blob.from_file_path(str(file)))


@cache
def _unicodes(file: Path) -> hb.Set:
    return whole_face(file).unicodes


@lru_cache(64)  # a script's face stands in several families of a theme
def _cut(file: Path, axes: tuple[tuple[str, float], ...], characters: frozenset[str]) -> bytes:
    import uharfbuzz as hb

    wanted = hb.SubsetInput()
    wanted.unicode_set.update(map(ord, characters))
    wanted.layout_feature_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _FEATURES)
    for axis, value in axes:
        wanted.pin_axis_location(whole_face(file), axis, value)
    return bytes(hb.subset(whole_face(file), wanted).blob.data)


def files() -> dict[str, Path]:
    """The file of every face that is here by its name: ours, and those of other scripts.

    Raises ToolchainError where one of ours is missing.
    """
    ours = {face.file: _file(face) for family in FAMILIES.values() for face in family}
    others = (face for script in SCRIPTS for face in (*script.serif, *script.sans))
    return ours | {face.file: path for face in others if (path := _find(face))}


@lru_cache(64)
def characters(truetype: bytes) -> Mapping[int, str]:
    """The character that each glyph of a font is by itself, by the glyph's number."""
    import uharfbuzz as hb

    font = hb.Font(face := hb.Face(truetype))
    return {
        glyph: chr(code)
        for code in sorted(face.unicodes)
        if (glyph := font.get_nominal_glyph(code))
    }


def _file(face: Face) -> Path:
    path = _find(face)
    if path is None:
        package = face.package.replace("_", "-")
        told = f"the face {face.family} is missing"
        raise ToolchainError(told, remedy=f"run: pip install {package}")
    return path


@cache
def _find(face: Face) -> Path | None:
    spec = find_spec(face.package)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        for path in (Path(folder, "files", face.file), Path(folder, face.file)):
            if path.is_file():
                return path
    return None


@contextmanager
def confined() -> Iterator[None]:
    """Keep the system's fonts out of whatever fontconfig configuration is made within.

    Fontconfig takes its file from the environment; programs started later shall not inherit it.
    """
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("no-fonts.conf"))
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before
