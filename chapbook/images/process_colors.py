"""Process colors: separate RGB into cyan, magenta, yellow and black by the profile of a press.

Black becomes black ink alone, and white becomes bare paper: barcodes and small letters need both.
No color uses more ink than the printer allows.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from typing import Any

from chapbook.images.pdf_colors import recolored
from chapbook.images.rasters import FORMATS

_OPERATORS = {"rg": "k", "RG": "K"}
_NEARLY = 0.03  # a color this near to black or white becomes it, or small letters are screened
_QUALITY = 92  # of 100, of the JPEG
_JPEG_ERROR = 0.05  # the share of ink that compression may add to a pixel


def in_process_colors(
    pdf: bytes, profile: bytes, most_ink_percent: float
) -> tuple[bytes, tuple[str, ...]]:
    """Return the PDF with every RGB color separated, and in words what could not be separated."""
    most = most_ink_percent / 100

    def change(channels: Sequence[float]) -> Sequence[float]:
        if max(channels) < _NEARLY:
            return (0, 0, 0, 1)
        if min(channels) > 1 - _NEARLY:
            return (0, 0, 0, 0)
        inks = _separation(profile, tuple(round(each * 255) for each in channels))
        return limited(inks, most)

    return recolored(pdf, _OPERATORS, change, "/DeviceCMYK")


def separated_picture(
    content: bytes, profile: bytes, most_ink_percent: float, ground: str
) -> tuple[bytes, str]:
    """Return a raster picture as a CMYK JPEG of the same size, and its media type.

    Transparent parts show the color *ground*.
    """
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        layer = ImageOps.exif_transpose(opened).convert("RGBA")
    image = Image.new("RGBA", layer.size, ground)
    image.alpha_composite(layer)
    separated = _transform(profile, image.convert("RGB"))
    packed = io.BytesIO()
    _limited_picture(separated, most_ink_percent / 100 - _JPEG_ERROR).save(
        packed, "JPEG", quality=_QUALITY
    )
    return packed.getvalue(), "image/jpeg"


def limited(inks: Sequence[float], most: float) -> tuple[float, ...]:
    """Return *inks* with the three colors reduced so that the sum of all is at most *most*.

    Black stays as it is.

    >>> limited((0.5, 1.0, 1.0, 0.5), 2.4)
    (0.38, 0.76, 0.76, 0.5)
    """
    *colors, black = inks
    allowed = max(most - black, 0)
    share = min(1.0, allowed / sum(colors)) if sum(colors) else 1.0
    return (*(round(each * share, 4) for each in colors), black)


@cache
def _separation(profile: bytes, color: tuple[int, ...]) -> tuple[float, ...]:
    from PIL import Image

    pixel = _transform(profile, Image.new("RGB", (1, 1), color)).getpixel((0, 0))
    return tuple(round(each / 255, 4) for each in pixel)


def _transform(profile: bytes, image: Any) -> Any:
    """Return *image*, which is in sRGB, in the inks of the press that *profile* describes."""
    from PIL import ImageCms

    separated: Any = ImageCms.profileToProfile(
        image,
        ImageCms.createProfile("sRGB"),
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="CMYK",
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    separated.info.pop("icc_profile", None)
    return separated


def _limited_picture(image: Any, most: float) -> Any:
    """Return *image* with the colored inks of each pixel reduced to the limit *most*."""
    from PIL import Image, ImageMath

    *colors, black = image.split()
    share = ImageMath.lambda_eval(
        lambda given: given["min"](
            given["float"](most * 255 - given["black"])
            / given["max"](given["cyan"] + given["magenta"] + given["yellow"], 1),
            1.0,
        ),
        cyan=colors[0],
        magenta=colors[1],
        yellow=colors[2],
        black=black,
    )
    scaled = [
        ImageMath.lambda_eval(
            lambda given: given["convert"](given["ink"] * given["share"], "L"),
            ink=each,
            share=share,
        )
        for each in colors
    ]
    return Image.merge("CMYK", (*scaled, black))
