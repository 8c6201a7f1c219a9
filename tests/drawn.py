"""Draw a PDF's pages with three renderers that share no code, and compare the pictures.

Renderers smooth edges and snap lines each in its own way, so single pixels say nothing. A page is
compared by the color of its blocks of about half a centimeter.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pymupdf
import pypdfium2
from PIL import Image, ImageChops

from tests.validators import tools

DPI = 72
BLOCK = 14  # pixels; at 72 dpi about 5 mm
MOST_DIFFERENCE = 24  # of 255, in any block and any of red, green and blue


def by_pdfium(pdf: bytes) -> list[Image.Image]:
    """Every page of *pdf* as PDFium draws it."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=DPI / 72).to_pil().convert("RGB") for page in document]


def by_mupdf(pdf: bytes) -> list[Image.Image]:
    """Every page of *pdf* as MuPDF draws it."""
    document: Any = pymupdf.open(stream=pdf, filetype="pdf")
    with document:
        drawn = [page.get_pixmap(dpi=DPI) for page in document]
    return [Image.frombytes("RGB", (each.width, each.height), each.samples) for each in drawn]


def by_poppler(pdf: bytes) -> list[Image.Image]:
    """Every page of *pdf* as poppler draws it."""
    with tempfile.TemporaryDirectory() as folder:
        command: list[str | Path] = [tools.poppler("pdftoppm"), "-r", str(DPI), "-png", "-"]
        command.append(Path(folder, "page"))
        subprocess.run(command, input=pdf, check=True, capture_output=True)
        return [Image.open(path).convert("RGB") for path in sorted(Path(folder).glob("*.png"))]


def difference(one: Image.Image, other: Image.Image) -> int:
    """By how much the pages differ in the block where they differ most: 0 to 255."""
    size = (max(1, one.width // BLOCK), max(1, one.height // BLOCK))
    blocks = (each.resize(size, Image.Resampling.BOX) for each in (one, other))
    bands = ImageChops.difference(*blocks).split()
    return max(int(max(band.tobytes())) for band in bands)


def differing_pages(some: Sequence[Image.Image], others: Sequence[Image.Image]) -> list[str]:
    """The pages, from 1, that are not the same picture, each with its difference."""
    assert len(some) == len(others)
    result = (difference(*pair) for pair in zip(some, others, strict=True))
    return [
        f"page {number}: {most}" for number, most in enumerate(result, 1) if most > MOST_DIFFERENCE
    ]
