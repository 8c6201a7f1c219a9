"""Measures the images of a PDF: size in pixels, color space, and the ink of the darkest pixel.

qpdf decodes the samples and leaves CMYK JPEGs as they are stored. Adobe stores them inverted, with
a Decode array; it is applied here (ISO 32000-2, 8.9.5.2).
"""

from __future__ import annotations

from typing import Any

from chapbook.pdf.color import space_of
from chapbook.pdf.facts import Picture, Space

MOST_SAMPLES = 100_000_000  # bytes; a full page of 12 × 18 in at 300 ppi has 78 million


class Pictures:
    """The images of a file, each measured once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], Picture] = {}

    def of(self, image: Any, resources: Any) -> Picture:
        """Return the size in pixels, color space and ink of *image*, an XObject; its ppi is 0."""
        if image.objgen not in self._known:
            space = space_of(image.get("/ColorSpace"), resources)
            ink = _most_ink(image) if space is Space.CMYK else None
            self._known[image.objgen] = Picture(
                int(image.get("/Width", 0)), int(image.get("/Height", 0)), 0.0, space, ink
            )
        return self._known[image.objgen]

    def inline(self, image: Any, resources: Any) -> Picture:
        """Return the same for an inline image, whose keys may be short (ISO 32000-2, table 91)."""
        width, height = (int(image.get(f"/{key}", image.get(f"/{key[0]}", 0))) for key in _SIDES)
        space = space_of(image.get("/ColorSpace", image.get("/CS")), resources)
        return Picture(width, height, 0.0, space)


_SIDES = ("Width", "Height")


def _most_ink(image: Any) -> float | None:
    """Return the ink of the darkest pixel in percent; None if it cannot be measured here."""
    import pikepdf
    from PIL import Image, ImageChops

    size = int(image.get("/Width", 0)), int(image.get("/Height", 0))
    if int(image.get("/BitsPerComponent", 0)) != 8 or size[0] * size[1] * 4 > MOST_SAMPLES:
        return None
    space = image.get("/ColorSpace")
    if str(space[0] if isinstance(space, pikepdf.Array) else space) in ("/Indexed", "/DeviceN"):
        return None
    try:
        samples = image.read_bytes(pikepdf.StreamDecodeLevel.all)
        picture = Image.frombytes("CMYK", size, samples[: size[0] * size[1] * 4])
    except (pikepdf.PikepdfError, ValueError):
        return None
    if [float(bound) for bound in image.get("/Decode", ())][:2] == [1.0, 0.0]:
        picture = ImageChops.invert(picture)
    cyan, magenta, yellow, black = picture.split()
    halves = ImageChops.add(cyan, magenta, 2), ImageChops.add(yellow, black, 2)
    counts = ImageChops.add(*halves, 2).histogram()
    most = max(value for value, count in enumerate(counts) if count)
    return most / 255 * 400  # rounded down by less than 2 %
