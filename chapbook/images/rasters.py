"""Raster images in the form that each medium can show: upright and in screen colors (sRGB).

Browsers use an image's color profile, except for inks (CMYK). E-readers and WeasyPrint ignore
profiles. So images with another profile are converted. The same image gives the same bytes.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING

from chapbook.model.document import Asset

if TYPE_CHECKING:
    from PIL import Image

PNG, JPEG, SVG = "image/png", "image/jpeg", "image/svg+xml"
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
"""Pillow's names of the formats that `chapbook.reading.image_files` accepts. MPO, which phones
write, is opened as JPEG."""

_QUALITY = 90  # of 100; below 85 the artifacts of a second compression are visible
_ORIENTATION = 0x0112  # EXIF 2.32, 4.6.4
_UPRIGHT = 1
_ON_PAPER = ("JPEG", "MPO", "PNG", "GIF")  # WeasyPrint embeds JPEG unchanged, the others lossless
_LOSSY = ("JPEG", "MPO", "WEBP", "AVIF")
_NEARLY = 2  # of 255; a profile may differ from sRGB by this much, as many variants of sRGB do


def for_paper(asset: Asset) -> tuple[bytes, str]:
    """Return the bytes of *asset* for print, and their media type.

    Of an animation only the first picture is printed. Images are converted for these reasons: PDF/A
    forbids inks together with screen colors (ISO 19005-3, 6.2.4.3), and WeasyPrint leaves out
    profiles, compresses again what it turns upright, and makes large files from WebP and AVIF.
    """
    if asset.media_type == SVG:
        return asset.content, asset.media_type
    with _opened(asset) as image:
        if image.format in _ON_PAPER and is_upright(image) and has_screen_colors(image):
            return asset.content, asset.media_type
        return pack(in_screen_colors(upright(image)), is_photograph=is_photograph(image))


def for_browsers(asset: Asset) -> tuple[bytes, str]:
    """Return the bytes of *asset* for browsers, and their media type.

    Browsers handle rotation and profiles themselves. Only an image in inks (CMYK) is converted.
    """
    if asset.media_type != JPEG:  # no other format has inks
        return asset.content, asset.media_type
    with _opened(asset) as image:
        if image.mode != "CMYK":
            return asset.content, asset.media_type
        return pack(in_screen_colors(upright(image)), is_photograph=True)


def _opened(asset: Asset) -> Image.Image:
    from PIL import Image

    return Image.open(io.BytesIO(asset.content), formats=FORMATS)


def is_photograph(image: Image.Image) -> bool:
    """Return whether *image*, just opened, may lose a little when it is compressed again."""
    return image.format in _LOSSY and image.mode in ("RGB", "L", "CMYK")


def is_upright(image: Image.Image) -> bool:
    """Return whether *image* can be shown without turning it."""
    return bool(image.getexif().get(_ORIENTATION, _UPRIGHT) == _UPRIGHT)


def upright(image: Image.Image) -> Image.Image:
    """Return *image* turned by its EXIF orientation, the way the camera was held."""
    from PIL import ImageOps

    return ImageOps.exif_transpose(image)


def pack(image: Image.Image, *, is_photograph: bool) -> tuple[bytes, str]:
    """Return *image*, which is in screen colors, as a JPEG or a PNG, and its media type."""
    packed = io.BytesIO()
    if is_photograph:
        image.save(packed, "JPEG", optimize=True, quality=_QUALITY)
        return packed.getvalue(), JPEG
    image.save(packed, "PNG", optimize=True)
    return packed.getvalue(), PNG


# Colors -----------------------------------------------------------------------------------------


def has_screen_colors(image: Image.Image) -> bool:
    """Return whether *image* is in screen colors. It must be opened, but not decoded yet."""
    profile = image.info.get("icc_profile")
    if image.mode == "CMYK":
        return False
    kind = "L" if image.mode in ("L", "LA", "1", "I", "I;16", "I;16B") else "RGB"
    return not profile or _is_srgb(profile, kind)


def in_screen_colors(image: Image.Image) -> Image.Image:
    """Return *image* in sRGB, in a mode whose pixels can be blended: L, LA, RGB or RGBA."""
    profile = None if has_screen_colors(image) else image.info.get("icc_profile")
    plain = _plain(image)
    alpha = plain.getchannel("A") if plain.mode in ("LA", "RGBA") else None
    converted = _converted(plain.convert(plain.mode.rstrip("A")), profile)
    if converted.mode == "CMYK":  # without a profile, or with a useless one
        converted = converted.convert("RGB")
    if plain.mode.startswith("L"):
        converted = converted.convert("L")
    if alpha is not None:
        converted.putalpha(alpha)
    converted.info.pop("icc_profile", None)
    return converted


def _plain(image: Image.Image) -> Image.Image:
    """Return *image* without a palette, and with 8 bits per channel instead of 16."""
    is_clear = "transparency" in image.info or image.mode in ("PA", "LA", "RGBA", "RGBa", "La")
    if image.mode in ("I", "I;16", "I;16B"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("1", "L", "LA", "La"):
        return image.convert("LA" if is_clear else "L")
    if image.mode == "CMYK":
        return image
    return image.convert("RGBA" if is_clear else "RGB")


def _converted(image: Image.Image, profile: bytes | None) -> Image.Image:
    from PIL import ImageCms

    if not profile:
        return image
    try:
        converted = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError):
        return image  # a useless profile: assume the usual colors
    return converted or image


@lru_cache(maxsize=32)
def _is_srgb(profile: bytes, mode: str) -> bool:
    """Return whether *profile* gives sample colors the same values as sRGB, or is useless."""
    from PIL import Image

    swatches = Image.new("RGB", (len(_SWATCHES), 1))
    swatches.putdata(_SWATCHES)
    plain = swatches.convert(mode)
    converted = _converted(plain, profile).convert("RGB").tobytes()
    return all(
        abs(one - other) <= _NEARLY
        for one, other in zip(converted, plain.convert("RGB").tobytes(), strict=True)
    )


_SWATCHES = [
    (red, green, blue) for red in (0, 90, 180, 255) for green in (0, 128, 255) for blue in (0, 255)
]
