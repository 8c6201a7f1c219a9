"""Collects all that a page's content streams paint, at its printed size.

It follows forms, patterns and inline images too. ISO 32000-2, 8 and 9. The file is untrusted: there
are limits on what is read, and the result gives the reason if something was not read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from typing import Any

from chapbook.pdf.color import Paint, initial_paint, space_of
from chapbook.pdf.facts import Color, Painted, Picture, Space
from chapbook.pdf.graphics_state import Seen, State, matrix_of, scales, stretch
from chapbook.pdf.images import Pictures
from chapbook.pdf.paths import Path
from chapbook.pdf.text_content import IDENTITY, Matrix, times

MOST_INSTRUCTIONS = 500_000  # on a page; a dense map has a few hundred thousand
MOST_CONTENT_BYTES = 16_000_000
_DEEPEST_FORM = 12
_INVISIBLE_TEXT = 3  # ISO 32000-2, table 104
_OPAQUE_MODES = ("/Normal", "/Compatible")


class TooMuch(Exception):
    """The content exceeds a limit. `str()` gives the reason."""


def read_content(page: Any, pictures: Pictures) -> Painted:
    """Return all that *page*, a pikepdf page, paints."""
    import pikepdf

    seen = Seen()
    unit = float(page.obj.get("/UserUnit", 1))
    state = State(matrix=(unit, 0.0, 0.0, unit, 0.0, 0.0))
    reason = ""
    try:
        _Interpreter(page.resources, seen, state, pictures).run(page)
    except TooMuch as excess:
        reason = str(excess)
    except (
        pikepdf.PikepdfError,
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:
        reason = f"its content is damaged ({type(error).__name__})"
    return seen.frozen(reason)


class _Interpreter:
    """Follows one content stream, and the streams of the forms and patterns that it paints."""

    def __init__(
        self, resources: Any, seen: Seen, state: State, pictures: Pictures, depth: int = 0
    ) -> None:
        self._resources, self._seen, self._state = resources, seen, state
        self._pictures, self._depth = pictures, depth
        self._base = state.matrix
        self._saved: list[State] = []
        self._line: Matrix = IDENTITY
        self._path = Path()

    def run(self, stream: Any) -> None:
        """Record all that *stream* paints. Raises TooMuch beyond a limit."""
        import pikepdf

        if _length(stream) > MOST_CONTENT_BYTES:
            raise TooMuch(f"its content is larger than {MOST_CONTENT_BYTES // 10**6} MB")
        for instruction in pikepdf.parse_content_stream(stream, _OPERATORS):
            self._seen.instructions += 1
            if self._seen.instructions > MOST_INSTRUCTIONS:
                raise TooMuch(f"it paints with more than {MOST_INSTRUCTIONS:,} instructions")
            operation = _OPERATIONS.get(str(instruction.operator))
            if operation is not None:
                operation(self, list(instruction.operands))

    # The graphics state -----------------------------------------------------------------------

    def save(self, _: list[Any]) -> None:
        self._saved.append(copy(self._state))

    def restore(self, _: list[Any]) -> None:
        if self._saved:
            self._state = self._saved.pop()

    def transform(self, operands: list[Any]) -> None:
        self._state.matrix = times(matrix_of(operands), self._state.matrix)

    def line_width(self, operands: list[Any]) -> None:
        self._state.line_width = float(operands[0])

    def parameters(self, operands: list[Any]) -> None:
        known = self._resources.get("/ExtGState", {}).get(str(operands[0]), {})
        if "/LW" in known:
            self._state.line_width = float(known["/LW"])
        if "/Font" in known:
            self._state.size = float(known["/Font"][1])
        if float(known.get("/ca", 1)) < 1 or float(known.get("/CA", 1)) < 1:
            self._seen.transparency.add("an opacity below 1")
        if str(known.get("/SMask", "/None")) != "/None":
            self._seen.transparency.add("a soft mask")
        if any(mode not in _OPAQUE_MODES for mode in _names(known.get("/BM", "/Normal"))[:1]):
            self._seen.transparency.add("a blend mode")

    # Color ------------------------------------------------------------------------------------

    def device(self, space: Space, operands: list[Any], target: str) -> None:
        color = Color(space, tuple(float(part) for part in operands))
        setattr(self._state, target, Paint(space, None, color))

    def choose_space(self, operands: list[Any], target: str) -> None:
        setattr(self._state, target, initial_paint(operands[0], self._resources))

    def choose_color(self, operands: list[Any], target: str) -> None:
        import pikepdf

        if operands and isinstance(operands[-1], pikepdf.Name):
            self._paint_pattern(str(operands[-1]))
            return
        paint: Paint = getattr(self._state, target)
        setattr(self._state, target, paint.changed([float(part) for part in operands]))

    def _paint_pattern(self, name: str) -> None:
        pattern = self._resources.get("/Pattern", {}).get(name, {})
        if int(pattern.get("/PatternType", 0)) == 2:
            shading = pattern.get("/Shading", {})
            self._seen.colors.add(Color(space_of(shading.get("/ColorSpace"), self._resources)))
        elif int(pattern.get("/PatternType", 0)) == 1:
            self._nest(pattern, times(matrix_of(pattern.get("/Matrix", IDENTITY)), self._base))

    def shade(self, operands: list[Any]) -> None:
        shading = self._resources.get("/Shading", {}).get(str(operands[0]), {})
        self._seen.colors.add(Color(space_of(shading.get("/ColorSpace"), self._resources)))

    # Paths ------------------------------------------------------------------------------------

    def rectangle(self, operands: list[Any]) -> None:
        x, y, width, height = map(float, operands)
        self._path.rectangle(x, y, width, height, self._state.matrix)

    def move(self, operands: list[Any]) -> None:
        self._path.move(float(operands[0]), float(operands[1]), self._state.matrix)

    def edge(self, operands: list[Any]) -> None:
        self._path.line(float(operands[0]), float(operands[1]), self._state.matrix)

    def curve(self, _: list[Any]) -> None:
        self._path.curve()

    def end_path(self, _: list[Any]) -> None:
        self._path.clear()

    def fill(self, _: list[Any]) -> None:
        self._seen.colors.add(self._state.fill.color)
        self._seen.line_pt.update(round(width, 3) for width in self._path.line_widths())
        self._path.clear()

    def stroke(self, _: list[Any]) -> None:
        self._seen.colors.add(self._state.stroke.color)
        width = self._state.line_width * stretch(self._state.matrix)
        self._seen.line_pt.add(round(width, 3))
        self._path.clear()

    def fill_and_stroke(self, operands: list[Any]) -> None:
        self._seen.colors.add(self._state.fill.color)
        self.stroke(operands)

    # Text -------------------------------------------------------------------------------------

    def begin_text(self, _: list[Any]) -> None:
        self._line = IDENTITY

    def set_matrix(self, operands: list[Any]) -> None:
        self._line = matrix_of(operands)

    def choose_font(self, operands: list[Any]) -> None:
        self._state.size = float(operands[1])

    def choose_mode(self, operands: list[Any]) -> None:
        self._state.text_mode = int(operands[0])

    def show(self, operands: list[Any]) -> None:
        if not operands or not _has_glyphs(operands[-1]):
            return
        mode = self._state.text_mode
        if mode == _INVISIBLE_TEXT:
            self._seen.invisible.add("text that is not painted")
            return
        height = abs(self._state.size) * scales(times(self._line, self._state.matrix))[1]
        self._seen.type_pt.add(round(height, 2))
        if mode in (0, 2, 4, 6):
            self._seen.text_colors.add(self._state.fill.color)
        if mode in (1, 2, 5, 6):
            self._seen.text_colors.add(self._state.stroke.color)

    # Objects ----------------------------------------------------------------------------------

    def draw(self, operands: list[Any]) -> None:
        drawn = self._resources.get("/XObject", {}).get(str(operands[0]))
        kind = str(drawn.get("/Subtype", "")) if drawn is not None else ""
        if kind == "/Image":
            self._place(self._pictures.of(drawn, self._resources), drawn)
        elif kind == "/Form":
            matrix = matrix_of(drawn.get("/Matrix", IDENTITY))
            self._nest(drawn, times(matrix, self._state.matrix))

    def draw_inline(self, operands: list[Any]) -> None:
        image = operands[0].obj
        self._place(self._pictures.inline(image, self._resources), image)

    def _place(self, picture: Picture, drawn: Any) -> None:
        if "/SMask" in drawn:
            self._seen.transparency.add("an image with a soft mask")
        x, y = scales(self._state.matrix)
        if min(x, y) <= 0:
            return
        ppi = min(picture.width_px / x, picture.height_px / y) * 72
        space = self._state.fill.space if bool(drawn.get("/ImageMask", False)) else picture.space
        self._seen.pictures.add(
            Picture(picture.width_px, picture.height_px, round(ppi, 1), space, picture.ink_percent)
        )

    def _nest(self, stream: Any, matrix: Matrix) -> None:
        if self._depth >= _DEEPEST_FORM:
            raise TooMuch(f"its forms are nested deeper than {_DEEPEST_FORM}")
        state = copy(self._state)
        state.matrix = matrix
        resources = stream.get("/Resources", self._resources)
        _Interpreter(resources, self._seen, state, self._pictures, self._depth + 1).run(stream)


_Operation = Callable[[_Interpreter, list[Any]], None]


def _in(space: Space, target: str) -> _Operation:
    return lambda page, operands: page.device(space, operands, target)


_OPERATIONS: Mapping[str, _Operation] = {
    "q": _Interpreter.save,
    "Q": _Interpreter.restore,
    "cm": _Interpreter.transform,
    "w": _Interpreter.line_width,
    "gs": _Interpreter.parameters,
    "g": _in(Space.GRAY, "fill"),
    "G": _in(Space.GRAY, "stroke"),
    "rg": _in(Space.RGB, "fill"),
    "RG": _in(Space.RGB, "stroke"),
    "k": _in(Space.CMYK, "fill"),
    "K": _in(Space.CMYK, "stroke"),
    "cs": lambda page, operands: page.choose_space(operands, "fill"),
    "CS": lambda page, operands: page.choose_space(operands, "stroke"),
    "sc": lambda page, operands: page.choose_color(operands, "fill"),
    "SC": lambda page, operands: page.choose_color(operands, "stroke"),
    "scn": lambda page, operands: page.choose_color(operands, "fill"),
    "SCN": lambda page, operands: page.choose_color(operands, "stroke"),
    "sh": _Interpreter.shade,
    "re": _Interpreter.rectangle,
    "m": _Interpreter.move,
    "l": _Interpreter.edge,
    **dict.fromkeys(("c", "v", "y"), _Interpreter.curve),
    "n": _Interpreter.end_path,
    **dict.fromkeys(("f", "F", "f*"), _Interpreter.fill),
    **dict.fromkeys(("S", "s"), _Interpreter.stroke),
    **dict.fromkeys(("B", "B*", "b", "b*"), _Interpreter.fill_and_stroke),
    "BT": _Interpreter.begin_text,
    "Tm": _Interpreter.set_matrix,
    "Tf": _Interpreter.choose_font,
    "Tr": _Interpreter.choose_mode,
    **dict.fromkeys(("Tj", "TJ", "'", '"'), _Interpreter.show),
    "Do": _Interpreter.draw,
    "INLINE IMAGE": _Interpreter.draw_inline,
}
_OPERATORS = " ".join(["BI", "ID", "EI", *(name for name in _OPERATIONS if " " not in name)])


# Operands ---------------------------------------------------------------------------------------


def _has_glyphs(shown: Any) -> bool:
    """Return whether *shown*, the operand of `Tj` or `TJ`, has any glyph."""
    import pikepdf

    parts = shown if isinstance(shown, pikepdf.Array) else [shown]
    return any(isinstance(part, pikepdf.String) and len(bytes(part)) > 0 for part in parts)


def _names(value: Any) -> list[str]:
    """Return the names in *value*, which is one name or an array of names."""
    import pikepdf

    return [str(each) for each in value] if isinstance(value, pikepdf.Array) else [str(value)]


def _length(stream: Any) -> int:
    """Return the number of decoded bytes of *stream*, a page or a form."""
    import pikepdf

    if not isinstance(stream, pikepdf.Page):
        return len(stream.read_bytes())
    contents = stream.obj.get("/Contents", ())
    parts = contents if isinstance(contents, pikepdf.Array) else [contents]
    return sum(len(part.read_bytes()) for part in parts if isinstance(part, pikepdf.Stream))
