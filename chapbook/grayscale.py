"""Black ink alone: what WeasyPrint writes in RGB, written in gray, which a press prints with K.

`0 0 0 rg` would be separated into four inks, and a rich black in a small letter shows every error
of register. WeasyPrint has no gray: its operators are rewritten here.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

_GRAY = {"rg": "g", "RG": "G"}
_FULL_BLACK = 0.08  # what is darker is meant as black; a screened letter has rough edges
_LUMA = (0.2126, 0.7152, 0.0722)  # ITU-R BT.709


def black_only(pdf: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The PDF with every RGB color in gray, and what could not be made gray, in words."""
    import pikepdf

    left: list[str] = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            _turn_gray(pikepdf, page)
        for stream in _forms(pikepdf, document):
            _turn_gray(pikepdf, stream)
        if any(_shades_in_color(pikepdf, each) for each in document.objects):
            left.append("a drawing with a color gradient")
        written = io.BytesIO()
        document.save(
            written,
            deterministic_id=True,
            compress_streams=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
    return written.getvalue(), tuple(left)


def gray_picture(content: bytes, media_type: str) -> tuple[bytes, str]:
    """A raster picture in shades of gray on white paper, of the same size; drawings as they are."""
    if media_type == "image/svg+xml":
        return content, media_type
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content)) as opened:
        image = ImageOps.exif_transpose(opened)
        if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
            layer = image.convert("RGBA")
            image = Image.new("RGBA", layer.size, "white")
            image.alpha_composite(layer)
        packed = io.BytesIO()
        gray = image.convert("L")
        if media_type == "image/jpeg":
            gray.save(packed, "JPEG", quality=92)
        else:
            gray.save(packed, "PNG", optimize=True)
    return packed.getvalue(), "image/jpeg" if media_type == "image/jpeg" else "image/png"


def _turn_gray(pikepdf: Any, holder: Any) -> None:
    """Rewrite the color operators in the contents of *holder*, a page or a form."""
    changed = False
    instructions = []
    for operands, operator in pikepdf.parse_content_stream(holder):
        if gray := _GRAY.get(str(operator)):
            instructions.append(([_gray(operands)], pikepdf.Operator(gray)))
            changed = True
        else:
            instructions.append((operands, operator))
    if changed:
        content = pikepdf.unparse_content_stream(instructions)
        if isinstance(holder, pikepdf.Page):
            holder.Contents.write(content)
        else:
            holder.write(content)


def _gray(channels: Sequence[Any]) -> float:
    value = sum(weight * float(each) for weight, each in zip(_LUMA, channels, strict=True))
    return 0 if value < _FULL_BLACK else round(value, 3)


def _forms(pikepdf: Any, document: Any) -> Iterator[Any]:
    """Every form and tiling pattern: content streams beside those of the pages."""
    for each in document.objects:
        if isinstance(each, pikepdf.Stream) and (
            each.get("/Subtype") == "/Form" or each.get("/PatternType") == 1
        ):
            yield each


def _shades_in_color(pikepdf: Any, each: Any) -> bool:
    if not isinstance(each, pikepdf.Dictionary | pikepdf.Stream) or "/ShadingType" not in each:
        return False
    return str(each.get("/ColorSpace", "")) != "/DeviceGray"
