"""Reads facts about an image from its bytes, without drawing it."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chapbook.checks.reading import Unreadable
from chapbook.checks.tree import Node
from chapbook.images.rasters import FORMATS
from chapbook.writers.epub.images import is_usable

if TYPE_CHECKING:
    from PIL import Image


@dataclass(frozen=True, slots=True)
class Measured:
    """An image's size, and its colors as Pillow names them."""

    width_px: int
    height_px: int
    mode: str


def measure(content: bytes) -> Measured | None:
    """Return the facts in the head of an image; None if it cannot be read."""
    from PIL import Image

    limit = Image.MAX_IMAGE_PIXELS
    try:
        # Nothing is decoded here, so any size is allowed.
        Image.MAX_IMAGE_PIXELS = None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                return Measured(*image.size, image.mode)
    except (OSError, ValueError, SyntaxError, OverflowError):
        return None
    finally:
        Image.MAX_IMAGE_PIXELS = limit


def describe(picture: Node, content: bytes, *, may_be_remade: bool = True) -> None:
    """Write the size in pixels and the digest of an image's *content* into its node.

    A drawing (SVG) has no pixels, and may be changed by a writer, so nothing is written.
    If an image may be converted for e-readers (*may_be_remade*), its look is also written: in an
    EPUB it is another file that looks the same.
    Raises Unreadable if the image is broken or dangerous.
    """
    from PIL import Image, ImageFile, UnidentifiedImageError

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it for the whole process
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of harmless flaws
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                width, height = _upright_size(image)
                if not (may_be_remade and is_usable(image)):
                    picture.attributes["look"] = _look(image)
    except UnidentifiedImageError:
        return
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Unreadable("an image in it has more pixels than are decoded") from error
    except (OSError, SyntaxError) as error:  # Pillow's errors for a broken file
        raise Unreadable(f"an image in it is broken: {error}") from error
    digest = hashlib.sha256(content).hexdigest()
    picture.attributes |= {"width": str(width), "height": str(height), "digest": digest}


def _upright_size(image: Image.Image) -> tuple[int, int]:
    width, height = image.size
    is_lying = image.getexif().get(0x0112, 1) in range(5, 9)  # EXIF 2.32, 4.6.4
    return (height, width) if is_lying else (width, height)


_SIDE = 8  # of the look, in points
_MOST_DIFFERENCE = 6.0  # of 255, on average: a second compression makes less than 2


def _look(image: Image.Image) -> str:
    """Return *image* as 64 points of gray, in hexadecimal digits."""
    from PIL import Image, ImageOps

    image.draft("RGB", (64 * _SIDE, 64 * _SIDE))
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("I", "I;16", "I;16B"):
        upright = upright.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if upright.mode in ("CMYK", "RGB", "L"):
        upright = _in_screen_colors(upright)
    clear = upright.convert("RGBA" if upright.mode != "CMYK" else "RGB").convert("RGBA")
    ground = Image.new("RGBA", clear.size, "white")
    ground.alpha_composite(clear)
    return ground.convert("L").resize((_SIDE, _SIDE), Image.Resampling.BOX).tobytes().hex()


def _in_screen_colors(image: Image.Image) -> Image.Image:
    """Return *image* in sRGB, if it has another color profile (ICC.1)."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        screen = ImageCms.createProfile("sRGB")
        intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
        return ImageCms.profileToProfile(image, source, screen, intent, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError):
        return image


def look_alike(one: str, other: str) -> bool:
    """Return whether two images look the same, by their 64 points of gray."""
    pairs = list(zip(bytes.fromhex(one), bytes.fromhex(other), strict=True))
    return sum(abs(left - right) for left, right in pairs) <= _MOST_DIFFERENCE * len(pairs)
