"""The adapter to EbookLib: a package of finished files in, the bytes of an EPUB out.

What EbookLib 0.20 lacks is put right here, each with its cause:
- it stamps every zip entry with the wall clock: `_StillZip` stamps the zip format's first day;
- it dates the package by the clock unless `mtime` is given, and draws a random identifier first;
- it swallows OSError unless `raise_exceptions` is set (we write to memory, but who knows);
- `EpubHtml.get_content` parses what it is given and writes down what it understood: `_Page` does
  not, so our bytes are the file's;
- its nav has no language, direction or landmarks of its own, its NCX repeats ids and tells a depth
  of 0: both are ours (`chapbook.writers.epub.ncx`);
- it writes neither `xml:lang` nor `dir` on the package, nor a `fallback` in the manifest, and it
  declares a prefix nobody uses: put right in `_write_opf_file`, through which the package passes on
  its way out.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ebooklib import epub

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip entry can hold
_STORED = (".jpg", ".jpeg", ".png", ".webp", ".gif")  # compressed already
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_EXPANDED = {"xml:lang": _XML_LANG}  # as lxml wants it; EbookLib drops what lxml refuses


@dataclass(frozen=True, slots=True)
class Statement:
    """A metadata element: `name` is Dublin Core's, or `meta`, or `link`."""

    name: str
    value: str
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A file of the package; `in_spine` is None for what is not read through."""

    id: str
    name: str
    media_type: str
    content: bytes
    properties: tuple[str, ...] = ()
    in_spine: bool | None = None  # False: reachable, but not on the way (linear="no")
    fallback: str | None = None  # the id of the file that is shown in its stead


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
    """The package as the bytes of an EPUB 3.3 file, the same bytes every time."""
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
    writer = _Writer(packed, book, options, package)
    writer.process()
    writer.write()
    return packed.getvalue()


class _Page(epub.EpubItem):  # type: ignore[misc]
    """Any file but the NCX: its bytes go in as they are."""

    def __init__(self, file: File) -> None:
        super().__init__(file.id, file.name, file.media_type, file.content)
        self.properties = list(file.properties)


class _Writer(epub.EpubWriter):  # type: ignore[misc]
    def __init__(self, target: io.BytesIO, book: Any, options: Any, package: Package) -> None:
        super().__init__(target, book, options)
        self.package = package

    def write(self) -> None:
        with _StillZip(self.file_name, "w", compresslevel=self.options["compresslevel"]) as out:
            self.out = out
            out.writestr("mimetype", b"application/epub+zip", zipfile.ZIP_STORED)  # OCF 3.3, 4.3
            self._write_container()
            self._write_opf()
            self._write_items()

    def _write_opf_file(self, root: Any) -> None:
        del root.attrib["prefix"]
        root.set(_XML_LANG, self.package.lang)
        root.set("dir", self.package.direction)
        fallbacks = {file.id: file.fallback for file in self.package.files if file.fallback}
        for item in root.iter("item"):
            if fallback := fallbacks.get(item.get("id")):
                item.set("fallback", fallback)
        super()._write_opf_file(root)

    def _get_ncx(self) -> bytes:
        return self.package.ncx


class _StillZip(zipfile.ZipFile):
    """A zip file in which nothing tells when, where or by whom it was written."""

    def writestr(  # type: ignore[override]
        self, name: str, content: str | bytes, compress_type: int | None = None
    ) -> None:
        entry = zipfile.ZipInfo(name, ZIP_EPOCH)
        entry.create_system = 3  # Unix, on Windows too
        entry.external_attr = 0o644 << 16
        method = zipfile.ZIP_STORED if name.endswith(_STORED) else zipfile.ZIP_DEFLATED
        super().writestr(entry, content, method if compress_type is None else compress_type)
