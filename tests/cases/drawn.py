"""What a page shows, drawn by PDFium: for drawings, above all formulas."""

from __future__ import annotations

import pypdfium2
from PIL import Image

from tests.cases import Built

_DARK = 128


def page_picture(built: Built, number: int = 0, scale: float = 4) -> Image.Image:
    """The page *number* of the PDF, from 0, in gray, *scale* pixels a point."""
    with pypdfium2.PdfDocument(built.files["pdf"]) as document:
        drawn: Image.Image = document[number].render(scale=scale, grayscale=True).to_pil()
        return drawn.convert("L")


def bands(picture: Image.Image) -> list[tuple[int, int]]:
    """From which row of pixels to which there is ink: each line of text or part of a formula."""
    pixels, width = picture.tobytes(), picture.width
    dark = [min(pixels[y * width : (y + 1) * width]) < _DARK for y in range(picture.height)]
    result, start = list[tuple[int, int]](), -1
    for y, is_dark in enumerate([*dark, False]):
        if is_dark and start < 0:
            start = y
        elif not is_dark and start >= 0:
            result.append((start, y))
            start = -1
    return result
