"""Faces: static instances, cut from the variable fonts of font packages, for all formats alike.

Every format gets the same instances, pinned at weight and optical size and reduced to the glyphs
in use. HarfBuzz cuts one in 3 ms; WeasyPrint, given a variable font, would take fontTools 25 ms
for each, and it shapes text at one optical size and embeds another.
No font of the system can get into a file: fontconfig is given an empty configuration.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from chapbook.errors import DesignError, ToolchainError

if TYPE_CHECKING:
    import uharfbuzz as hb

# What every face keeps beside the text's own characters: what templates and hyphenation set.
FURNITURE = frozenset(map(chr, range(0x20, 0x7F))) | frozenset(
    "\u00a0\u2002\u2003\u2010‘’“”–—…•·§©†‡☐☑"
)

# Kept beside HarfBuzz's defaults: small caps, and the figures' styles.
_FEATURES = ("smcp", "c2sc", "onum", "lnum", "pnum", "tnum", "sups", "subs", "frac", "case")


@dataclass(frozen=True, slots=True)
class Face:
    """One member of a family as a theme asks for it; `axes` pins the variable font."""

    family: str
    package: str  # the font package's Python name
    file: str
    style: str
    weight: int
    axes: tuple[tuple[str, float], ...]

    @property
    def key(self) -> str:
        """A name for the face that can stand in an address."""
        return f"{self.family}-{self.weight}-{self.style}".lower().replace(" ", "-")


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


def _serif(
    weight: int, size: float, *, italic: bool = False, family: str = "Source Serif 4"
) -> Face:
    return Face(
        family,
        "fontpkg_source_serif_4",
        f"SourceSerif4{'-Italic' if italic else ''}[opsz,wght].ttf",
        "italic" if italic else "normal",
        weight,
        (("opsz", size), ("wght", float(weight))),
    )


def _sans(weight: int, *, italic: bool = False) -> Face:
    return Face(
        "Source Sans 3",
        "fontpkg_source_sans_3",
        f"SourceSans3{'-Italic' if italic else ''}[wght].ttf",
        "italic" if italic else "normal",
        weight,
        (("wght", float(weight)),),
    )


def _mono(weight: int, *, italic: bool = False) -> Face:
    return Face(
        "Source Code Pro",
        "fontpkg_source_code_pro",
        f"SourceCodePro{'-Italic' if italic else ''}[wght].ttf",
        "italic" if italic else "normal",
        weight,
        (("wght", float(weight)),),
    )


FAMILIES: Mapping[str, tuple[Face, ...]] = {
    # Cut for text of 8 to 12 points, and for titles of 20 points and more.
    "Source Serif 4": tuple(
        _serif(weight, 12, italic=italic) for weight in (400, 600) for italic in (False, True)
    ),
    "Source Serif 4 Display": tuple(
        _serif(400, 48, italic=italic, family="Source Serif 4 Display") for italic in (False, True)
    ),
    "Source Sans 3": tuple(
        _sans(weight, italic=italic) for weight in (400, 600) for italic in (False, True)
    ),
    "Source Code Pro": tuple(
        _mono(weight, italic=italic) for weight in (400, 600) for italic in (False, True)
    ),
}


def instances(families: Iterable[str], characters: Iterable[str]) -> tuple[Instance, ...]:
    """Every face of *families*, cut to *characters* and the furniture.

    Raises DesignError for a family we do not know, ToolchainError where its package is missing.
    """
    wanted = frozenset(characters) | FURNITURE
    return tuple(cut(face, wanted) for family in families for face in faces(family))


def faces(family: str) -> tuple[Face, ...]:
    """The faces of *family*. Raises DesignError for a family we do not know."""
    if family not in FAMILIES:
        raise DesignError(
            f"there is no face called “{family}”", remedy=f"choose from {', '.join(FAMILIES)}"
        )
    return FAMILIES[family]


def cut(face: Face, characters: Iterable[str]) -> Instance:
    """*face* cut to just *characters*. Raises ToolchainError where its package is missing."""
    return Instance(face, _cut(face, frozenset(characters)))


def covered(face: Face, characters: Iterable[str]) -> frozenset[str]:
    """Those of *characters* for which *face* has a glyph."""
    import uharfbuzz as hb

    known = hb.Face(hb.Blob.from_file_path(str(_file(face)))).unicodes
    return frozenset(character for character in characters if ord(character) in known)


def _cut(face: Face, characters: frozenset[str]) -> bytes:
    import uharfbuzz as hb

    whole = hb.Face(hb.Blob.from_file_path(str(_file(face))))
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(map(ord, characters))
    wanted.layout_feature_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in _FEATURES)
    for axis, value in face.axes:
        wanted.pin_axis_location(whole, axis, value)
    return bytes(hb.subset(whole, wanted).blob.data)


def files() -> dict[str, Path]:
    """The file of every face by its name. Raises ToolchainError where a package is missing."""
    return {face.file: _file(face) for family in FAMILIES.values() for face in family}


@cache
def _file(face: Face) -> Path:
    spec = find_spec(face.package)
    for folder in (spec.submodule_search_locations if spec else None) or ():
        path = Path(folder, "files", face.file)
        if path.is_file():
            return path
    package = face.package.replace("_", "-")
    raise ToolchainError(f"the face {face.family} is missing", remedy=f"run: pip install {package}")


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
