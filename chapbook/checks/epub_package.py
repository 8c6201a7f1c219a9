"""Opens an EPUB's package: its files, its manifest and its spine (EPUB 3.3, 4 and 5)."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from chapbook.checks.reading import Unreadable

if TYPE_CHECKING:
    from lxml import etree

# An EPUB may come from anybody. A book of a thousand pages has 10 MB; Apple advises at most 1 GB.
MOST_BYTES = 2**30  # of all files together, unpacked
MOST_FILES = 20_000
MOST_INFLATION = 100  # text is compressed to a third or a tenth; zeros to a thousandth
HARMLESS_BYTES = 64 * 2**20  # up to this size any inflation is allowed
MOST_XML_BYTES = 64 * 2**20  # of one document, whose tree takes ten times as much

NS = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "h": "http://www.w3.org/1999/xhtml",
    "ncx": "http://www.daisy.org/z3986/2005/ncx/",
}


@dataclass(frozen=True)
class Book:
    """The files of an EPUB, and its package."""

    files: dict[str, bytes]
    package_path: str

    @property
    def begins_as_epub(self) -> bool:
        """Whether the first file is the `mimetype` of an EPUB (EPUB 3.3, 4.2.4)."""
        first = next(iter(self.files), "")
        return first == "mimetype" and self.files[first] == b"application/epub+zip"

    @cached_property
    def package(self) -> etree._Element:
        """The package document's root."""
        return self.parse(self.package_path)

    @cached_property
    def manifest(self) -> dict[str, etree._Element]:
        """The manifest's items by their ids."""
        return {item.get("id", ""): item for item in self.package.iterfind(".//opf:item", NS)}

    @cached_property
    def spine(self) -> list[tuple[str, bool]]:
        """The paths in reading order, and whether each is linear."""
        paths = []
        for reference in self.package.iterfind(".//opf:itemref", NS):
            item = self.manifest.get(reference.get("idref", ""))
            if item is None:
                raise Unreadable(f"its spine names {reference.get('idref')}, which is nothing")
            paths.append((self.path(item.get("href", "")), reference.get("linear") != "no"))
        return paths

    def path(self, href: str, base: str | None = None) -> str:
        """Return the path in the zip file that *href* in the file *base* refers to."""
        folder = posixpath.dirname(self.package_path if base is None else base)
        return posixpath.normpath(posixpath.join(folder, unquote(href)))

    def item_path(self, property_name: str) -> str | None:
        """Return the path of the item with this property."""
        for item in self.manifest.values():
            if property_name in item.get("properties", "").split():
                return self.path(item.get("href", ""))
        return None

    def parse(self, path: str) -> etree._Element:
        """Return the root of the XML document at *path*. Raises Unreadable."""
        from lxml import etree

        if path not in self.files:
            raise Unreadable(f"it has no {path}")
        if len(self.files[path]) > MOST_XML_BYTES:
            raise Unreadable(f"{path} is larger than {MOST_XML_BYTES // 2**20} MB")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        try:
            root = etree.fromstring(self.files[path], parser)
        except etree.XMLSyntaxError as error:
            raise Unreadable(f"{path} is not XML: {error.msg}") from error
        declared: Any = root.getroottree().docinfo.internalDTD
        if declared is not None and any(True for _ in declared.iterentities()):
            # A few entities can expand to more text than any machine can hold.
            raise Unreadable(f"{path} declares entities, which are not expanded")
        return root


# The errors that zipfile raises for broken archives.
_NO_ZIP = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(EOFError, OSError, NotImplementedError, LookupError, ValueError),
)


def open_book(content: bytes) -> Book:
    """Open the EPUB in *content*. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _refuse_bombs(package.infolist(), len(content))
            names = package.namelist()
            files = {name: package.read(name) for name in names if not name.endswith("/")}
    except _NO_ZIP as error:
        raise Unreadable(f"it is not a zip file: {error}") from error
    except RuntimeError as error:  # zipfile's error for an encrypted file
        raise Unreadable(f"it cannot be unpacked: {error}") from error
    container = Book(files, "").parse("META-INF/container.xml")
    rootfile = container.find(".//c:rootfile", NS)
    if rootfile is None:
        raise Unreadable("its container names no package")
    return Book(files, rootfile.get("full-path", ""))


def _refuse_bombs(listed: list[zipfile.ZipInfo], packed_bytes: int) -> None:
    """Raise Unreadable for an archive that is too large, or has paths outside its folder.

    zipfile never unpacks more of a file than its declared size.
    """
    unpacked_bytes = sum(item.file_size for item in listed)
    if len(listed) > MOST_FILES:
        raise Unreadable(f"it holds {len(listed):,} files; at most {MOST_FILES:,} are read")
    if unpacked_bytes > MOST_BYTES:
        raise Unreadable(
            f"unpacked it has {unpacked_bytes / 1e6:,.0f} MB; at most 1,074 MB are read"
        )
    if unpacked_bytes > max(HARMLESS_BYTES, packed_bytes * MOST_INFLATION):
        raise Unreadable(f"it unpacks to {unpacked_bytes // packed_bytes} times its size: a bomb")
    for item in listed:
        parts = item.filename.replace("\\", "/").split("/")
        if ".." in parts or parts[0] == "" or ":" in parts[0]:
            raise Unreadable(f"it holds a file named {item.filename!r}, which leads out of it")
        if item.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable(f"{item.filename} is packed in another way than EPUB 3.3 allows")
