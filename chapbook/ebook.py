"""The adapter to EbookLib: a package of finished files in, the bytes of an EPUB out.

What EbookLib 0.20 lacks is put right here, each with its cause:
- it stamps every zip entry with the wall clock: `_StillZip` stamps the zip format's first day;
- it dates the package by the clock unless `mtime` is given, and draws a random identifier first;
- it swallows OSError unless `raise_exceptions` is set (we write to memory, but who knows);
- `EpubHtml.get_content` parses what it is given and writes down what it understood: `_Page` does
  not, so our bytes are the file's;
- its nav has no language, direction or landmarks of its own, its NCX repeats ids and tells a depth
  of 0: both are ours;
- it writes neither `xml:lang` nor `dir` on the package, and declares a prefix nobody uses: put
  right in `_write_opf_file`, through which the package passes on its way out.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ebooklib import epub
from lxml import etree

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip entry can hold
_STORED = (".jpg", ".jpeg", ".png", ".webp", ".gif")  # compressed already
_NCX = "http://www.daisy.org/z3986/2005/ncx/"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Statement:
    """A metadata element: `name` is Dublin Core's, or `meta`."""

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


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the contents."""

    label: str
    href: str
    points: tuple[Point, ...] = ()


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
    contents: tuple[Point, ...]
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
        namespace = None if statement.name == "meta" else "DC"
        book.add_metadata(namespace, statement.name, statement.value, dict(statement.attributes))
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
        super()._write_opf_file(root)

    def _get_ncx(self) -> bytes:
        return _ncx(self.package)


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


# The contents for readers of EPUB 2 ---------------------------------------------------------------

_NCX_DEPTH = 2  # what Kindle shows
_NCX_PREFIXES: Any = {None: _NCX}  # the default namespace, which lxml-stubs do not foresee


def _ncx(package: Package) -> bytes:
    root = etree.Element(f"{{{_NCX}}}ncx", nsmap=_NCX_PREFIXES)
    root.set("version", "2005-1")
    root.set(_XML_LANG, package.lang)
    depth = 2 if any(point.points for point in package.contents) else 1
    head = etree.SubElement(root, f"{{{_NCX}}}head")
    for name, content in (
        ("dtb:uid", package.identifier),  # must equal the package's identifier (OPF 2.0.1, 2.4.1)
        ("dtb:depth", str(depth)),
        ("dtb:totalPageCount", "0"),
        ("dtb:maxPageNumber", "0"),
    ):
        etree.SubElement(head, f"{{{_NCX}}}meta", name=name, content=content)
    _labelled(root, "docTitle", package.title)
    points = etree.SubElement(root, f"{{{_NCX}}}navMap")
    _add_points(points, package.contents, _NCX_DEPTH, 0)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _add_points(parent: Any, points: Sequence[Point], depth: int, order: int) -> int:
    """Add *points* down to *depth*; *order* counts those before. The count after is returned."""
    for point in points:
        order += 1
        made = etree.SubElement(parent, f"{{{_NCX}}}navPoint", id=f"point-{order}")
        made.set("playOrder", str(order))
        _labelled(made, "navLabel", point.label)
        etree.SubElement(made, f"{{{_NCX}}}content", src=point.href)
        if depth > 1:
            order = _add_points(made, point.points, depth - 1, order)
    return order


def _labelled(parent: Any, name: str, text: str) -> None:
    label = etree.SubElement(etree.SubElement(parent, f"{{{_NCX}}}{name}"), f"{{{_NCX}}}text")
    label.text = text
