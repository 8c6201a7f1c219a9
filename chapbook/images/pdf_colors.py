"""Rewrite the colors of a PDF: WeasyPrint writes RGB, and a press prints with inks.

Only color operators are rewritten. Pictures are converted before they are laid out. Color gradients
are not converted, and are reported.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Change = Callable[[Sequence[float]], Sequence[float]]
"""From the three channels of an RGB color, 0 to 1, to the channels of another color space."""


def recolored(
    pdf: bytes, operators: Mapping[str, str], change: Change, space: str
) -> tuple[bytes, tuple[str, ...]]:
    """Return the PDF with each RGB color changed, and in words what could not be changed.

    *space* is the name of the new color space, and *operators* maps `rg` and `RG` to its operators.
    """
    import pikepdf

    unchanged: list[str] = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for holder in (*document.pages, *_forms(pikepdf, document)):
            _rewrite(pikepdf, holder, operators, change)
        if any(_shades_otherwise(pikepdf, each, space) for each in document.objects):
            unchanged.append("a drawing with a color gradient")
        output = io.BytesIO()
        document.save(
            output,
            deterministic_id=True,
            compress_streams=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return output.getvalue(), tuple(unchanged)


def _rewrite(pikepdf: Any, holder: Any, operators: Mapping[str, str], change: Change) -> None:
    """Rewrite the color operators in the content stream of *holder*, a page or a form."""
    changed = False
    instructions = []
    for operands, operator in pikepdf.parse_content_stream(holder):
        if other := operators.get(str(operator)):
            channels = [round(each, 4) for each in change([float(each) for each in operands])]
            instructions.append((channels, pikepdf.Operator(other)))
            changed = True
        else:
            instructions.append((operands, operator))
    if changed:
        content = pikepdf.unparse_content_stream(instructions)
        if isinstance(holder, pikepdf.Page):
            holder.Contents.write(content)
        else:
            holder.write(content)


def _forms(pikepdf: Any, document: Any) -> Iterator[Any]:
    """Yield every form and tiling pattern. These have content streams of their own."""
    for each in document.objects:
        if isinstance(each, pikepdf.Stream) and (
            each.get("/Subtype") == "/Form" or each.get("/PatternType") == 1
        ):
            yield each


def _shades_otherwise(pikepdf: Any, each: Any, space: str) -> bool:
    if not isinstance(each, pikepdf.Dictionary | pikepdf.Stream) or "/ShadingType" not in each:
        return False
    return str(each.get("/ColorSpace", "")) != space
