"""Patches of `weasyprint.svg`: drawings that look the same in every reader of PDF.

WeasyPrint 70 has these faults:
- A gradient that takes its colors from another (`href`) has them once, the second time none.
- A gradient is a tile that repeats at once where it ends. Poppler draws such tiles by another way
  than single ones, and loses them where a form stands around or before them.
- The tile of a gradient with `gradientTransform` is too small or empty.
- A line painted by a gradient or a pattern has the width of the line before.
- A pattern loses its size when it is drawn, which the next shape needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chapbook.model.patching import Patch


def _override_iter_with(_: Any) -> Any:
    def override_iter(node: Any, iterator: Iterator[Any]) -> None:
        """Give *node* the children of *iterator*, as often as they are asked for."""
        children = tuple(iterator)
        known = type(node)
        node.__class__ = type("Node", (known,), {"__iter__": lambda _: iter(children)})

    return override_iter


def _draw_gradient_with(known: Any) -> Any:
    def draw_gradient(
        svg: Any, node: Any, gradient: Any, font_size: float, *rest: Any, stroke: bool
    ) -> Any:
        patterns = svg.stream._resources["Pattern"]  # noqa: SLF001 - it has no other name
        count = len(patterns)
        drawn = known(svg, node, gradient, font_size, *rest, stroke=stroke)
        is_seen = svg.stream.ctm.determinant != 0  # else it is scaled to nothing
        for pattern in [*patterns.values()][count:] if is_seen else ():
            box = svg.calculate_bounding_box(node, font_size, stroke)
            _cover(pattern, _in_pattern(box, pattern, svg.stream.ctm))
        if drawn and stroke:
            _set_line_width(svg, node, font_size)
        return drawn

    return draw_gradient


def _in_pattern(
    box: tuple[float, float, float, float], pattern: Any, ctm: Any
) -> tuple[float, float, float, float]:
    """The least box, in the space of *pattern*, around *box* in that of a node: its corners."""
    x, y, width, height = box
    to_pattern = ctm @ type(ctm)(*pattern.extra["Matrix"]).invert
    corners = [
        to_pattern.transform_point(*corner)
        for corner in ((x, y), (x + width, y), (x, y + height), (x + width, y + height))
    ]
    across, down = zip(*corners, strict=True)
    return min(across), min(down), max(across), max(down)


def _cover(stream: Any, box: tuple[float, float, float, float]) -> None:
    """Let *stream*, and the forms in it, cover *box*; a pattern does it by one tile alone."""
    left, top, right, bottom = box
    stream.extra["BBox"][:] = box
    if "XStep" in stream.extra:
        stream.extra["XStep"], stream.extra["YStep"] = 2 * (right - left), 2 * (bottom - top)
    for form in stream._resources["XObject"].values():  # noqa: SLF001 - it has no other name
        _cover(form, box)


def _draw_pattern_with(known: Any) -> Any:
    def draw_pattern(
        svg: Any, node: Any, pattern: Any, font_size: float, *rest: Any, stroke: bool
    ) -> Any:
        attributes = pattern.attrib.copy()  # some are taken away, which the next shape needs
        drawn = known(svg, node, pattern, font_size, *rest, stroke=stroke)
        pattern.attrib = attributes
        if drawn and stroke:
            _set_line_width(svg, node, font_size)
        return drawn

    return draw_pattern


def _set_line_width(svg: Any, node: Any, font_size: float) -> None:
    svg.stream.set_line_width(svg.length(node.get("stroke-width", "1px"), font_size))


_SVG = "weasyprint.svg"

PATCHES = (
    Patch(
        f"{_SVG}:Node",
        "override_iter",
        _override_iter_with,
        reported="not reported",
        written_for={f"{_SVG}:Node.override_iter": "4f085ce22e2108ec"},
    ),
    Patch(
        _SVG,
        "draw_gradient",
        _draw_gradient_with,
        reported="not reported",
        written_for={f"{_SVG}:draw_gradient": "3077a74bce3bdf40"},
    ),
    Patch(
        _SVG,
        "draw_pattern",
        _draw_pattern_with,
        reported="not reported",
        written_for={f"{_SVG}:draw_pattern": "7d6eacaf1d07dd5f"},
    ),
)
