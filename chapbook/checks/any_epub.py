"""Checks any EPUB, also of others, by our rules for reading systems and with EPUBCheck."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chapbook.checks import Report
from chapbook.checks.epub_package import NS, Book, open_book
from chapbook.checks.epubcheck import ask_epubcheck
from chapbook.checks.read_epub import source_digest
from chapbook.checks.reading import Unreadable
from chapbook.checks.reading_systems import Fault, examine_book, findings
from chapbook.model.errors import Code, Finding, Place, error

if TYPE_CHECKING:
    from chapbook.model.document import Manuscript


def check_epub(name: str, content: bytes, manuscript: Manuscript | None = None) -> Report:
    """Return a report on the EPUB with the name *name*.

    A finding has the line of *manuscript*, if that is given and contains the words.
    """
    try:
        book = open_book(content)
    except Unreadable as cause:  # too dangerous or too broken for other programs
        return _report(name, "unreadable", [_unreadable(name, cause)])
    own_findings: list[Finding] = []
    faults: list[Fault] = []
    extent = "unreadable"
    try:
        faults += examine_book(book, len(content))
        extent = _extent(book, len(content))
    except Unreadable as cause:
        own_findings.append(_unreadable(name, cause))
    faults += ask_epubcheck(content, book)
    return _report(name, extent, [*own_findings, *findings(faults, name, manuscript)])


def _report(name: str, extent: str, all_findings: list[Finding]) -> Report:
    return Report(Path(name), extent, tuple(all_findings), is_compared=False)


def digest_of_source(content: bytes) -> str | None:
    """Return the SHA-256 of the manuscript that the EPUB names as its source, or None."""
    try:
        return source_digest(open_book(content))
    except (Unreadable, AttributeError, LookupError, TypeError, ValueError):
        return None  # `check_epub` reports what is wrong with it


def _unreadable(name: str, cause: Unreadable) -> Finding:
    return error(Code.UNREADABLE, f"it cannot be read as an EPUB: {cause}", Place(name))


def _extent(book: Book, size: int) -> str:
    """Return the title, the numbers of documents and images, and the size, as a phrase."""
    kinds = [item.get("media-type", "") for item in book.manifest.values()]
    images = sum(kind.startswith("image/") for kind in kinds)
    title = " ".join(book.package.findtext(".//dc:title", "", NS).split())[:60]
    counts = ((len(book.spine), "document"), (images, "image"))
    parts = [f"“{title}”"] if title else []
    parts += [f"{count:,} {kind}{'' if count == 1 else 's'}" for count, kind in counts if count]
    return ", ".join([*parts, f"{size / 1000:,.0f} KB"])
