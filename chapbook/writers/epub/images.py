"""The manuscript's images as e-readers bear them.

- Photographs of more pixels than stores and old readers take are made smaller.
- What a camera says about turning is done: many readers do not heed it (EXIF orientation).
- Inks (CMYK) and colors by another profile than sRGB become screen colors, which is what e-readers
  take them for; WebP, which only EPUB 3.3 knows, and AVIF, which none does, become PNG or JPEG.
- A drawing (SVG) that Kindle shows stays one, with a picture of it for readers that show none; one
  that Kindle does not show is that picture itself.

All else goes in as its author made it. The same image gives the same bytes.
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
"""Within what Apple Books takes (4 million) and what it took before; old readers run short too."""

MOST_DRAWINGS = 25
"""Books with more SVGs have no Enhanced Typesetting (Kindle Publishing Guidelines, 2019.2)."""

_SUFFIXES = {JPEG: "jpg", PNG: "png", "image/gif": "gif", "image/webp": "webp", SVG: "svg"}

# What Kindle's converter does not draw, or refuses (Kindle Publishing Guidelines, 2019.2, 10.4.11).
_UNBORNE = re.compile(
    rb"<(?:svg:)?(?:text|image|use|style|switch|symbol|pattern|mask|marker|filter|a)\b"
    rb"|\b(?:transform|gradientTransform|style|visibility)\s*="
    rb"|preserveAspectRatio\s*=\s*[\"'][^\"']*slice"
)
_VIEW_BOX = re.compile(rb"<svg\b[^>]*\bviewBox\s*=\s*[\"']0 0 \d+ \d+[\"']")


@dataclass(frozen=True, slots=True)
class Picture:
    """A file of the package; `fallback` is shown by readers that do not know its kind.

    It *was moving* where it was too large, and is the first picture of a moving one.
    """

    name: str
    media_type: str
    content: bytes
    width_px: int
    height_px: int
    fallback: Picture | None = None
    was_moving: bool = False


def pictures(document: Document, drawn: Mapping[str, bytes]) -> dict[str, Picture]:
    """The picture for each image of *document*, by its address in the tree.

    *drawn* holds, for each drawing, a PNG of it (`chapbook.writers.epub.drawings`). The names are
    ours: authors' hold what a zip or a URL may not.
    """
    shown_as_drawings = sum(_is_borne(asset) for asset in document.assets.values())
    found = {}
    for number, (href, asset) in enumerate(sorted(document.assets.items()), 1):
        name = f"images/image-{number}"
        if asset.media_type != SVG:
            found[href] = _raster(name, asset)
            continue
        size = asset.width_px, asset.height_px
        png = Picture(f"{name}.png", PNG, drawn[href], *size)
        if _is_borne(asset) and shown_as_drawings <= MOST_DRAWINGS:
            found[href] = Picture(f"{name}.svg", SVG, asset.content, *size, fallback=png)
        else:
            found[href] = png
    return found


def _is_borne(asset: Asset) -> bool:
    """Whether Kindle shows *asset*, a drawing, as it is."""
    if asset.media_type != SVG:
        return False
    return bool(_VIEW_BOX.search(asset.content)) and not _UNBORNE.search(asset.content)


# Photographs --------------------------------------------------------------------------------------


def is_borne(image: Image.Image) -> bool:
    """Whether *image*, of which nothing is decoded yet, can go into an EPUB as it is."""
    is_known = image.format in ("JPEG", "MPO", "PNG", "GIF") or (
        image.format == "WEBP" and is_moving(image)
    )
    is_large = image.width * image.height > MOST_PIXELS
    fits = is_known and not is_large and rasters.is_upright(image)
    return fits and rasters.has_screen_colors(image)


def is_moving(image: Image.Image) -> bool:
    """Whether *image* has several frames that are one picture (a camera's MPO is none)."""
    return image.format in ("GIF", "WEBP", "PNG", "AVIF") and bool(
        getattr(image, "is_animated", False)
    )


def _raster(name: str, asset: Asset) -> Picture:
    from PIL import Image

    with Image.open(io.BytesIO(asset.content), formats=FORMATS) as image:
        if is_borne(image):
            full_name = f"{name}.{_SUFFIXES[asset.media_type]}"
            size = asset.width_px, asset.height_px
            return Picture(full_name, asset.media_type, asset.content, *size)
        is_photograph, was_moving = rasters.is_photograph(image), is_moving(image)
        made = _small(image)
    content, media_type = rasters.pack(made, is_photograph=is_photograph)
    full_name = f"{name}.{_SUFFIXES[media_type]}"
    return Picture(full_name, media_type, content, *made.size, was_moving=was_moving)


def _small(image: Image.Image) -> Image.Image:
    """*image* upright, in screen colors and small enough."""
    from PIL import Image

    scale = min(1.0, sqrt(MOST_PIXELS / (image.width * image.height)))
    if scale < 1:  # a JPEG need not be decoded in full to be made smaller
        image.draft(None, (ceil(image.width * scale), ceil(image.height * scale)))
    colored = rasters.in_screen_colors(rasters.upright(image))
    scale = min(1.0, sqrt(MOST_PIXELS / (colored.width * colored.height)))
    size = max(1, int(colored.width * scale)), max(1, int(colored.height * scale))
    # Pillow multiplies colors by their opacity before it mixes them.
    return colored.resize(size, Image.Resampling.LANCZOS) if size != colored.size else colored
