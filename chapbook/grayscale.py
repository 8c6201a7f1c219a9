"""Black ink alone: what WeasyPrint writes in RGB, written in gray, which a press prints with K.

`0 0 0 rg` would be separated into four inks, and a rich black in a small letter shows every error
of register.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from chapbook.recolor import recolored

_FULL_BLACK = 0.08  # what is darker is meant as black; a screened letter has rough edges
_LUMA = (0.2126, 0.7152, 0.0722)  # ITU-R BT.709


def black_only(pdf: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The PDF with every RGB color in gray, and what could not be made gray, in words."""
    return recolored(pdf, {"rg": "g", "RG": "G"}, _gray, "/DeviceGray")


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


def _gray(channels: Sequence[float]) -> tuple[float]:
    value = sum(weight * each for weight, each in zip(_LUMA, channels, strict=True))
    return (0 if value < _FULL_BLACK else round(value, 3),)
