"""What can be told of an image's bytes without drawing it."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass

from chapbook.checks.tree import Node


@dataclass(frozen=True, slots=True)
class Measured:
    """An image's size, and its colors as Pillow names them."""

    width_px: int
    height_px: int
    mode: str


def measure(content: bytes) -> Measured | None:
    """What the head of an image says of it; None where it has no head that can be read."""
    from PIL import Image

    limit = Image.MAX_IMAGE_PIXELS
    try:
        # Nothing is decoded here, so an image may be as large as it says; that is what is asked.
        Image.MAX_IMAGE_PIXELS = None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content)) as image:
                return Measured(*image.size, image.mode)
    except (OSError, ValueError, SyntaxError, OverflowError):
        return None
    finally:
        Image.MAX_IMAGE_PIXELS = limit


def describe(picture: Node, content: bytes) -> None:
    """Write the size in pixels and the digest of an image's *content* into its node.

    A drawing (SVG) has no pixels, and may be rewritten on its way: nothing is told of it.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content)) as image:
            width, height = image.size
    except UnidentifiedImageError:
        return
    digest = hashlib.sha256(content).hexdigest()
    picture.attributes |= {"width": str(width), "height": str(height), "digest": digest}
