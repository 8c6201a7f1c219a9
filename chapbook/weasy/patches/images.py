"""Patch of `weasyprint.images`: a drawing looks the same in every place.

WeasyPrint 70 draws a picture with two places twice from the same tree, and drawing changes it: the
second time, definitions are drawn as pictures, and the sizes of patterns are missing.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from chapbook.model.patching import Patch


def _init_with(original: Any) -> Any:
    def remember(image: Any, tree: Any, *arguments: Any) -> None:
        image._tree = deepcopy(tree)  # noqa: SLF001 - ours
        original(image, tree, *arguments)

    return remember


def _draw_with(original: Any) -> Any:
    from weasyprint.svg import SVG

    def draw_anew(image: Any, *arguments: Any) -> None:
        drawing = image._svg  # noqa: SLF001 - it has no other name
        tree = deepcopy(image._tree)  # noqa: SLF001 - ours
        image._svg = SVG(tree, drawing.url, drawing.font_config, drawing.url_fetcher)  # noqa: SLF001
        original(image, *arguments)

    return draw_anew


_IMAGE = "weasyprint.images:SVGImage"

PATCHES = (
    Patch(
        _IMAGE,
        "__init__",
        _init_with,
        reported="not a defect: the patch below needs it",
        written_for={f"{_IMAGE}.__init__": "823798cb61ee2977"},
    ),
    Patch(
        _IMAGE,
        "draw",
        _draw_with,
        reported="not reported",
        written_for={
            f"{_IMAGE}.draw": "bf38036046fc040b",
            "weasyprint.svg:SVG.__init__": "2664adc79a0031f7",
        },
    ),
)
