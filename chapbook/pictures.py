"""The manuscript's images as e-readers bear them.

- Photographs of more pixels than stores and old readers take are made smaller.
- What a camera says about turning is done: many readers do not heed it (EXIF orientation).
- Inks (CMYK) become screen colors, and WebP, which only EPUB 3.3 knows, PNG or JPEG.
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

from chapbook.document import Asset, Document

if TYPE_CHECKING:
    from PIL import Image

MOST_PIXELS = 3_200_000
"""Within what Apple Books takes (4 million) and what it took before; old readers run short too."""

MOST_DRAWINGS = 25
"""Books with more SVGs have no Enhanced Typesetting (Kindle Publishing Guidelines, 2019.2)."""

SVG, PNG, JPEG = "image/svg+xml", "image/png", "image/jpeg"
_SUFFIXES = {JPEG: "jpg", PNG: "png", "image/gif": "gif", "image/webp": "webp", SVG: "svg"}
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")  # as chapbook.assets took them: a telephone's MPO is JPEG
_QUALITY = 90  # of 100; below 85 the seams of a second compression can be seen
_ORIENTATION = 0x0112  # EXIF 2.32, 4.6.4
_UPRIGHT = 1

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

    *drawn* holds, for each drawing, a PNG of it (`chapbook.drawings`). The names are ours: authors'
    hold what a zip or a URL may not.
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
    is_webp = image.format == "WEBP" and not is_moving(image)
    is_turned = image.getexif().get(_ORIENTATION, _UPRIGHT) != _UPRIGHT
    is_large = image.width * image.height > MOST_PIXELS
    return not (is_large or is_turned or is_webp or image.mode == "CMYK")


def is_moving(image: Image.Image) -> bool:
    """Whether *image* has several frames that are one picture (a camera's MPO is none)."""
    return image.format in ("GIF", "WEBP", "PNG") and bool(getattr(image, "is_animated", False))


def _raster(name: str, asset: Asset) -> Picture:
    from PIL import Image

    with Image.open(io.BytesIO(asset.content), formats=_FORMATS) as image:
        if is_borne(image):
            full_name = f"{name}.{_SUFFIXES[asset.media_type]}"
            size = asset.width_px, asset.height_px
            return Picture(full_name, asset.media_type, asset.content, *size)
        is_photograph = image.format in ("JPEG", "MPO") or (
            image.format == "WEBP" and image.mode == "RGB"
        )
        was_moving = is_moving(image)
        made, profile = _remade(image)
    media_type, options = (JPEG, {"quality": _QUALITY}) if is_photograph else (PNG, {})
    packed = io.BytesIO()
    made.save(
        packed,
        _SUFFIXES[media_type].replace("jpg", "jpeg"),
        optimize=True,
        icc_profile=profile,
        **options,
    )
    full_name = f"{name}.{_SUFFIXES[media_type]}"
    return Picture(full_name, media_type, packed.getvalue(), *made.size, was_moving=was_moving)


def _remade(image: Image.Image) -> tuple[Image.Image, bytes | None]:
    """*image* upright, in screen colors and small enough; and what its colors mean (ICC)."""
    from PIL import Image, ImageOps

    scale = min(1.0, sqrt(MOST_PIXELS / (image.width * image.height)))
    if scale < 1:  # a JPEG need not be decoded in full to be made smaller
        image.draft(None, (ceil(image.width * scale), ceil(image.height * scale)))
    colored, profile = _in_screen_colors(ImageOps.exif_transpose(image))
    scale = min(1.0, sqrt(MOST_PIXELS / (colored.width * colored.height)))
    size = max(1, int(colored.width * scale)), max(1, int(colored.height * scale))
    # Pillow multiplies colors by their opacity before it mixes them.
    small = colored.resize(size, Image.Resampling.LANCZOS) if size != colored.size else colored
    return small, profile


def _in_screen_colors(image: Image.Image) -> tuple[Image.Image, bytes | None]:
    """*image* in a mode whose points can be mixed, and its profile where it still holds."""
    profile = image.info.get("icc_profile")
    if image.mode == "CMYK":
        return _from_inks(image, profile), None
    if image.mode in ("P", "PA"):
        is_clear = "transparency" in image.info or image.mode == "PA"
        return image.convert("RGBA" if is_clear else "RGB"), profile
    if image.mode in ("L", "RGB") and "transparency" in image.info:  # one color stands for none
        return image.convert("LA" if image.mode == "L" else "RGBA"), profile
    if image.mode == "1":
        return image.convert("L"), profile
    if image.mode in ("I", "I;16", "I;16B"):  # 16 bits a point, of which screens show 8
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L"), None
    return image, profile


def _from_inks(image: Image.Image, profile: bytes | None) -> Image.Image:
    from PIL import ImageCms

    if profile:
        try:
            inks = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            screen = ImageCms.createProfile("sRGB")
            made = ImageCms.profileToProfile(image, inks, screen, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            made = None  # a profile that says nothing: the inks are taken for the usual ones
        if made is not None:
            return made
    return image.convert("RGB")
