"""Covers for the shelf: the EPUB's own, or the PDF's first page, or one that we draw."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from chapbook.catalog.gather import BROKEN
from chapbook.catalog.text import line
from chapbook.catalog.works import Work
from chapbook.checks.reading import Unreadable
from chapbook.design.templates import Design
from chapbook.model.errors import Code, Finding, Place, warning
from chapbook.writers.registry import resolve

if TYPE_CHECKING:
    from PIL.Image import Image

COVER_BOX_PX = (1600, 2560)  # Kindle's ideal size; larger covers are made smaller
THUMBNAIL_BOX_PX = (400, 640)  # twice the widest column of the shelf, for high-resolution screens
_MOST_PIXELS = 64 * 10**6
_LARGEST_BYTES = 2 * 2**20  # of a cover that is kept unchanged
_QUALITY = 85


@dataclass(frozen=True, slots=True)
class Covers:
    """A work’s cover and thumbnail as JPEG, their sizes in pixels (width, height), and faults."""

    cover: bytes
    thumbnail: bytes
    cover_size: tuple[int, int]
    thumbnail_size: tuple[int, int]
    findings: tuple[Finding, ...]


def covers_of(work: Work, design: Design) -> Covers:
    """Return the cover and the thumbnail of *work*."""
    findings: list[Finding] = []
    for copy in work.copies:
        if copy.format.cover is None:
            continue
        try:
            content = resolve(copy.format.cover)(copy.path)
            if content is not None:
                return _both(content, tuple(findings))
        except (Unreadable, OSError, *BROKEN) as cause:
            message = f"its cover cannot be used: {line(str(cause))}"
            findings.append(warning(Code.UNREADABLE, message, Place(str(copy.path))))
    return _both(_drawn(work, design), tuple(findings))


def first_page_of(path: Path) -> bytes | None:
    """Return the first page of the PDF at *path* as a PNG. Raises Unreadable."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"its first page cannot be drawn: {error}") from error
    try:
        page = document[0]
        width, height = page.get_size()
        scale = min(COVER_BOX_PX[0] / width, COVER_BOX_PX[1] / height)
        picture = page.render(scale=scale).to_pil()
        packed = io.BytesIO()
        picture.convert("RGB").save(packed, "PNG", compress_level=1)
    except (pypdfium2.PdfiumError, ZeroDivisionError, MemoryError) as error:
        raise Unreadable("its first page cannot be drawn") from error
    finally:
        document.close()
    return packed.getvalue()


def _drawn(work: Work, design: Design) -> bytes:
    """Return a typographic cover as a JPEG, as a build makes it."""
    from html import escape

    from chapbook.model.document import Document, Manuscript, Publication
    from chapbook.model.edition import Edition
    from chapbook.model.metadata import Metadata
    from chapbook.writers.cover import draw_cover

    about = work.about
    metadata = Metadata(
        title=about.title,
        title_html=escape(about.title),
        lang=about.lang or "en",
        identifier=about.identifier,
        subtitle=about.subtitle,
        subtitle_html=escape(about.subtitle) if about.subtitle else None,
        direction=about.direction,
        authors=about.authors,
    )
    manuscript = Manuscript(work.slug, work.slug, b"", "")
    document = Document(metadata, Element("article"), manuscript)
    edition = Edition(about.identifier, about.edition, about.date, "")
    return draw_cover(Publication(document, edition), design).jpeg


def _both(content: bytes, findings: tuple[Finding, ...]) -> Covers:
    """Return the cover and the thumbnail of the picture in *content*. Raises Unreadable."""
    picture = _opened(content)
    is_fit = picture.format == "JPEG" and picture.mode == "RGB" and not picture.getexif()
    fits = all(side <= most for side, most in zip(picture.size, COVER_BOX_PX, strict=True))
    if is_fit and fits and len(content) <= _LARGEST_BYTES:
        cover, cover_size = content, picture.size
    else:
        cover, cover_size = _jpeg(picture, COVER_BOX_PX)
        picture = _opened(cover)
    thumbnail, thumbnail_size = _jpeg(picture, THUMBNAIL_BOX_PX)
    return Covers(cover, thumbnail, cover_size, thumbnail_size, findings)


def _opened(content: bytes) -> Image:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "GIF", "WEBP"))
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise Unreadable("it is not a JPEG, PNG, GIF or WebP image of a usable size") from error
    if picture.width * picture.height > _MOST_PIXELS:
        raise Unreadable(f"it has {picture.width} × {picture.height} pixels")
    return picture


def _jpeg(picture: Image, box: tuple[int, int]) -> tuple[bytes, tuple[int, int]]:
    """Return *picture* as a JPEG that fits into *box*, and its size in pixels.

    It is upright, in the mode RGB, and on white where it was transparent. Raises Unreadable.
    """
    from PIL import Image, ImageOps

    try:
        picture.draft("RGB", (2 * box[0], 2 * box[1]))
        upright = ImageOps.exif_transpose(picture)
        if "A" in upright.getbands() or "transparency" in upright.info:
            layered = upright.convert("RGBA")
            white = Image.new("RGBA", layered.size, "white")
            upright = Image.alpha_composite(white, layered)
        small = upright.convert("RGB")
        small.thumbnail(box, Image.Resampling.LANCZOS)
        packed = io.BytesIO()
        small.save(packed, "JPEG", quality=_QUALITY, optimize=True)
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Unreadable(f"the image is broken: {line(str(error), 80)}") from error
    return packed.getvalue(), small.size
