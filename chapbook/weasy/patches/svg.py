"""Patches of `weasyprint.svg`: drawings look the same in every PDF reader.

WeasyPrint 70 has these faults:
- A gradient that takes its colors from another (`href`) has them only the first time.
- A gradient is a tile that repeats without a gap. Poppler draws such tiles differently from single
  ones, and loses them if a form is around or before them.
- The tile of a gradient with `gradientTransform` is too small or empty.
- A line painted with a gradient or a pattern has the width of the line before.
- A pattern loses its size when it is drawn, although the next shape needs it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chapbook.model.patching import Patch


def _override_iter_with(_: Any) -> Any:
    def override_iter(node: Any, iterator: Iterator[Any]) -> None:
        """Make *node* yield the children of *iterator* in every iteration."""
        children = tuple(iterator)
        node_class = type(node)
        node.__class__ = type("Node", (node_class,), {"__iter__": lambda _: iter(children)})

    return override_iter


def _draw_gradient_with(original: Any) -> Any:
    def draw_gradient(
        svg: Any, node: Any, gradient: Any, font_size: float, *rest: Any, stroke: bool
    ) -> Any:
        patterns = svg.stream._resources["Pattern"]  # noqa: SLF001 - it has no other name
        count = len(patterns)
        drawn = original(svg, node, gradient, font_size, *rest, stroke=stroke)
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
    """Return the edges of the smallest box around *box*, in the space of *pattern*."""
    x, y, width, height = box
    to_pattern = ctm @ type(ctm)(*pattern.extra["Matrix"]).invert
    corners = [
        to_pattern.transform_point(*corner)
        for corner in ((x, y), (x + width, y), (x, y + height), (x + width, y + height))
    ]
    across, down = zip(*corners, strict=True)
    return min(across), min(down), max(across), max(down)


def _cover(stream: Any, box: tuple[float, float, float, float]) -> None:
    """Let *stream* and the forms in it cover *box*; a pattern covers it with a single tile."""
    left, top, right, bottom = box
    stream.extra["BBox"][:] = box
    if "XStep" in stream.extra:
        stream.extra["XStep"], stream.extra["YStep"] = 2 * (right - left), 2 * (bottom - top)
    for form in stream._resources["XObject"].values():  # noqa: SLF001 - it has no other name
        _cover(form, box)


def _draw_pattern_with(original: Any) -> Any:
    def draw_pattern(
        svg: Any, node: Any, pattern: Any, font_size: float, *rest: Any, stroke: bool
    ) -> Any:
        attributes = pattern.attrib.copy()  # drawing removes some that the next shape needs
        drawn = original(svg, node, pattern, font_size, *rest, stroke=stroke)
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
