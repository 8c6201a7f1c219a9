"""The adapter to EbookLib: takes a package of finished files, and returns the bytes of an EPUB.

EbookLib 0.20 has these limits, which this module works around:
- it dates the package by the clock unless `mtime` is given, and makes a random identifier first;
- it hides OSError unless `raise_exceptions` is set;
- `EpubHtml.get_content` parses its content and writes it again: `_Page` keeps our bytes.
`chapbook.writers.epub.patches` changes methods of its classes where nothing else helps.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime

from ebooklib import epub

from chapbook.writers.epub.patches import XML_LANG, Writer

_EXPANDED = {"xml:lang": XML_LANG}  # the form for lxml; EbookLib drops what lxml refuses


@dataclass(frozen=True, slots=True)
class Statement:
    """A metadata element: `name` is a Dublin Core element, `meta` or `link`."""

    name: str
    value: str
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A file of the package; `in_spine` is None if it is not a document of the text."""

    id: str
    name: str
    media_type: str
    content: bytes
    properties: tuple[str, ...] = ()
    in_spine: bool | None = None  # False: only reached by links (linear="no")
    fallback: str | None = None  # the id of the file that is shown instead


@dataclass(frozen=True, slots=True)
class Package:
    """An EPUB before it is packed. `files` are in the order of the spine."""

    identifier: str
    title: str
    lang: str
    direction: str
    modified: datetime
    statements: tuple[Statement, ...]
    files: tuple[File, ...]
    ncx: bytes  # the contents for readers of EPUB 2
    guide: tuple[tuple[str, str, str], ...] = field(default=())  # EPUB 2's: type, title, href


def pack(package: Package) -> bytes:
    """Return the package as the bytes of an EPUB 3.3 file, the same bytes every time."""
    book = epub.EpubBook()
    book.metadata = {}  # without EbookLib's own generator and random identifier
    book.set_identifier(package.identifier)
    book.title, book.language = package.title, package.lang
    if package.direction == "rtl":
        book.set_direction("rtl")
    for statement in package.statements:
        namespace = None if statement.name in ("meta", "link") else "DC"
        attributes = {_EXPANDED.get(name, name): value for name, value in statement.attributes}
        book.add_metadata(namespace, statement.name, statement.value, attributes)
    for file in package.files:
        item = book.add_item(_Page(file))
        if file.in_spine is not None:
            book.spine.append((item, "yes" if file.in_spine else "no"))
    book.add_item(epub.EpubNcx())
    book.guide = [
        {"type": kind, "title": title, "href": href} for kind, title, href in package.guide
    ]
    packed = io.BytesIO()
    options = {"mtime": package.modified, "raise_exceptions": True, "compresslevel": 9}
    writer = Writer(packed, book, options)
    writer.lang, writer.direction, writer.ncx = package.lang, package.direction, package.ncx
    writer.fallbacks = {file.id: file.fallback for file in package.files if file.fallback}
    writer.process()
    writer.write()
    return packed.getvalue()


class _Page(epub.EpubItem):  # type: ignore[misc]
    """Any file except the NCX; its bytes are written unchanged."""

    def __init__(self, file: File) -> None:
        super().__init__(file.id, file.name, file.media_type, file.content)
        self.properties = list(file.properties)
