"""Reads the content streams of a PDF: words, places, and marks of the structure tree.

ISO 32000-1, 8.3 (coordinates), 9.4 (text) and 14.6 (marked content), as far as laid-out text needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from chapbook.pdf.bidi import holds_right_to_left, logical
from chapbook.pdf.fonts import Font, Fonts

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_ARTIFACT = -1  # a mark for content that is not part of the text


@dataclass(frozen=True, slots=True)
class Piece:
    """Words shown together: from x0 to x1 on the baseline y, in points from the page's corner.

    If words run upward, as on a turned page, the coordinates are those of the page as it is read.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    font: str
    is_turned: bool = False


@dataclass(slots=True)
class Marked:
    """The content under one mark: words, the sizes of images in pixels, and filled outlines.

    An outline is a list of the end points of its steps, in the coordinates of its own drawing.
    """

    pieces: list[Piece] = field(default_factory=list)
    images: list[tuple[int, int]] = field(default_factory=list)
    outlines: list[tuple[tuple[float, float], ...]] = field(default_factory=list)

    def join(self, text: str, first: int) -> None:
        """Join the pieces from the index *first* on into one with *text* (14.9.4)."""
        if shown := self.pieces[first:]:
            left, right = min(each.x0 for each in shown), max(each.x1 for each in shown)
            self.pieces[first:] = [replace(shown[0], text=text, x0=left, x1=right)]


def read_page(page: Any, fonts: Fonts, base: str = "") -> dict[int, Marked]:
    """Return the content of *page* by mark, without artifacts and unmarked content.

    *base* is R if the file is read from right to left.
    """
    marked: dict[int, Marked] = {}
    _Interpreter(page.Resources, fonts, marked, _State(base=base), None).run(page)
    return marked


@dataclass(frozen=True, slots=True)
class _State:
    """The part of the graphics state that text depends on, and the file's direction."""

    matrix: Matrix = IDENTITY
    font: Font | None = None
    size: float = 0.0
    base: str = ""  # R in a file that is read from right to left


def _upright(matrix: Matrix) -> Matrix:
    """Return *matrix*; if its lines run upward, return it as seen on the turned page."""
    a, b, c, d, x, y = matrix
    return (b, -a, d, -c, y, -x) if abs(b) > abs(a) else matrix


class _Interpreter:
    """Follows one content stream, and the streams of the forms that it draws."""

    def __init__(
        self,
        resources: Any,
        fonts: Fonts,
        marked: dict[int, Marked],
        state: _State,
        mark: int | None,
    ) -> None:
        self._resources, self._fonts, self._marked = resources, fonts, marked
        self._state = state
        self._glyphs: list[str] = []  # of the current text object
        self._first = 0  # the number of pieces before it
        self._saved: list[_State] = []
        self._marks = [mark]
        self._replacements: list[tuple[str, int] | None] = [None]  # ActualText, its first piece
        self._line = self._text = IDENTITY
        self._leading = 0.0
        self._path: list[tuple[float, float]] = []

    def run(self, stream: Any) -> None:
        """Record all that *stream* shows."""
        import pikepdf

        for instruction in pikepdf.parse_content_stream(stream, _OPERATORS):
            _OPERATIONS[str(instruction.operator)](self, instruction.operands)

    # Marks and state --------------------------------------------------------------------------

    def begin(self, operands: Any) -> None:
        import pikepdf

        mark = self._marks[-1]
        properties = operands[1] if len(operands) > 1 else None
        if isinstance(properties, pikepdf.Name):
            properties = self._resources.Properties[properties]
        if str(operands[0]) == "/Artifact":
            mark = _ARTIFACT
        elif isinstance(properties, pikepdf.Dictionary) and "/MCID" in properties:
            mark = int(properties.MCID)
        self._marks.append(mark)
        replacement = None
        if isinstance(properties, pikepdf.Dictionary) and "/ActualText" in properties:
            here = self._here()
            replacement = str(properties.ActualText), len(here.pieces) if here else 0
        self._replacements.append(replacement)

    def end(self, _: Any) -> None:
        replacement, here = self._replacements.pop(), self._here()
        if replacement and here:
            here.join(*replacement)
        self._marks.pop()

    def save(self, _: Any) -> None:
        self._saved.append(self._state)

    def restore(self, _: Any) -> None:
        self._state = self._saved.pop()

    def transform(self, operands: Any) -> None:
        matrix = times(_floats(operands), self._state.matrix)
        self._state = replace(self._state, matrix=matrix)

    # Text -------------------------------------------------------------------------------------

    def begin_text(self, _: Any) -> None:
        self._line = self._text = IDENTITY
        here = self._here()
        self._glyphs, self._first = [], len(here.pieces) if here else 0

    def end_text(self, _: Any) -> None:
        """Join the pieces of a text object, so that glyphs of several fonts are read together."""
        here = self._here()
        if here and len(here.pieces) > self._first + 1 and holds_right_to_left(self._glyphs):
            here.join(logical(self._glyphs, self._state.base), self._first)

    def set_matrix(self, operands: Any) -> None:
        self._line = self._text = _floats(operands)

    def move(self, operands: Any) -> None:
        offset = (1.0, 0.0, 0.0, 1.0, float(operands[0]), float(operands[1]))
        self._line = self._text = times(offset, self._line)

    def move_and_lead(self, operands: Any) -> None:
        self._leading = -float(operands[1])
        self.move(operands)

    def lead(self, operands: Any) -> None:
        self._leading = float(operands[0])

    def next_line(self, _: Any) -> None:
        self.move((0, -self._leading))

    def choose_font(self, operands: Any) -> None:
        font = self._fonts.of(self._resources, str(operands[0]))
        self._state = replace(self._state, font=font, size=float(operands[1]))

    def show(self, operands: Any) -> None:
        import pikepdf

        font, size = self._state.font, self._state.size
        if font is None:
            return
        shown: list[str] = []
        advance = 0.0
        parts = operands[-1] if isinstance(operands[-1], pikepdf.Array) else [operands[-1]]
        for part in parts:
            if isinstance(part, pikepdf.String):
                glyphs, width = font.read(bytes(part))
                shown += glyphs
                advance += width
            else:
                advance -= float(part)
        matrix = times(self._text, self._state.matrix)
        start = _upright(matrix)
        self._text = times((1.0, 0.0, 0.0, 1.0, advance / 1000 * size, 0.0), self._text)
        end = _upright(times(self._text, self._state.matrix))
        if (marked := self._here()) is not None:
            words = logical(shown, self._state.base)
            self._glyphs += shown
            height = size * abs(start[3])
            placed = words, start[4], end[4], start[5], height, font.name
            marked.pieces.append(Piece(*placed, is_turned=start is not matrix))

    def show_on_next_line(self, operands: Any) -> None:
        self.next_line(None)
        self.show(operands)

    # Outlines ---------------------------------------------------------------------------------

    def step(self, operands: Any) -> None:
        self._path.append((float(operands[-2]), float(operands[-1])))

    def fill(self, _: Any) -> None:
        if (marked := self._here()) is not None and self._path:
            marked.outlines.append(tuple(self._path))
        self._path = []

    def end_path(self, _: Any) -> None:
        self._path = []

    # Objects ----------------------------------------------------------------------------------

    def draw(self, operands: Any) -> None:
        drawn = self._resources.XObject[str(operands[0])]
        marked = self._here()
        if drawn.get("/Subtype") == "/Image" and marked is not None:
            marked.images.append((int(drawn.Width), int(drawn.Height)))
        elif drawn.get("/Subtype") == "/Form":
            matrix = _floats(drawn.get("/Matrix", IDENTITY))
            state = replace(self._state, matrix=times(matrix, self._state.matrix))
            resources = drawn.get("/Resources", self._resources)
            inner = _Interpreter(resources, self._fonts, self._marked, state, self._marks[-1])
            inner.run(drawn)

    def _here(self) -> Marked | None:
        mark = self._marks[-1]
        return None if mark in (None, _ARTIFACT) else self._marked.setdefault(mark, Marked())


_OPERATIONS: Mapping[str, Callable[[_Interpreter, Any], None]] = {
    "BDC": _Interpreter.begin,
    "BMC": _Interpreter.begin,
    "EMC": _Interpreter.end,
    "q": _Interpreter.save,
    "Q": _Interpreter.restore,
    "cm": _Interpreter.transform,
    "BT": _Interpreter.begin_text,
    "ET": _Interpreter.end_text,
    "Tm": _Interpreter.set_matrix,
    "Td": _Interpreter.move,
    "TD": _Interpreter.move_and_lead,
    "TL": _Interpreter.lead,
    "T*": _Interpreter.next_line,
    "Tf": _Interpreter.choose_font,
    "Tj": _Interpreter.show,
    "TJ": _Interpreter.show,
    "'": _Interpreter.show_on_next_line,
    '"': _Interpreter.show_on_next_line,
    "Do": _Interpreter.draw,
    **dict.fromkeys(("m", "l", "c"), _Interpreter.step),
    **dict.fromkeys(("f", "f*"), _Interpreter.fill),
    **dict.fromkeys(("n", "S", "B"), _Interpreter.end_path),
}
_OPERATORS = " ".join(_OPERATIONS)


def _floats(values: Any) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in values)
    return a, b, c, d, e, f


def times(one: Matrix, other: Matrix) -> Matrix:
    """Return the matrix that applies *one* first, then *other*."""
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
