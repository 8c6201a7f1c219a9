"""The metadata and the cover of an EPUB, from its package: EPUB 3.3, and EPUB 2 where it differs.

Only three members of the zip file are unpacked, each up to a limit: anybody may have made the file.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from chapbook.catalog import text
from chapbook.catalog.works import About
from chapbook.checks.reading import Unreadable
from chapbook.model.metadata import Person

if TYPE_CHECKING:
    from lxml import etree

_LARGEST_XML = 8 * 2**20  # bytes
_LARGEST_COVER = 64 * 2**20
_NS = {
    "c": "urn:oasis:names:tc:opendocument:xmlns:container",
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_OPF = f"{{{_NS['opf']}}}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def about_epub(path: Path) -> About | None:
    """Return the metadata of the EPUB at *path*. Raises Unreadable."""
    with _opened(path) as book:
        _, package = _package(book)
        return _about(package)


def cover_of(path: Path) -> bytes | None:
    """Return the cover image of the EPUB at *path*, or None. Raises Unreadable."""
    with _opened(path) as book:
        base, package = _package(book)
        item = _cover_item(package)
        if item is None:
            return None
        href = posixpath.join(posixpath.dirname(base), unquote(item.get("href", "")))
        return _read(book, posixpath.normpath(href), _LARGEST_COVER)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as book:
            yield book
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Unreadable(f"it is not a valid zip file: {error}") from error


def _read(book: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """Return the member *name*. Raises Unreadable if it has more than *limit* bytes."""
    try:
        with book.open(name) as member:
            content = member.read(limit + 1)
    except KeyError as error:
        raise Unreadable(f"it has no {text.line(name)}") from error
    if len(content) > limit:
        raise Unreadable(f"its {text.line(name)} is larger than {limit // 2**20} MB")
    return content


def _parsed(book: zipfile.ZipFile, name: str) -> etree._Element:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(_read(book, name, _LARGEST_XML), parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"its {text.line(name)} is not XML: {error.msg}") from error


def _package(book: zipfile.ZipFile) -> tuple[str, etree._Element]:
    rootfile = _parsed(book, "META-INF/container.xml").find(".//c:rootfile", _NS)
    if rootfile is None:
        raise Unreadable("its container names no package")
    name = rootfile.get("full-path", "")
    return name, _parsed(book, name)


def _about(package: etree._Element) -> About:
    title, subtitle = _titles(package)
    identifiers = list(package.iterfind(".//dc:identifier", _NS))
    unique = package.get("unique-identifier")
    named = [node for node in identifiers if node.get("id") == unique] or identifiers
    reading = package.find("opf:spine", _NS)
    right = reading is not None and reading.get("page-progression-direction") == "rtl"
    return About(
        title=title,
        subtitle=subtitle,
        identifier=text.identifier(_words(named[0])) if named else "",
        lang=text.language(next(iter(_all(package, "language")), package.get(_LANG, ""))),
        direction="rtl" if right or package.get("dir") == "rtl" else "ltr",
        authors=tuple(_people(package, "creator")),
        contributors=tuple(_people(package, "contributor")),
        subjects=text.lines(_all(package, "subject")),
        description=text.passage(next(iter(_all(package, "description")), None)),
        publisher=next(iter(text.lines(_all(package, "publisher"))), None),
        rights=next(iter(text.lines(_all(package, "rights"))), None),
        isbn=text.isbn(map(_words, identifiers)),
        date=text.first_date(_all(package, "date")),
        modified=_moment(_meta(package, "dcterms:modified")),
        edition=text.line(_meta(package, "schema:bookEdition")) or None,
    )


def _words(node: etree._Element) -> str:
    return "".join(map(str, node.itertext()))


def _all(package: etree._Element, name: str) -> list[str]:
    return [_words(node) for node in package.iterfind(f".//dc:{name}", _NS)]


def _meta(package: etree._Element, name: str, refines: str | None = None) -> str:
    for meta in package.iterfind(".//opf:meta", _NS):
        if meta.get("property") == name and meta.get("refines") == refines:
            return _words(meta).strip()
    return ""


def _refined(package: etree._Element, node: etree._Element, name: str) -> str:
    """Return the property *name* of *node*: from a `meta` in EPUB 3, an attribute in EPUB 2."""
    own = node.get("id")
    return (_meta(package, name, f"#{own}") if own else "") or node.get(f"{_OPF}{name}", "")


def _titles(package: etree._Element) -> tuple[str, str | None]:
    """Return the title, and the title that is marked as the subtitle, if any."""
    main, sub = "", None
    for node in package.iterfind(".//dc:title", _NS):
        if _refined(package, node, "title-type") == "subtitle":
            sub = sub or text.line(_words(node)) or None
        else:
            main = main or text.line(_words(node))
    return main, sub


def _people(package: etree._Element, name: str) -> Iterator[Person]:
    for node in list(package.iterfind(f".//dc:{name}", _NS))[: text.MOST_VALUES]:
        if person := text.line(_words(node)):
            role = text.line(_refined(package, node, "role"), 3)
            file_as = text.line(_refined(package, node, "file-as")) or None
            yield Person(person, role or ("aut" if name == "creator" else "ctb"), file_as)


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _cover_item(package: etree._Element) -> etree._Element | None:
    """Return the manifest item of the cover image, by the rules of EPUB 3 or EPUB 2."""
    items = list(package.iterfind(".//opf:item", _NS))
    for item in items:
        if "cover-image" in item.get("properties", "").split():
            return item
    for meta in package.iterfind(".//opf:meta", _NS):
        if meta.get("name") == "cover":
            return next((each for each in items if each.get("id") == meta.get("content")), None)
    return None
