"""Convert a PDF's RGB colors to gray, which a press prints with black ink (K) alone.

WeasyPrint writes RGB. A press would separate `0 0 0 rg` into four inks, and four inks in a small
letter show every error of register.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from chapbook.images.pdf_colors import recolored
from chapbook.images.rasters import FORMATS

_FULL_BLACK = 0.08  # darker grays become black, because a screened letter has rough edges
_LUMA = (0.2126, 0.7152, 0.0722)  # ITU-R BT.709


def black_only(pdf: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return the PDF with every RGB color in gray, and in words what could not be converted."""
    return recolored(pdf, {"rg": "g", "RG": "G"}, _gray, "/DeviceGray")


def gray_picture(content: bytes, media_type: str) -> tuple[bytes, str]:
    """Return a raster picture in gray on white, of the same size, and its media type.

    A drawing (SVG) is returned unchanged.
    """
    if media_type == "image/svg+xml":
        return content, media_type
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        gray = _on_paper(ImageOps.exif_transpose(opened)).convert("L")
        return _packed(gray, media_type)


def opaque_picture(content: bytes, media_type: str) -> tuple[bytes, str]:
    """Return a raster picture in its colors on white, and its media type.

    A picture that is opaque already and a drawing (SVG) are returned unchanged.
    """
    if media_type == "image/svg+xml":
        return content, media_type
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        image = ImageOps.exif_transpose(opened)
        if not _has_alpha(image):
            return content, media_type
        return _packed(_on_paper(image).convert("RGB"), media_type)


def _has_alpha(image: Any) -> bool:
    return image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info


def _on_paper(image: Any) -> Any:
    """Return *image* on white if it has transparency, otherwise *image*."""
    from PIL import Image

    if not _has_alpha(image):
        return image
    layer = image.convert("RGBA")
    paper = Image.new("RGBA", layer.size, "white")
    paper.alpha_composite(layer)
    return paper


def _packed(image: Any, media_type: str) -> tuple[bytes, str]:
    output = io.BytesIO()
    if media_type == "image/jpeg":
        image.save(output, "JPEG", quality=92)
        return output.getvalue(), media_type
    image.save(output, "PNG", optimize=True)
    return output.getvalue(), "image/png"


def _gray(channels: Sequence[float]) -> tuple[float]:
    value = sum(weight * each for weight, each in zip(_LUMA, channels, strict=True))
    return (0 if value < _FULL_BLACK else round(value, 3),)
