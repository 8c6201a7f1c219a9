"""Rules about printed pages in an EPUB: its markers, its page list, and their source.

EPUB Accessibility 1.1, 4.3: a page list links to every marker, in the order of the text, and the
source of the pagination is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from chapbook.checks.epub_package import NS
from chapbook.checks.reading_systems.epub import XHTML, ContentDocument, Epub, line_of, types
from chapbook.checks.reading_systems.fault import Fault, Spot, awkward, severe
from chapbook.model.errors import Code

if TYPE_CHECKING:
    from lxml import etree


class Marker(NamedTuple):
    """A page break in the text, or an entry of the page list: its label, and its place."""

    label: str
    target: tuple[str, str]  # the document's path and the id in it
    spot: Spot


def page_list(epub: Epub) -> Iterator[Fault]:
    """Yield the differences between the markers and the page list."""
    markers = list(_markers(epub))
    listed = list(_listed(epub))
    if not markers and not listed:
        return
    if not listed:
        message = f"{len(markers)} page breaks are marked, and no page list leads to them"
        yield awkward(Code.PAGE_LIST, message, markers[0].spot)
        return
    by_target = {marker.target: marker for marker in markers}
    yield from _faults_of_markers(markers, {entry.target for entry in listed})
    yield from _faults_of_entries(epub, listed, by_target)
    yield from _out_of_order(listed, [marker.target for marker in markers])
    yield from _ncx_differs(epub, listed)
    if not _has_source(epub):
        message = "the page list does not say which printed edition its pages are of"
        yield awkward(Code.PAGE_LIST, f"{message} (pageBreakSource)", Spot(epub.book.package_path))


def _markers(epub: Epub) -> Iterator[Marker]:
    for document in epub.documents:
        for element in document.elements:
            if "pagebreak" in types(element) or element.get("role") == "doc-pagebreak":
                label = element.get("aria-label") or element.get("title") or _text(element)
                target = (document.path, element.get("id", ""))
                yield Marker(label.strip(), target, document.spot(element))


def _listed(epub: Epub) -> Iterator[Marker]:
    if epub.nav is None:
        return
    for nav in epub.nav.root.iter(f"{XHTML}nav"):
        if "page-list" in types(nav):
            for link in nav.iter(f"{XHTML}a"):
                target = epub.at(link.get("href", ""), epub.nav.path)
                yield Marker(_text(link), target, _line(epub.nav, link))


def _line(document: ContentDocument, element: etree._Element) -> Spot:
    """Return a place in a page list, whose words are not in the manuscript."""
    return Spot(document.path, line_of(element))


def _text(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def _faults_of_markers(markers: list[Marker], targets: set[tuple[str, str]]) -> Iterator[Fault]:
    for marker in markers:
        if not marker.label:
            message = "a page break has no label: it says no page number (aria-label)"
            yield severe(Code.PAGE_LIST, message, marker.spot)
        if marker.target not in targets:
            message = f"the page list does not lead to the page break “{marker.label}”"
            yield severe(Code.PAGE_LIST, message, marker.spot)


def _faults_of_entries(
    epub: Epub, listed: list[Marker], by_target: Mapping[tuple[str, str], Marker]
) -> Iterator[Fault]:
    seen: set[str] = set()
    marked = {target[0] for target in by_target}
    for entry in listed:
        path, fragment = entry.target
        marker = by_target.get(entry.target)
        document = epub.by_path.get(path)
        message = ""
        if document is None or (fragment and fragment not in document.by_id):
            message = f"leads to {path}{'#' if fragment else ''}{fragment}, which does not exist"
        elif marker is None and path in marked:
            message = f"leads to {path}#{fragment}, which is not a page break"
        elif marker is not None and marker.label != entry.label:
            message = f"leads to the page break “{marker.label}”"
        if message:
            yield severe(Code.PAGE_LIST, f"the page list's “{entry.label}” {message}", entry.spot)
        if entry.label in seen:
            message = f"the page list names page “{entry.label}” twice"
            yield severe(Code.PAGE_LIST, message, entry.spot)
        seen.add(entry.label)


def _out_of_order(listed: list[Marker], targets: list[tuple[str, str]]) -> Iterator[Fault]:
    order = {target: number for number, target in enumerate(targets)}
    last = -1
    for entry in listed:
        number = order.get(entry.target, last)
        if number < last:
            message = f"the page list's “{entry.label}” comes after a later page"
            yield severe(Code.PAGE_LIST, message, entry.spot)
            return
        last = number


def _ncx_differs(epub: Epub, listed: list[Marker]) -> Iterator[Fault]:
    """Yield a fault if the NCX has other pages than the page list."""
    for item in epub.book.manifest.values():
        if item.get("media-type") != "application/x-dtbncx+xml":
            continue
        path = epub.book.path(item.get("href", ""))
        targets = epub.book.parse(path).findall(".//ncx:pageTarget", NS)
        pages = [(_label(target), epub.at(_source(target), path)) for target in targets]
        if pages and pages != [(entry.label, entry.target) for entry in listed]:
            message = "the pages of the NCX are not those of the page list"
            yield awkward(Code.PAGE_LIST, message, Spot(path, line_of(targets[0])))


def _label(target: etree._Element) -> str:
    label = target.find("ncx:navLabel", NS)
    return "" if label is None else _text(label)


def _source(target: etree._Element) -> str:
    content = target.find("ncx:content", NS)
    return "" if content is None else content.get("src", "")


def _has_source(epub: Epub) -> bool:
    named = ("pageBreakSource", "a11y:pageBreakSource", "schema:pageBreakSource")
    return any(epub.meta_values(name) for name in named) or "pagination" in epub.meta_values(
        "source-of"
    )
