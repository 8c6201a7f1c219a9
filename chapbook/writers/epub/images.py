"""Converts the manuscript's images for e-readers.

- Photographs with more pixels than stores and old readers accept are made smaller.
- A photograph is turned as its EXIF orientation says, since many readers ignore it.
- CMYK, and colors with another profile than sRGB, become sRGB, which e-readers expect.
- WebP, which is only in EPUB 3.3, and AVIF, which is in none, become PNG or JPEG.
- A drawing (SVG) that Kindle can show stays, with a PNG as its fallback. Otherwise it becomes PNG.

All other images stay as their author made them. The same image gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, sqrt
from typing import TYPE_CHECKING

from chapbook.images import rasters
from chapbook.images.rasters import FORMATS, JPEG, PNG, SVG
from chapbook.model.document import Asset, Document

if TYPE_CHECKING:
    from PIL import Image

MOST_PIXELS = 3_200_000
"""Below the present and former limits of Apple Books; old readers have little memory."""

MOST_DRAWINGS = 25
"""With more SVGs, a book has no Enhanced Typesetting (Kindle Publishing Guidelines, 2019.2)."""

_SUFFIXES = {JPEG: "jpg", PNG: "png", "image/gif": "gif", "image/webp": "webp", SVG: "svg"}

# Kindle's converter does not draw or refuses these (Kindle Publishing Guidelines 2019.2, 10.4.11).
_UNSUPPORTED = re.compile(
    rb"<(?:svg:)?(?:text|image|use|style|switch|symbol|pattern|mask|marker|filter|a)\b"
    rb"|\b(?:transform|gradientTransform|style|visibility)\s*="
    rb"|preserveAspectRatio\s*=\s*[\"'][^\"']*slice"
)
_VIEW_BOX = re.compile(rb"<svg\b[^>]*\bviewBox\s*=\s*[\"']0 0 \d+ \d+[\"']")


@dataclass(frozen=True, slots=True)
class Picture:
    """A file of the package; readers that do not know its media type show `fallback`.

    `was_moving` is true if it is the first frame of a moving image that could not be used.
    """

    name: str
    media_type: str
    content: bytes
    width_px: int
    height_px: int
    fallback: Picture | None = None
    was_moving: bool = False


def pictures(document: Document, drawn: Mapping[str, bytes]) -> dict[str, Picture]:
    """Return the picture for each image of *document*, by its address in the tree.

    *drawn* has a PNG of each drawing (`chapbook.writers.epub.drawings`). The files get new names,
    since authors' names may have characters that a zip file or a URL must not have.
    """
    shown_as_drawings = sum(_is_supported_drawing(asset) for asset in document.assets.values())
    by_address = {}
    for number, (href, asset) in enumerate(sorted(document.assets.items()), 1):
        name = f"images/image-{number}"
        if asset.media_type != SVG:
            by_address[href] = _raster(name, asset)
            continue
        size = asset.width_px, asset.height_px
        png = Picture(f"{name}.png", PNG, drawn[href], *size)
        if _is_supported_drawing(asset) and shown_as_drawings <= MOST_DRAWINGS:
            by_address[href] = Picture(f"{name}.svg", SVG, asset.content, *size, fallback=png)
        else:
            by_address[href] = png
    return by_address


def _is_supported_drawing(asset: Asset) -> bool:
    """Return whether *asset* is a drawing that Kindle shows unchanged."""
    if asset.media_type != SVG:
        return False
    return bool(_VIEW_BOX.search(asset.content)) and not _UNSUPPORTED.search(asset.content)


# Photographs --------------------------------------------------------------------------------------


def is_usable(image: Image.Image) -> bool:
    """Return whether *image*, not decoded yet, can be used in an EPUB unchanged."""
    is_known = image.format in ("JPEG", "MPO", "PNG", "GIF") or (
        image.format == "WEBP" and is_moving(image)
    )
    is_large = image.width * image.height > MOST_PIXELS
    fits = is_known and not is_large and rasters.is_upright(image)
    return fits and rasters.has_screen_colors(image)


def is_moving(image: Image.Image) -> bool:
    """Return whether *image* is animated; a camera's MPO with several frames is not."""
    return image.format in ("GIF", "WEBP", "PNG", "AVIF") and bool(
        getattr(image, "is_animated", False)
    )


def _raster(name: str, asset: Asset) -> Picture:
    from PIL import Image

    with Image.open(io.BytesIO(asset.content), formats=FORMATS) as image:
        if is_usable(image):
            full_name = f"{name}.{_SUFFIXES[asset.media_type]}"
            size = asset.width_px, asset.height_px
            return Picture(full_name, asset.media_type, asset.content, *size)
        is_photograph, was_moving = rasters.is_photograph(image), is_moving(image)
        converted = _small(image)
    content, media_type = rasters.pack(converted, is_photograph=is_photograph)
    full_name = f"{name}.{_SUFFIXES[media_type]}"
    return Picture(full_name, media_type, content, *converted.size, was_moving=was_moving)


def _small(image: Image.Image) -> Image.Image:
    """Return *image* upright, in screen colors and small enough."""
    from PIL import Image

    scale = min(1.0, sqrt(MOST_PIXELS / (image.width * image.height)))
    if scale < 1:  # a JPEG can be decoded at a smaller size
        image.draft(None, (ceil(image.width * scale), ceil(image.height * scale)))
    colored = rasters.in_screen_colors(rasters.upright(image))
    scale = min(1.0, sqrt(MOST_PIXELS / (colored.width * colored.height)))
    size = max(1, int(colored.width * scale)), max(1, int(colored.height * scale))
    # Pillow multiplies colors by their opacity first, so edges keep their color.
    return colored.resize(size, Image.Resampling.LANCZOS) if size != colored.size else colored
