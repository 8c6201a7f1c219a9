"""Cuts static instances from the variable fonts of font packages, the same for all formats.

An instance has a fixed weight and optical size, and only the glyphs in use. HarfBuzz makes one in
3 ms. With a variable font, WeasyPrint would need 25 ms for each with fontTools, and it shapes text
at one optical size and embeds another.
No font of the system can get into a file, since fontconfig gets an empty configuration.
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

# Characters that every face has besides those of the text: for templates and hyphenation.
FURNITURE = frozenset(map(chr, range(0x20, 0x7F))) | frozenset(
    "\u00a0\u2002\u2003\u2010‘’“”–—…•·§©†‡☐☑"
)

_PARTS = {"\u0e33": "\u0e4d\u0e32", "\u0eb3": "\u0ecd\u0eb2"}  # hb-ot-shaper-thai
_SPACES = frozenset(" \u00a0")
# Invisible characters, and those that only control joining or order, need no glyph.
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

# Kept besides HarfBuzz's defaults: small caps, styles of figures, and forms for formulas.
_FEATURES = tuple("smcp c2sc onum lnum pnum tnum sups subs frac case ssty flac dtls".split())


@dataclass(frozen=True)
class Instance:
    """A face with only the glyphs of a text: a TrueType font in memory."""

    face: Face
    truetype: bytes

    def font_face(self, url: str) -> str:
        """Return the CSS rule that gives the font at *url* its name."""
        face = self.face
        return (
            f'@font-face {{ font-family: "{face.family}"; font-style: {face.style}; '
            f"font-weight: {face.weight}; font-display: swap; src: url({url}) }}"
        )

    def small_caps_width_em(self, text: str) -> float:
        """Return the width of *text* in small capitals, in em."""
        return self.width_em(text, {"smcp": True})

    def width_em(self, text: str, features: Mapping[str, bool] = MappingProxyType({})) -> float:
        """Return the width of *text* on one line, in em."""
        import uharfbuzz as hb

        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(self._shaper, buffer, dict(features))
        advances = sum(position.x_advance for position in buffer.glyph_positions)
        return float(advances / self._shaper.face.upem)

    def ink_em(self, text: str) -> tuple[float, float]:
        """Return the lowest and highest ink of *text*, in em above the baseline."""
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
        """The height of the middle of a line above the baseline, in em."""
        extents = self._shaper.get_font_extents("ltr")
        return float((extents.ascender + extents.descender) / 2 / self._shaper.face.upem)

    @cached_property
    def _shaper(self) -> hb.Font:
        import uharfbuzz as hb

        return hb.Font(hb.Face(self.truetype))

    def woff(self) -> bytes:
        """Return the instance as WOFF 1. WOFF 2 is 20 % smaller, but takes 12 times the CPU."""
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
    """Return every face of *families*, cut to *characters* and the furniture.

    Characters that a family lacks, and signs that *lang* sets in its own face, come from the faces
    of other scripts, if their packages are installed. Their families are named after ours and the
    script, such as “Source Serif 4 Arabic”.
    Raises DesignError for an unknown family, ToolchainError if its package is missing.
    """
    families = tuple(families)
    wanted = frozenset(characters) | FURNITURE
    foreign = beyond(families, frozenset(characters))
    return tuple(
        cut(instance_face, own_characters)
        for family in families
        for face in faces(family)
        for instance_face, own_characters in shared(face, wanted, foreign, lang).items()
    )


def beyond(families: Iterable[str], characters: frozenset[str]) -> frozenset[str]:
    """Return those of *characters* that no family of *families* has."""
    left = characters - UNSEEN
    for family in families:
        left -= covered(faces(family)[0], left)
    return left


def shared(
    face: Face, characters: frozenset[str], foreign: frozenset[str], lang: str
) -> dict[Face, frozenset[str]]:
    """Divide *characters* between *face* and the faces of other scripts.

    *foreign* are those that the theme lacks. The first entry is *face* itself, which also has the
    characters that no face has.
    """
    left = foreign & characters
    signs = SIGNS.get(lang.partition("-")[0], frozenset()) & characters
    by_face: dict[Face, frozenset[str]] = {}
    for script in scripts_for(lang, left) if left else ():
        script_face = script.face(face)
        if left and _find(script_face) and (found := covered(script_face, left)):
            signs_too = covered(script_face, signs) if is_of(script, lang) else frozenset()
            by_face[script_face] = _with_parts(found) | signs_too | _SPACES
            left -= found
    elsewhere = frozenset().union(*by_face.values()) - _SPACES
    return {face: characters - elsewhere, **by_face}


def _with_parts(characters: frozenset[str]) -> frozenset[str]:
    """Return *characters* and the parts into which HarfBuzz splits them: vowels, sara am."""
    parts = (unicodedata.normalize("NFD", character) for character in characters)
    return characters.union(
        "".join(parts), *(_PARTS[character] for character in _PARTS if character in characters)
    )


def scripts_of(families: Iterable[str], characters: Iterable[str], lang: str) -> list[str]:
    """Return the names of the scripts whose faces `instances` would use for *characters*."""
    families = tuple(families)
    foreign = beyond(families, frozenset(characters))
    _, *others = shared(faces(families[0])[0], foreign, foreign, lang)
    return [face.family.removeprefix(families[0]).strip() for face in others]


def extra_wanted(character: str) -> str | None:
    """Return the extra that would add a face for *character*; None if there is none to install."""
    extra = extra_for(character)
    absent = any(
        _find(face) is None
        for script in SCRIPTS
        if script.extra == extra
        for face in (*script.serif, *script.sans)
    )
    return extra if absent else None


def faces(family: str) -> tuple[Face, ...]:
    """Return the faces of *family*. Raises DesignError for an unknown family."""
    if family not in FAMILIES:
        raise DesignError(
            f"there is no face called “{family}”", remedy=f"choose from {', '.join(FAMILIES)}"
        )
    return FAMILIES[family]


def cut(face: Face, characters: Iterable[str]) -> Instance:
    """Return *face* cut to *characters*. Raises ToolchainError if its package is missing."""
    return Instance(face, _cut(_file(face), face.axes, frozenset(characters)))


def covered(face: Face, characters: Iterable[str]) -> frozenset[str]:
    """Return those of *characters* for which *face* has a glyph."""
    code_points = _unicodes(_file(face))
    return frozenset(character for character in characters if ord(character) in code_points)


@cache
def whole_face(file: Path) -> hb.Face:
    """Return the face in *file*, with all its glyphs."""
    import uharfbuzz as hb

    return hb.Face(hb.Blob.from_file_path(str(file)))


@cache
def _unicodes(file: Path) -> hb.Set:
    return whole_face(file).unicodes


@lru_cache(64)  # a script's face is used with several families of a theme
def _cut(file: Path, axes: tuple[tuple[str, float], ...], characters: frozenset[str]) -> bytes:
    import uharfbuzz as hb

    wanted = hb.SubsetInput()
    wanted.unicode_set.update(map(ord, characters))
    wanted.layout_feature_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _FEATURES)
    for axis, value in axes:
        wanted.pin_axis_location(whole_face(file), axis, value)
    return bytes(hb.subset(whole_face(file), wanted).blob.data)


def files() -> dict[str, Path]:
    """Return the file of every installed face by its name: ours, and those of other scripts.

    Raises ToolchainError if one of ours is missing.
    """
    ours = {face.file: _file(face) for family in FAMILIES.values() for face in family}
    others = (face for script in SCRIPTS for face in (*script.serif, *script.sans))
    return ours | {face.file: path for face in others if (path := _find(face))}


@lru_cache(64)
def characters(truetype: bytes) -> Mapping[int, str]:
    """Return the character of each glyph of a font, by the number of the glyph."""
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
        message = f"the face {face.family} is missing"
        raise ToolchainError(message, remedy=f"run: pip install {package}")
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
    """Keep the system's fonts out of every fontconfig configuration that is made in the context.

    Fontconfig reads its file's name from the environment, which later programs must not inherit.
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
