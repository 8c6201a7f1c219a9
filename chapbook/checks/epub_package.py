"""An EPUB's package: its files, its manifest and its spine (EPUB 3.3, 4 and 5)."""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote

from chapbook.checks.reading import Unreadable

if TYPE_CHECKING:
    from lxml import etree

NS = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "h": "http://www.w3.org/1999/xhtml",
    "ncx": "http://www.daisy.org/z3986/2005/ncx/",
}


@dataclass(frozen=True)
class Book:
    """The files of an EPUB and what its package says of them."""

    files: dict[str, bytes]
    package_path: str

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
        """The paths in reading order, and whether each is on the way."""
        found = []
        for reference in self.package.iterfind(".//opf:itemref", NS):
            item = self.manifest.get(reference.get("idref", ""))
            if item is None:
                raise Unreadable(f"its spine names {reference.get('idref')}, which is nothing")
            found.append((self.path(item.get("href", "")), reference.get("linear") != "no"))
        return found

    def path(self, href: str, base: str | None = None) -> str:
        """The path in the zip file that *href* in the file *base* means."""
        folder = posixpath.dirname(self.package_path if base is None else base)
        return posixpath.normpath(posixpath.join(folder, unquote(href)))

    def item_path(self, property_name: str) -> str | None:
        """The path of the item that has this property."""
        for item in self.manifest.values():
            if property_name in item.get("properties", "").split():
                return self.path(item.get("href", ""))
        return None

    def parse(self, path: str) -> etree._Element:
        """The root of the XML document at *path*. Raises Unreadable."""
        from lxml import etree

        if path not in self.files:
            raise Unreadable(f"it has no {path}")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        try:
            return etree.fromstring(self.files[path], parser)
        except etree.XMLSyntaxError as error:
            raise Unreadable(f"{path} is no XML: {error.msg}") from error


def open_book(content: bytes) -> Book:
    """The EPUB in *content*. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
            if names[:1] != ["mimetype"] or package.read("mimetype") != b"application/epub+zip":
                raise Unreadable("it does not begin with an EPUB's mimetype")
            files = {name: package.read(name) for name in names}
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError) as error:
        raise Unreadable(f"it is no zip file: {error}") from error
    container = Book(files, "").parse("META-INF/container.xml")
    rootfile = container.find(".//c:rootfile", NS)
    if rootfile is None:
        raise Unreadable("its container names no package")
    return Book(files, rootfile.get("full-path", ""))
