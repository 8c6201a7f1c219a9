"""A PDF's content streams: which words stand where, under which mark of the structure tree.

ISO 32000-1, 8.3 (coordinates), 9.4 (text) and 14.6 (marked content), as far as laid-out text needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Piece:
    """Words shown at once: from x0 to x1 on the baseline y, in points from the page's corner."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    font: str


@dataclass(slots=True)
class Marked:
    """What stands under one mark: words, and the sizes in pixels of the images."""

    pieces: list[Piece] = field(default_factory=list)
    images: list[tuple[int, int]] = field(default_factory=list)


class Font:
    """A font of a page: how to read its codes, and how wide they are in thousandths of its size."""

    def __init__(self, dictionary: Any) -> None:
        self._dictionary = dictionary
        self.name = str(dictionary.get("/BaseFont", "")).removeprefix("/")
        self.is_composite = dictionary.get("/Subtype") == "/Type0"

    @cached_property
    def characters(self) -> Mapping[int, str]:
        if "/ToUnicode" not in self._dictionary:
            return {}
        return read_cmap(self._dictionary.ToUnicode.read_bytes().decode("latin-1"))

    @cached_property
    def widths(self) -> Mapping[int, float]:
        if not self.is_composite:
            first = int(self._dictionary.get("/FirstChar", 0))
            widths = self._dictionary.get("/Widths", ())
            return {first + index: float(width) for index, width in enumerate(widths)}
        return dict(_cid_widths(list(self._dictionary.DescendantFonts[0].get("/W", ()))))

    @cached_property
    def default_width(self) -> float:
        if not self.is_composite:
            return 0.0
        return float(self._dictionary.DescendantFonts[0].get("/DW", 1000))

    def read(self, string: bytes) -> tuple[str, float]:
        """The characters that *string* shows, and their width. U+FFFD where nothing tells."""
        codes = (
            [high << 8 | low for high, low in zip(string[::2], string[1::2], strict=False)]
            if self.is_composite
            else list(string)
        )
        text = "".join(self.characters.get(code, "\ufffd") for code in codes)
        return text, sum(self.widths.get(code, self.default_width) for code in codes)


def _cid_widths(entries: list[Any]) -> Iterator[tuple[int, float]]:
    """The widths in a CID font's W array (ISO 32000-1, 9.7.4.3)."""
    import pikepdf

    index = 0
    while index + 1 < len(entries):
        first, following = int(entries[index]), entries[index + 1]
        if isinstance(following, pikepdf.Array):
            for offset, width in enumerate(list(following)):
                yield first + offset, float(width)
            index += 2
        else:
            for code in range(first, int(following) + 1):
                yield code, float(entries[index + 2])
            index += 3


_HEX = r"<\s*([0-9A-Fa-f\s]*)>"


def read_cmap(source: str) -> dict[int, str]:
    """The characters for codes that a ToUnicode CMap gives (ISO 32000-1, 9.10.3).

    >>> read_cmap("1 beginbfchar <0003> <00660069> endbfchar")
    {3: 'fi'}
    """
    characters = {}
    for section in re.findall(r"beginbfchar(.*?)endbfchar", source, re.DOTALL):
        for code, text in re.findall(_HEX + r"\s*" + _HEX, section):
            characters[int(code, 16)] = _utf16(text)
    for section in re.findall(r"beginbfrange(.*?)endbfrange", source, re.DOTALL):
        for low, high, text, listed in re.findall(
            rf"{_HEX}\s*{_HEX}\s*(?:{_HEX}|\[(.*?)\])", section, re.DOTALL
        ):
            texts = re.findall(_HEX, listed)
            for offset, code in enumerate(range(int(low, 16), int(high, 16) + 1)):
                if texts:
                    characters[code] = _utf16(texts[offset])
                else:
                    base = _utf16(text)
                    characters[code] = base[:-1] + chr(ord(base[-1]) + offset)
    return characters


def _utf16(digits: str) -> str:
    return bytes.fromhex(re.sub(r"\s", "", digits)).decode("utf-16-be", "replace")


@dataclass(slots=True)
class _State:
    matrix: Matrix = _IDENTITY
    font: Font | None = None
    size: float = 0.0


class Fonts:
    """The fonts of a file, each read once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], Font] = {}

    def of(self, resources: Any, name: str) -> Font:
        dictionary = resources.Font[name]
        return self._known.setdefault(dictionary.objgen, Font(dictionary))


def read_page(page: Any, fonts: Fonts) -> dict[int, Marked]:
    """What the page shows, by mark; artifacts and unmarked things are left out."""
    marked: dict[int, Marked] = {}
    _run(page, page.Resources, fonts, _State(), marked, None)
    return marked


_OPERATORS = "BDC BMC EMC BT Tm Td TD T* TL Tf Tj TJ ' \" q Q cm Do"


def _run(
    stream: Any,
    resources: Any,
    fonts: Fonts,
    state: _State,
    marked: dict[int, Marked],
    mark: int | None,
) -> None:
    import pikepdf

    saved: list[_State] = []
    marks: list[int | None] = [mark]
    line = text = _IDENTITY
    leading = 0.0
    for instruction in pikepdf.parse_content_stream(stream, _OPERATORS):
        operands, operator = instruction.operands, str(instruction.operator)
        if operator in ("BDC", "BMC"):
            marks.append(_mark(operands, resources, marks[-1]))
        elif operator == "EMC":
            marks.pop()
        elif operator == "q":
            saved.append(_State(state.matrix, state.font, state.size))
        elif operator == "Q":
            state = saved.pop()
        elif operator == "cm":
            state.matrix = _times(_floats(operands), state.matrix)
        elif operator == "BT":
            line = text = _IDENTITY
        elif operator == "Tm":
            line = text = _floats(operands)
        elif operator in ("Td", "TD"):
            x, y = float(operands[0]), float(operands[1])
            leading = -y if operator == "TD" else leading
            line = text = _times((1.0, 0.0, 0.0, 1.0, x, y), line)
        elif operator == "TL":
            leading = float(operands[0])
        elif operator == "Tf":
            state.font, state.size = fonts.of(resources, str(operands[0])), float(operands[1])
        elif operator == "Do":
            _do(str(operands[0]), resources, fonts, state, marked, marks[-1])
        else:
            if operator in ("T*", "'", '"'):
                line = text = _times((1.0, 0.0, 0.0, 1.0, 0.0, -leading), line)
            if operator != "T*":
                text = _show(operands, state, text, marked, marks[-1])


def _mark(operands: Any, resources: Any, around: int | None) -> int | None:
    """The mark that a marked-content operator opens; -1 inside an artifact."""
    import pikepdf

    if str(operands[0]) == "/Artifact":
        return -1
    properties = operands[1] if len(operands) > 1 else None
    if isinstance(properties, pikepdf.Name):
        properties = resources.Properties[properties]
    if isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties:
        return int(properties.MCID)
    return around


def _do(
    name: str,
    resources: Any,
    fonts: Fonts,
    state: _State,
    marked: dict[int, Marked],
    mark: int | None,
) -> None:
    drawn = resources.XObject[name]
    if drawn.get("/Subtype") == "/Image":
        if mark is not None and mark >= 0:
            size = int(drawn.Width), int(drawn.Height)
            marked.setdefault(mark, Marked()).images.append(size)
    elif drawn.get("/Subtype") == "/Form":
        matrix = _floats(drawn.get("/Matrix", _IDENTITY))
        inner = _State(_times(matrix, state.matrix), state.font, state.size)
        _run(drawn, drawn.get("/Resources", resources), fonts, inner, marked, mark)


def _show(
    operands: Any, state: _State, text: Matrix, marked: dict[int, Marked], mark: int | None
) -> Matrix:
    """Note what a text-showing operator shows; the text matrix after it."""
    import pikepdf

    if state.font is None:
        return text
    shown, advance = [], 0.0
    strings = operands[-1] if isinstance(operands[-1], pikepdf.Array) else [operands[-1]]
    for part in strings:
        if isinstance(part, pikepdf.String):
            words, width = state.font.read(bytes(part))
            shown.append(words)
            advance += width
        else:
            advance -= float(part)
    after = _times((1.0, 0.0, 0.0, 1.0, advance / 1000 * state.size, 0.0), text)
    start, end = _times(text, state.matrix), _times(after, state.matrix)
    size = state.size * abs(start[3])
    if mark is not None and mark >= 0:
        piece = Piece("".join(shown), start[4], end[4], start[5], size, state.font.name)
        marked.setdefault(mark, Marked()).pieces.append(piece)
    return after


def _floats(values: Any) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in values)
    return a, b, c, d, e, f


def _times(one: Matrix, other: Matrix) -> Matrix:
    """The matrix that applies *one* first, then *other*."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )
