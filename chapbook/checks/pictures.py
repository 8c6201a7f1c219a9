"""What can be told of an image's bytes without drawing it."""

from __future__ import annotations

import hashlib
import io

from chapbook.checks.tree import Node


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
