"""Patch of `ziamath.nodes.mnode`: adds an element for words that the face of formulas lacks.

ziamath draws with one face. Such words are shaped by `chapbook.layout.shaping`, and drawn as one
outline.
"""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, SubElement

from chapbook.layout.shaping import outlines
from chapbook.model.patching import Patch

WORDS = "words"
"""The element of words that the face of formulas lacks; its attribute `lang` is their language."""


def _node_classes_with(original: dict[str, Any]) -> dict[str, Any]:
    from ziamath.nodes.mnode import BBox, Mnode  # type: ignore[attr-defined]

    class Words(Mnode, tag=WORDS):
        """Words in other faces, drawn as one outline."""

        def __init__(self, element: Element, parent: Any, **kwargs: Any) -> None:
            super().__init__(element, parent, **kwargs)
            self._drawn = outlines(element.text or "", element.get("lang", ""))
            size = self.glyphsize
            reach = (self._drawn.lowest * size, self._drawn.highest * size)
            self.bbox = BBox(0, self._drawn.advance * size, *reach)

        def draw(self, x: float, y: float, svg: Element) -> tuple[float, float]:
            path = SubElement(svg, "path")
            path.set("d", _path(self._drawn.steps, x, y, self.glyphsize))
            return x + self.bbox.xmax, y

    del original[WORDS]  # ziamath registers every class of nodes globally
    return {**original, WORDS: Words}


def _path(steps: tuple[tuple[str, tuple[float, ...]], ...], x: float, y: float, size: float) -> str:
    """Return *steps* as an SVG path that begins at (x, y); *size* is one em."""
    return " ".join(
        f"{step} "
        + " ".join(
            f"{y - point * size if number % 2 else x + point * size:.3f}"
            for number, point in enumerate(points)
        )
        for step, points in steps
    )


_MNODE = "ziamath.nodes.mnode"

PATCHES = (
    Patch(
        _MNODE,
        "_node_classes",
        _node_classes_with,
        reported="not reported",
        written_for={
            f"{_MNODE}:Mnode.__init__": "65cd31217a0745ed",
            f"{_MNODE}:Mnode.__init_subclass__": "ea0f4098b61bb401",
            f"{_MNODE}:Mnode.fromelement": "661f6f8c5e6164df",
        },
    ),
)
