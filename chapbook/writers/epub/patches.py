"""Patch of `ebooklib.epub`: a subclass of its writer with other methods; EbookLib is unchanged.

EbookLib 0.20 has these faults:
- It dates every zip entry by the clock. `StillZip` writes the first day of the zip format.
- Its NCX repeats ids and gives a depth of 0. We write our own (`chapbook.writers.epub.ncx`).
- It writes neither `xml:lang` nor `dir` on the package, nor a `fallback` in the manifest, and it
  declares a prefix that nobody uses. `_write_opf_file` corrects this, just before it is written.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ebooklib import epub

VERSION = "0.20"
"""The version of EbookLib that the patches were written for."""

REPORTED = "https://github.com/aerkalov/ebooklib/pull/340 (the clock); the others: not reported"
WRITTEN_FOR: Mapping[str, str] = MappingProxyType(
    {
        "ebooklib.epub:EpubWriter.write": "f2f28ead2851b502",
        "ebooklib.epub:EpubWriter._write_container": "e2f213b663da58e5",
        "ebooklib.epub:EpubWriter._write_opf": "838838f292729b8a",
        "ebooklib.epub:EpubWriter._write_opf_file": "9e6c54d9c7b8ad3b",
        "ebooklib.epub:EpubWriter._write_items": "a7939873a001e3b2",
        "ebooklib.epub:EpubWriter._get_ncx": "8e302e1695ee82fc",
    }
)
"""The digest of each source that the patches rely on."""

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip entry can hold
_STORED = (".jpg", ".jpeg", ".png", ".webp", ".gif")  # compressed already
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Writer(epub.EpubWriter):  # type: ignore[misc]
    """EbookLib's writer of packages, without its faults."""

    lang: str
    direction: str
    ncx: bytes
    fallbacks: Mapping[str, str]  # ids of fallbacks by the ids of their files

    def write(self) -> None:
        """Write the package as EbookLib does, but into a `StillZip`."""
        with StillZip(self.file_name, "w", compresslevel=self.options["compresslevel"]) as out:
            self.out = out
            out.writestr("mimetype", b"application/epub+zip", zipfile.ZIP_STORED)  # OCF 3.3, 4.3
            self._write_container()
            self._write_opf()
            self._write_items()

    def _write_opf_file(self, root: Any) -> None:
        del root.attrib["prefix"]
        root.set(XML_LANG, self.lang)
        root.set("dir", self.direction)
        for item in root.iter("item"):
            if fallback := self.fallbacks.get(item.get("id")):
                item.set("fallback", fallback)
        super()._write_opf_file(root)

    def _get_ncx(self) -> bytes:
        return self.ncx


class StillZip(zipfile.ZipFile):
    """A zip file that does not record when, where or by whom it was written."""

    def writestr(  # type: ignore[override]
        self, name: str, content: str | bytes, compress_type: int | None = None
    ) -> None:
        """Add a file with that name, compressed unless its format is compressed already."""
        entry = zipfile.ZipInfo(name, ZIP_EPOCH)
        entry.create_system = 3  # Unix, on Windows too
        entry.external_attr = 0o644 << 16
        method = zipfile.ZIP_STORED if name.endswith(_STORED) else zipfile.ZIP_DEFLATED
        super().writestr(entry, content, method if compress_type is None else compress_type)
