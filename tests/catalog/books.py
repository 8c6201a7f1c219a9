"""Finished files as other people make them. They are written here without our own writers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

import pikepdf
from PIL import Image

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="OEBPS/p.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>"
)
PAGE = (
    '<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head><title>T</title></head>'
    "<body><p>Words.</p></body></html>"
)


@dataclass(frozen=True)
class Book:
    """The metadata of a test's book. `more` is added to the package's metadata unchanged."""

    title: str = "A Book"
    identifier: str = "urn:uuid:11111111-1111-4111-8111-111111111111"
    lang: str = "en"
    authors: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    date: str | None = None
    more: str = ""
    cover: bytes | None = None


def jpeg(width: int = 300, height: int = 480, color: str = "navy") -> bytes:
    packed = io.BytesIO()
    Image.new("RGB", (width, height), color).save(packed, "JPEG")
    return packed.getvalue()


def package(book: Book) -> str:
    """Return the package document of *book*."""
    people = "".join(f"<dc:creator>{escape(name)}</dc:creator>" for name in book.authors)
    topics = "".join(f"<dc:subject>{escape(name)}</dc:subject>" for name in book.subjects)
    date = f"<dc:date>{book.date}</dc:date>" if book.date else ""
    cover = '<item id="c" href="c.jpg" media-type="image/jpeg" properties="cover-image"/>'
    return (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="i">{escape(book.identifier)}</dc:identifier>'
        f"<dc:title>{escape(book.title)}</dc:title><dc:language>{book.lang}</dc:language>"
        f"{people}{topics}{date}{book.more}</metadata><manifest>"
        '<item id="t" href="t.xhtml" media-type="application/xhtml+xml"/>'
        f"{cover if book.cover is not None else ''}</manifest>"
        '<spine><itemref idref="t"/></spine></package>'
    )


def write_epub(path: Path, book: Book, members: Mapping[str, str | bytes] | None = None) -> Path:
    """Write an EPUB of *book* to *path*. *members* replace its files or are added to them."""
    files: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/p.opf": package(book),
        "OEBPS/t.xhtml": PAGE,
    }
    if book.cover is not None:
        files["OEBPS/c.jpg"] = book.cover
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in (files | dict(members or {})).items():
            packed.writestr(name, content)
    return path


def write_pdf(path: Path, book: Book) -> Path:
    """Write a PDF of one blank page with an XMP packet about *book*."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(300, 480))
        with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
            xmp["dc:title"] = book.title
            xmp["dc:identifier"] = book.identifier
            if book.authors:
                xmp["dc:creator"] = list(book.authors)
            if book.date:
                xmp["dc:date"] = [book.date]
        pdf.Root.Lang = pikepdf.String(book.lang)
        pdf.save(path)
    return path


def write_html(path: Path, book: Book) -> Path:
    """Write a web page with the metadata of *book* as Dublin Core in its head."""
    values = {"DC.identifier": book.identifier, "DC.title": book.title, "DC.language": book.lang}
    metas = "".join(
        f'<meta name="{name}" content="{escape(value)}">' for name, value in values.items()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"<!DOCTYPE html><html><head>{metas}</head><body>Words.</body></html>", "utf-8")
    return path


def write_shelf(folder: Path, count: int) -> Path:
    """Write *count* books. Together they have two authors, three subjects and two languages."""
    cover = jpeg()
    for number in range(count):
        write_epub(
            folder / f"{number}.epub",
            Book(
                title=f"Volume {number:03}",
                identifier=f"urn:uuid:00000000-0000-4000-8000-{number:012}",
                lang="de" if number % 3 == 0 else "en",
                authors=(f"Ada {number % 2}",),
                subjects=(f"Topic {number % 3}",),
                date=f"20{number % 25 + 1:02}-01-{number % 28 + 1:02}",
                cover=cover,
            ),
        )
    return folder
