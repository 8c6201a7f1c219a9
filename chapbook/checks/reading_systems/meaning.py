"""Rules about semantics: notes, drawings, contents and direction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chapbook.checks.epub_package import NS
from chapbook.checks.reading_systems import limits
from chapbook.checks.reading_systems.epub import SVG, XHTML, ContentDocument, Epub, types
from chapbook.checks.reading_systems.fault import Fault, Spot, awkward, severe
from chapbook.model.errors import Code, Severity

if TYPE_CHECKING:
    from lxml import etree

_NOTES = frozenset("footnote endnote rearnote note".split())
_NOTE_ROLES = frozenset({"doc-footnote", "doc-endnote"})
_RIGHT_TO_LEFT = frozenset("ar arc ckb dv fa he ks lrc mzn ps sd ug ur yi".split())
_SVG_TYPE = "image/svg+xml"
# Elements of a drawing that show nothing by themselves.
_UNDRAWN = frozenset(f"{SVG}{name}" for name in "svg g image title desc metadata defs".split())


def notes(epub: Epub) -> Iterator[Fault]:
    """Yield note calls that do not pop up, or whose notes have no link back."""
    for document in epub.documents:
        for call in document.root.iter(f"{XHTML}a"):
            if "noteref" in types(call):
                yield from _faults_of_call(epub, document, call)
            elif call.get("role") == "doc-noteref":
                message = "this call of a note lacks epub:type “noteref”: it does not pop up"
                yield awkward(Code.NOTE_SEMANTICS, f"{message} (Kobo)", document.spot(call))


def _faults_of_call(epub: Epub, document: ContentDocument, call: etree._Element) -> Iterator[Fault]:
    path, fragment = epub.at(call.get("href", ""), document.path)
    holder = epub.by_path.get(path)
    note = holder.by_id.get(fragment) if holder else None
    spot = document.spot(call)
    if holder is None or note is None:
        message = f"the call of a note leads to {path}#{fragment}, which does not exist"
        yield severe(Code.NOTE_SEMANTICS, message, spot)
        return
    if not (set(types(note)) & _NOTES or note.get("role") in _NOTE_ROLES):
        message = "the note called here is not marked as one (epub:type “footnote”): it does not"
        yield awkward(Code.NOTE_SEMANTICS, f"{message} pop up (Kobo)", spot)
    back = (link.get("href", "") for link in note.iter(f"{XHTML}a"))
    if not any(epub.at(href, holder.path)[0] == document.path for href in back if href):
        yield awkward(Code.NOTE_SEMANTICS, "no link leads back from the note called here", spot)


def svg_fallback(epub: Epub) -> Iterator[Fault]:
    """Yield drawings without a raster image for readers that do not show drawings."""
    kinds = epub.media_types()
    replaced = {
        epub.book.path(item.get("href", ""))
        for item in epub.book.manifest.values()
        if item.get("fallback")
    }
    for document in epub.documents:
        for element in document.elements:
            address = element.get("src") or element.get("data") or ""
            path = epub.at(address, document.path)[0] if address else ""
            is_file = kinds.get(path) == _SVG_TYPE and path not in replaced
            is_drawn = element.tag == f"{SVG}svg" and _draws(element)
            # An image within an object is shown if the object is not.
            if is_drawn or (is_file and element.find(f".//{XHTML}img") is None):
                message = "older Kindles do not show this drawing; give a PNG or JPEG in its stead"
                yield awkward(Code.SVG_FALLBACK, message, document.spot(element))


def _draws(drawing: etree._Element) -> bool:
    """Return whether it is more than a frame around a raster image, as for a cover."""
    parent = drawing.getparent()
    is_outermost = parent is None or not str(parent.tag).startswith(SVG)
    return is_outermost and any(node.tag not in _UNDRAWN for node in drawing.iter("*"))


def alternative_texts(epub: Epub) -> Iterator[Fault]:
    """Yield images without alternative text (an empty one means decoration)."""
    for document in epub.documents:
        for image in document.root.iter(f"{XHTML}img"):
            if image.get("alt") is None and image.get("role") not in ("presentation", "none"):
                message = f"the image {image.get('src', '')[:80]} has no alternative text"
                yield awkward(Code.ALT_MISSING, message, document.spot(image))


def contents_depth(epub: Epub) -> Iterator[Fault]:
    """Yield a fault if the NCX is deeper than some readers show."""
    most = limits.CONTENTS_DEPTH
    for item in epub.book.manifest.values():
        if item.get("media-type") == "application/x-dtbncx+xml":
            path = epub.book.path(item.get("href", ""))
            point = f"{{{NS['ncx']}}}navPoint"
            depths = [
                1 + sum(1 for _ in node.iterancestors(point))
                for node in epub.book.parse(path).iter(point)
            ]
            if max(depths, default=0) > most.figure:
                message = f"the contents are {max(depths)} levels deep; Kindle shows {most.figure}"
                yield Fault(Code.CONTENTS_DEPTH, Severity.NOTE, f"{message} ({most})", Spot(path))


def page_progression(epub: Epub) -> Iterator[Fault]:
    """Yield a fault if a book from right to left turns its pages the other way."""
    language = epub.book.package.findtext(".//dc:language", "", NS).strip()
    spine = epub.book.package.find("opf:spine", NS)
    direction = "" if spine is None else spine.get("page-progression-direction", "")
    if language.partition("-")[0].lower() in _RIGHT_TO_LEFT and direction != "rtl":
        message = f"the text is {language}; its pages turn from left to right"
        message += " (page-progression-direction)"
        yield awkward(Code.PAGE_PROGRESSION, message, Spot(epub.book.package_path))
