"""How large a book, its documents, its images and its cover may be."""

from __future__ import annotations

from collections.abc import Iterator

from chapbook.checks.epub_package import NS
from chapbook.checks.pictures import Measured, measure
from chapbook.checks.reading_systems import limits
from chapbook.checks.reading_systems.epub import XHTML, Epub
from chapbook.checks.reading_systems.fault import Fault, Spot, awkward, severe
from chapbook.model.errors import Code

_YOUNG_TYPES = frozenset({"image/webp"})  # of EPUB 3.3 alone; older readers show nothing
_WORDS_BESIDE_A_COVER = 20


def container(epub: Epub) -> Iterator[Fault]:
    """What tells a reader, before anything is unpacked, that this is an EPUB."""
    if not epub.book.begins_as_epub:
        told = "the file does not begin with an EPUB's mimetype (EPUB 3.3, 4.2.4)"
        yield severe(Code.CONFORMANCE, told)


def document_sizes(epub: Epub) -> Iterator[Fault]:
    """Documents that readers refuse, or turn the pages of slowly."""
    for document in epub.documents:
        size = len(epub.book.files[document.path])
        most, advised = limits.DOCUMENT_BYTES, limits.DOCUMENT_BYTES_ADVISED
        told = f"this document has {size / 1000:,.0f} KB"
        if size > most.figure:
            told += f"; at most {most.figure // 1_000_000} MB are taken ({most})"
            yield severe(Code.DOCUMENT_SIZE, told, Spot(document.path))
        elif size > advised.figure:
            told += f"; split it so that none has more than {advised.figure // 1000} ({advised})"
            yield awkward(Code.DOCUMENT_SIZE, told, Spot(document.path))


def book_size(epub: Epub, size: int) -> Iterator[Fault]:
    """A file of *size* bytes, too large to be sold or sent."""
    for limit in (limits.BOOK_BYTES, limits.MAILED_BYTES):
        if size > limit.figure:
            told = f"the book has {size / 1_000_000:,.0f} MB; at most"
            told += f" {limit.figure // 1_000_000:,} are taken ({limit})"
            yield awkward(Code.BOOK_SIZE, told, Spot(epub.book.package_path))
            return


def images(epub: Epub) -> Iterator[Fault]:
    """Images of more pixels than stores take, or in formats that older readers do not know."""
    replaced = {
        epub.book.path(item.get("href", ""))
        for item in epub.book.manifest.values()
        if item.get("fallback")
    }
    for path, media_type in epub.media_types().items():
        if not media_type.startswith("image/") or media_type == "image/svg+xml":
            continue
        if media_type in _YOUNG_TYPES and path not in replaced:
            told = f"{media_type} is unknown to readers older than EPUB 3.3; save it as JPEG or PNG"
            yield awkward(Code.IMAGE_FORMAT, told, epub.first_uses.get(path, Spot(path)))
        if path in epub.book.files and (found := measure(epub.book.files[path])):
            yield from _pixels(epub, path, found)


def _pixels(epub: Epub, path: str, found: Measured) -> Iterator[Fault]:
    pixels = found.width_px * found.height_px
    told = f"{path} has {pixels / 1e6:.1f} million pixels ({found.width_px} × {found.height_px})"
    most, advised = limits.IMAGE_PIXELS, limits.IMAGE_PIXELS_ADVISED
    if pixels > most.figure:
        told += f"; at most {most.figure / 1e6:g} million are taken ({most})"
        yield severe(Code.IMAGE_PIXELS, told, epub.first_uses.get(path, Spot(path)))
    elif pixels > advised.figure:
        told += f"; keep to {advised.figure / 1e6:g} million ({advised})"
        yield awkward(Code.IMAGE_PIXELS, told, epub.first_uses.get(path, Spot(path)))


# The cover ------------------------------------------------------------------------------------


def cover(epub: Epub) -> Iterator[Fault]:
    """A cover that shelves cannot show, or that is shown badly."""
    path = _cover_path(epub)
    if path is None or path not in epub.book.files:
        told = "no image is marked as the cover: shelves show none (EPUB 3.3, cover-image)"
        yield awkward(Code.COVER, told, Spot(epub.book.package_path))
        return
    content = epub.book.files[path]
    if len(content) > limits.COVER_BYTES.figure:
        told = f"the cover has {len(content) / 1e6:,.0f} MB; at most 50 are taken"
        yield awkward(Code.COVER, f"{told} ({limits.COVER_BYTES})", Spot(path))
    if found := measure(content):
        yield from _cover_size(path, found)
    yield from _cover_page(epub)


def _cover_path(epub: Epub) -> str | None:
    if path := epub.book.item_path("cover-image"):
        return path
    for meta in epub.book.package.iterfind(".//opf:meta[@name='cover']", NS):  # EPUB 2
        item = epub.book.manifest.get(meta.get("content", ""))
        if item is not None:
            return epub.book.path(item.get("href", ""))
    return None


def _cover_size(path: str, found: Measured) -> Iterator[Fault]:
    wide, high = found.width_px, found.height_px
    told = f"the cover has {wide} × {high} pixels"
    if wide < limits.COVER_WIDTH.figure or high < limits.COVER_HEIGHT.figure:
        least = f"{limits.COVER_WIDTH.figure} × {limits.COVER_HEIGHT.figure:,}"
        told += f"; at least {least} are asked for ({limits.COVER_WIDTH})"
        yield awkward(Code.COVER, told, Spot(path))
    elif max(wide, high) > limits.COVER_SIDE.figure:
        told += f"; at most {limits.COVER_SIDE.figure:,} a side are taken ({limits.COVER_SIDE})"
        yield awkward(Code.COVER, told, Spot(path))
    if found.mode not in ("RGB", "L", "P", "RGBA"):
        told = f"the cover's colors are {found.mode}; RGB is asked for ({limits.COVER_WIDTH})"
        yield awkward(Code.COVER, told, Spot(path))


def _cover_page(epub: Epub) -> Iterator[Fault]:
    """Kobo asks for a document that holds the cover alone."""
    if epub.nav is None:
        return
    for link in epub.nav.root.iter(f"{XHTML}a"):
        if "cover" in (link.get("{http://www.idpf.org/2007/ops}type") or "").split():
            path, _ = epub.at(link.get("href", ""), epub.nav.path)
            page = epub.by_path.get(path)
            if page and len(page.text.split()) > _WORDS_BESIDE_A_COVER:
                told = (
                    f"the cover shares its document with text (Kobo ePub guidelines, {limits.READ})"
                )
                yield awkward(Code.COVER, told, Spot(path))
            return
