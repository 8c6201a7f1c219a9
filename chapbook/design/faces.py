"""Table of the faces: those of the themes, and those for other scripts, with their font files.

A theme names a Latin family. Characters that it lacks come from the faces of `SCRIPTS`, by script.
Their packages are extras of Chapbook (`pip install 'chapbook[cjk]'`), since they have up to 50 MB.
All are under the SIL Open Font License 1.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Face:
    """One member of a family; `axes` are the values of the variable font's axes."""

    family: str
    package: str  # the font package's Python name
    file: str
    style: str
    weight: int
    axes: tuple[tuple[str, float], ...]

    @property
    def key(self) -> str:
        """A name for the face that can be used in an address."""
        return f"{self.family}-{self.weight}-{self.style}".lower().replace(" ", "-")


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


MATH = Face("STIX Two Math", "ziamath", "fonts/STIXTwoMath-Regular.ttf", "normal", 400, ())
"""The face of formulas: print draws them with it, and web pages embed it."""

FAMILIES: Mapping[str, tuple[Face, ...]] = {
    # Optical sizes for text of 8 to 12 points, and for titles of 20 points and more.
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


# Other scripts ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Script:
    """The faces for a script: regular, italic, bold and bold italic, with and without serifs.

    If a script has no italics, the other kind of face marks emphasis, as in printed Chinese,
    Japanese and Hindi. If it has no bold face, the other kind also replaces that.
    """

    name: str
    extra: str
    languages: frozenset[str]
    serif: tuple[Face, Face, Face, Face]
    sans: tuple[Face, Face, Face, Face]

    def face(self, like: Face) -> Face:
        """Return the script's face that goes with *like*, with a family name of its own."""
        kind = self.serif if "Serif" in like.family else self.sans
        own = kind[(like.style == "italic") + 2 * (like.weight > 500)]
        family = f"{like.family} {self.name}"
        return replace(own, family=family, style=like.style, weight=like.weight)


def _static(package: str, file: str) -> Face:
    return Face("", package, file, "normal", 400, ())


def _variable(package: str, file: str, weight: int, width: int = 0) -> Face:
    axes = (("wdth", float(width)),) if width else ()
    return Face("", package, file, "normal", weight, (*axes, ("wght", float(weight))))


def _two_kinds(
    name: str, extra: str, languages: str, serif: tuple[Face, Face], sans: tuple[Face, Face]
) -> Script:
    """Return a script with a regular and a bold face of each kind."""
    upright, strong = zip(serif, sans, strict=True)
    return Script(
        name,
        extra,
        frozenset(languages.split()),
        (upright[0], upright[1], strong[0], strong[1]),
        (upright[1], upright[0], strong[1], strong[0]),
    )


def _one_kind(name: str, extra: str, languages: str, regular: Face, bold: Face) -> Script:
    """Return a script with one kind, a regular and a bold face, which also marks emphasis."""
    four = (regular, bold, bold, bold)
    return Script(name, extra, frozenset(languages.split()), four, four)


def _noto(package: str, file: str, width: int = 0) -> tuple[Face, Face]:
    return _variable(package, file, 400, width), _variable(package, file, 600, width)


def _cjk(name: str, languages: str, package: str, code: str) -> Script:
    serif = _static(package, f"NotoSerif{code}-Regular.otf")
    sans = _static(package, f"NotoSans{code}-Regular.otf")
    return _two_kinds(name, "cjk", languages, (serif, sans), (sans, sans))


def _arabic() -> Script:
    naskh = tuple(
        _static("fontpkg_amiri", f"Amiri-{style}.ttf")
        for style in ("Regular", "Italic", "Bold", "BoldItalic")
    )
    # Noto's face draws letters and dots separately, and cannot be read back from a PDF.
    regular, bold = (
        _static("fontpkg_ibm_plex_sans_arabic", f"IBMPlexSansArabic-{style}.ttf")
        for style in ("Regular", "SemiBold")
    )
    languages = frozenset("ar arc ckb fa ks ps sd ug ur".split())
    serif = (naskh[0], naskh[1], naskh[2], naskh[3])
    return Script("Arabic", "arabic", languages, serif, (regular, bold, bold, bold))


SCRIPTS: tuple[Script, ...] = (
    # Signs of formulas in a text: ℝ in a running head, ∀ in a sentence.
    _one_kind("Math", "", "", *(_static(MATH.package, MATH.file),) * 2),
    _arabic(),
    _two_kinds(
        "Hebrew",
        "hebrew",
        "he yi",
        _noto("fontpkg_frank_ruhl_libre", "FrankRuhlLibre[wght].ttf"),
        _noto("fontpkg_heebo", "Heebo[wght].ttf"),
    ),
    _two_kinds(
        "Devanagari",
        "indic",
        "hi mr ne sa",
        _noto("pylopdf_fonts_hi", "NotoSerifDevanagari-Variable.ttf", 100),
        _noto("pylopdf_fonts_hi", "NotoSansDevanagari-Variable.ttf", 100),
    ),
    _one_kind(
        "Bengali",
        "indic",
        "as bn",
        _static("fontpkg_hind_siliguri", "HindSiliguri-Regular.ttf"),
        _static("fontpkg_hind_siliguri", "HindSiliguri-SemiBold.ttf"),
    ),
    _one_kind(
        "Tamil",
        "indic",
        "ta",
        *_noto("fontpkg_noto_sans_tamil", "NotoSansTamil[wdth,wght].ttf", 100),
    ),
    _one_kind(
        "Telugu",
        "indic",
        "te",
        *_noto("fontpkg_noto_sans_telugu", "NotoSansTelugu[wdth,wght].ttf", 100),
    ),
    _two_kinds(
        "Thai",
        "southeast-asian",
        "th",
        _noto("pylopdf_fonts_th", "NotoSerifThai-Variable.ttf", 100),
        _noto("pylopdf_fonts_th", "NotoSansThai-Variable.ttf", 100),
    ),
    _one_kind(
        "Khmer",
        "southeast-asian",
        "km",
        *_noto("fontpkg_noto_sans_khmer", "NotoSansKhmer[wdth,wght].ttf", 100),
    ),
    _cjk("Simplified Chinese", "zh zh-Hans", "pylopdf_fonts_zh_cn", "SC"),
    _cjk("Traditional Chinese", "zh-Hant zh-TW zh-HK zh-MO yue", "pylopdf_fonts_zh_tw", "TC"),
    _cjk("Japanese", "ja", "pylopdf_fonts_jp", "JP"),
    _cjk("Korean", "ko", "pylopdf_fonts_ko", "KR"),
)

# The Unicode blocks of the characters of each extra (Blocks.txt).
_BLOCKS = (
    ("hebrew", 0x0590, 0x05FF), ("arabic", 0x0600, 0x06FF), ("arabic", 0x0750, 0x077F),
    ("arabic", 0x0870, 0x08FF), ("indic", 0x0900, 0x09FF), ("indic", 0x0B80, 0x0BFF),
    ("indic", 0x0C00, 0x0C7F), ("southeast-asian", 0x0E00, 0x0E7F), ("cjk", 0x1100, 0x11FF),
    ("southeast-asian", 0x1780, 0x17FF), ("cjk", 0x2E80, 0x9FFF), ("indic", 0xA8E0, 0xA8FF),
    ("cjk", 0xA960, 0xA97F), ("cjk", 0xAC00, 0xD7FF), ("cjk", 0xF900, 0xFAFF),
    ("hebrew", 0xFB1D, 0xFB4F), ("arabic", 0xFB50, 0xFDFF), ("cjk", 0xFE30, 0xFE4F),
    ("arabic", 0xFE70, 0xFEFE), ("cjk", 0xFF00, 0xFFEF), ("cjk", 0x20000, 0x3FFFF),
)  # fmt: skip


def extra_for(character: str) -> str | None:
    """Return the extra whose faces have the script of *character*; None if we know none.

    >>> extra_for("漢"), extra_for("a")
    ('cjk', None)
    """
    code = ord(character)
    return next((extra for extra, first, last in _BLOCKS if first <= code <= last), None)


def scripts_for(lang: str, characters: frozenset[str]) -> tuple[Script, ...]:
    """Return SCRIPTS, that of *lang* first. Han alone is Chinese, with kana Japanese."""
    prefixes = _prefixes(lang)
    if any("\u3041" <= character <= "\u30ff" for character in characters):
        prefixes.append("ja")
    if any("\uac00" <= character <= "\ud7a3" for character in characters):
        prefixes.append("ko")
    ranks = {name: rank for rank, name in reversed([*enumerate(prefixes)])}

    def rank(script: Script) -> int:
        return min((ranks[name] for name in script.languages & ranks.keys()), default=len(ranks))

    return tuple(sorted(SCRIPTS, key=rank))


def is_of(script: Script, lang: str) -> bool:
    """Return whether *lang* is written in *script*."""
    return not script.languages.isdisjoint(_prefixes(lang))


def _prefixes(lang: str) -> list[str]:
    """Return *lang* and its shorter prefixes, the longest first."""
    subtags = lang.split("-")
    return ["-".join(subtags[:end]) for end in range(len(subtags), 0, -1)]


# Signs that a language sets in its own face, although the Latin face has them too.
_FULL_WIDTH = frozenset("“”…—")
_OF_ITS_LINE = frozenset("«»‹›()[]!:.…–—/")
SIGNS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("zh", "yue", "ja"), _FULL_WIDTH),
    **dict.fromkeys("ar arc ckb fa he ks ps sd ug ur yi".split(), _OF_ITS_LINE),
}
