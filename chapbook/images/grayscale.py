"""Black ink alone: what WeasyPrint writes in RGB, written in gray, which a press prints with K.

`0 0 0 rg` would be separated into four inks, and a rich black in a small letter shows every error
of register.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from chapbook.images.pdf_colors import recolored
from chapbook.images.rasters import FORMATS

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

    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        gray = _on_paper(ImageOps.exif_transpose(opened)).convert("L")
        return _packed(gray, media_type)


def opaque_picture(content: bytes, media_type: str) -> tuple[bytes, str]:
    """A raster picture in its colors on white paper; what is opaque, and drawings, as they are."""
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
    """*image* on white, where it is not opaque."""
    from PIL import Image

    if not _has_alpha(image):
        return image
    layer = image.convert("RGBA")
    paper = Image.new("RGBA", layer.size, "white")
    paper.alpha_composite(layer)
    return paper


def _packed(image: Any, media_type: str) -> tuple[bytes, str]:
    written = io.BytesIO()
    if media_type == "image/jpeg":
        image.save(written, "JPEG", quality=92)
        return written.getvalue(), media_type
    image.save(written, "PNG", optimize=True)
    return written.getvalue(), "image/png"


def _gray(channels: Sequence[float]) -> tuple[float]:
    value = sum(weight * each for weight, each in zip(_LUMA, channels, strict=True))
    return (0 if value < _FULL_BLACK else round(value, 3),)
