"""Rules about the size of a book, its documents, its images and its cover."""

from __future__ import annotations

from collections.abc import Iterator

from chapbook.checks.epub_package import NS
from chapbook.checks.pictures import Measured, measure
from chapbook.checks.reading_systems import limits
from chapbook.checks.reading_systems.epub import XHTML, Epub
from chapbook.checks.reading_systems.fault import Fault, Spot, awkward, severe
from chapbook.model.errors import Code

_YOUNG_TYPES = frozenset({"image/webp"})  # only in EPUB 3.3; older readers show nothing
_WORDS_BESIDE_A_COVER = 20


def container(epub: Epub) -> Iterator[Fault]:
    """Yield a fault if the file cannot be recognized as an EPUB without unpacking it."""
    if not epub.book.begins_as_epub:
        message = "the file does not begin with an EPUB's mimetype (EPUB 3.3, 4.2.4)"
        yield severe(Code.CONFORMANCE, message)


def document_sizes(epub: Epub) -> Iterator[Fault]:
    """Yield documents that readers refuse, or whose pages turn slowly."""
    for document in epub.documents:
        size = len(epub.book.files[document.path])
        most, advised = limits.DOCUMENT_BYTES, limits.DOCUMENT_BYTES_ADVISED
        message = f"this document has {size / 1000:,.0f} KB"
        if size > most.figure:
            message += f"; at most {most.figure // 1_000_000} MB are accepted ({most})"
            yield severe(Code.DOCUMENT_SIZE, message, Spot(document.path))
        elif size > advised.figure:
            message += f"; split it so that none has more than {advised.figure // 1000} ({advised})"
            yield awkward(Code.DOCUMENT_SIZE, message, Spot(document.path))


def book_size(epub: Epub, size: int) -> Iterator[Fault]:
    """Yield a fault if a file of *size* bytes is too large to be sold or sent."""
    for limit in (limits.BOOK_BYTES, limits.MAILED_BYTES):
        if size > limit.figure:
            message = f"the book has {size / 1_000_000:,.0f} MB; at most"
            message += f" {limit.figure // 1_000_000:,} are accepted ({limit})"
            yield awkward(Code.BOOK_SIZE, message, Spot(epub.book.package_path))
            return


def images(epub: Epub) -> Iterator[Fault]:
    """Yield images with more pixels than stores accept, or in formats unknown to older readers."""
    replaced = {
        epub.book.path(item.get("href", ""))
        for item in epub.book.manifest.values()
        if item.get("fallback")
    }
    for path, media_type in epub.media_types().items():
        if not media_type.startswith("image/") or media_type == "image/svg+xml":
            continue
        if media_type in _YOUNG_TYPES and path not in replaced:
            message = (
                f"{media_type} is unknown to readers older than EPUB 3.3; save it as JPEG or PNG"
            )
            yield awkward(Code.IMAGE_FORMAT, message, epub.first_uses.get(path, Spot(path)))
        if path in epub.book.files and (measured := measure(epub.book.files[path])):
            yield from _pixels(epub, path, measured)


def _pixels(epub: Epub, path: str, measured: Measured) -> Iterator[Fault]:
    pixels = measured.width_px * measured.height_px
    message = (
        f"{path} has {pixels / 1e6:.1f} million pixels ({measured.width_px} × {measured.height_px})"
    )
    most, advised = limits.IMAGE_PIXELS, limits.IMAGE_PIXELS_ADVISED
    if pixels > most.figure:
        message += f"; at most {most.figure / 1e6:g} million are accepted ({most})"
        yield severe(Code.IMAGE_PIXELS, message, epub.first_uses.get(path, Spot(path)))
    elif pixels > advised.figure:
        message += f"; keep to {advised.figure / 1e6:g} million ({advised})"
        yield awkward(Code.IMAGE_PIXELS, message, epub.first_uses.get(path, Spot(path)))


# The cover ------------------------------------------------------------------------------------


def cover(epub: Epub) -> Iterator[Fault]:
    """Yield faults of a cover that shelves cannot show, or show badly."""
    path = _cover_path(epub)
    if path is None or path not in epub.book.files:
        message = "no image is marked as the cover: shelves show none (EPUB 3.3, cover-image)"
        yield awkward(Code.COVER, message, Spot(epub.book.package_path))
        return
    content = epub.book.files[path]
    if len(content) > limits.COVER_BYTES.figure:
        message = f"the cover has {len(content) / 1e6:,.0f} MB; at most 50 are accepted"
        yield awkward(Code.COVER, f"{message} ({limits.COVER_BYTES})", Spot(path))
    if measured := measure(content):
        yield from _cover_size(path, measured)
    yield from _cover_page(epub)


def _cover_path(epub: Epub) -> str | None:
    if path := epub.book.item_path("cover-image"):
        return path
    for meta in epub.book.package.iterfind(".//opf:meta[@name='cover']", NS):  # EPUB 2
        item = epub.book.manifest.get(meta.get("content", ""))
        if item is not None:
            return epub.book.path(item.get("href", ""))
    return None


def _cover_size(path: str, measured: Measured) -> Iterator[Fault]:
    width, height = measured.width_px, measured.height_px
    message = f"the cover has {width} × {height} pixels"
    if width < limits.COVER_WIDTH.figure or height < limits.COVER_HEIGHT.figure:
        least = f"{limits.COVER_WIDTH.figure} × {limits.COVER_HEIGHT.figure:,}"
        message += f"; at least {least} are required ({limits.COVER_WIDTH})"
        yield awkward(Code.COVER, message, Spot(path))
    elif max(width, height) > limits.COVER_SIDE.figure:
        message += (
            f"; at most {limits.COVER_SIDE.figure:,} a side are accepted ({limits.COVER_SIDE})"
        )
        yield awkward(Code.COVER, message, Spot(path))
    if measured.mode not in ("RGB", "L", "P", "RGBA"):
        message = f"the cover's colors are {measured.mode}; RGB is required ({limits.COVER_WIDTH})"
        yield awkward(Code.COVER, message, Spot(path))


def _cover_page(epub: Epub) -> Iterator[Fault]:
    """Yield a fault if the cover's document has other text, which Kobo does not want."""
    if epub.nav is None:
        return
    for link in epub.nav.root.iter(f"{XHTML}a"):
        if "cover" in (link.get("{http://www.idpf.org/2007/ops}type") or "").split():
            path, _ = epub.at(link.get("href", ""), epub.nav.path)
            page = epub.by_path.get(path)
            if page and len(page.text.split()) > _WORDS_BESIDE_A_COVER:
                message = (
                    f"the cover shares its document with text (Kobo ePub guidelines, {limits.READ})"
                )
                yield awkward(Code.COVER, message, Spot(path))
            return
