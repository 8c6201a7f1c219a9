"""Reads an EPUB back with zipfile and lxml, the way a reading system does.

Container, package, spine, and the documents in its order; navigation document and NCX.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from chapbook.checks.epub_package import NS, Book, open_book
from chapbook.checks.markup import tree_of
from chapbook.checks.outline import Outline
from chapbook.checks.outline_builder import outline_parts
from chapbook.checks.pages import marked_places, marked_tops
from chapbook.checks.pictures import describe
from chapbook.checks.read_html import special
from chapbook.checks.reading import Reading, Unreadable
from chapbook.checks.rejoined_documents import CONTINUED, rejoined
from chapbook.checks.tree import Node
from chapbook.model import vocabulary

if TYPE_CHECKING:
    from lxml import etree

_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_OL = f"{{{NS['h']}}}ol"
_POINT = f"{{{NS['ncx']}}}navPoint"


def read_epub(content: bytes) -> Reading:
    """Return the outline and the facts of the EPUB in *content*. Raises Unreadable."""
    book = open_book(content)
    pages = [
        page
        for path, is_linear in book.spine
        if is_linear and (page := _page(book, path)) is not None
    ]
    root = Node("root", list(rejoined(pages)))
    text, notes = outline_parts(root)
    title, subtitle = _title_block(book)
    metadata = _metadata(book)
    outline = Outline(
        title=title,
        subtitle=subtitle,
        language=str(metadata.get("language", "")),
        direction=book.package.get("dir", "ltr"),
        metadata=metadata,
        text=text,
        notes=notes,
    )
    return Reading(
        outline,
        _facts(book),
        tuple(_faults(book, root)),
        source_digest(book),
        tuple(marked_tops(book.parse(path) for path, _ in book.spine)),
        marked_places(book.parse(path) for path, _ in book.spine),
    )


# The text --------------------------------------------------------------------------------------


def _types(element: etree._Element | None) -> list[str]:
    return [] if element is None else element.get(_EPUB_TYPE, "").split()


def _page(book: Book, path: str) -> Node | None:
    """Return the tree of a document, with ids unique in the book; None for furniture."""
    body = book.parse(path).find("h:body", NS)
    if body is None:
        raise Unreadable(f"{path} has no body")
    if path == book.item_path("nav") or {"cover", "titlepage"} & {
        name for node in (body, *body) for name in _types(node)
    }:
        return None
    page = tree_of(body, _special)
    if page is None:
        return None
    page.ids.append("")
    for node in page.walk():
        node.ids = [f"{path}#{name}" if name else path for name in node.ids]
        target = node.get("target")
        if target and not re.match(r"[a-z][a-z0-9+.-]*:", target, re.IGNORECASE):
            file, _, fragment = target.partition("#")
            leads_to = book.path(file, path) if file else path
            node.attributes["target"] = f"#{leads_to}#{fragment}" if fragment else f"#{leads_to}"
        if node.kind == "picture" and node.get("src"):
            content = book.files.get(book.path(node.get("src"), path))
            if content is not None:
                describe(node, content, may_be_remade=False)
    return page


def _special(element: Any, node: Node) -> Node | None:
    changed = special(element, node)
    if changed is not None and vocabulary.CONTINUED in element.get("class", "").split():
        changed.attributes[CONTINUED] = CONTINUED
    return changed


def _title_block(book: Book) -> tuple[str, str]:
    """Return title and subtitle as the first document with them shows them."""
    for path, _ in book.spine:
        root = book.parse(path)
        for block in root.iterfind(f".//h:header[@class='{vocabulary.TITLE_BLOCK}']", NS):
            return _text(block.find("h:h1", NS)), _text(
                block.find(f"h:p[@class='{vocabulary.SUBTITLE}']", NS)
            )
    return "", ""


def _text(node: etree._Element | None) -> str:
    return "" if node is None else " ".join("".join(map(str, node.itertext())).split())


# The package -----------------------------------------------------------------------------------


def _metadata(book: Book) -> dict[str, str | tuple[str, ...]]:
    metadata: dict[str, str | tuple[str, ...]] = {}
    for key, name, many in (
        ("title", "title", False),
        ("authors", "creator", True),
        ("date", "date", False),
        ("identifier", "identifier", False),
        ("keywords", "subject", True),
        ("rights", "rights", False),
        ("publisher", "publisher", False),
        ("language", "language", False),
    ):
        values = tuple(_text(node) for node in book.package.iterfind(f".//dc:{name}", NS))
        if values:
            metadata[key] = values if many else values[0]
    titles = [_text(node) for node in book.package.iterfind(".//dc:title", NS)]
    if len(titles) > 1:  # title and subtitle, each an element (EPUB 3.3, 5.5.3.2)
        metadata["title"] = ": ".join(titles[:2])
    if edition := _meta(book, "schema:bookEdition") or _meta(book, "schema:version"):
        metadata["edition"] = edition
    return metadata


def _meta(book: Book, name: str) -> str | None:
    for meta in book.package.iterfind(".//opf:meta", NS):
        if meta.get("property") == name:
            return _text(meta)
    return None


def source_digest(book: Book) -> str | None:
    """Return the digest in `dcterms:source`, in the form of RFC 6920."""
    match = re.search(r"sha-256;([0-9a-f]{64})", _meta(book, "dcterms:source") or "")
    return match[1] if match else None


def _facts(book: Book) -> dict[str, Any]:
    nav = book.item_path("nav")
    if nav is None:
        raise Unreadable("it has no navigation document")
    navs = {
        kind: node for node in book.parse(nav).iterfind(".//h:nav", NS) for kind in _types(node)
    }
    return {
        "spine": [
            f"{posixpath.basename(path)}{'' if linear else ' (aside)'}"
            for path, linear in book.spine
        ],
        "nav": _contents(navs.get("toc")),
        "landmarks": [" ".join(_types(link)) for link in _links(navs.get("landmarks"))],
        "ncx": _ncx(book),
        "properties": sorted(
            {meta.get("property", "") for meta in book.package.iterfind(".//opf:meta", NS)} - {""}
        ),
    }


def _links(nav: etree._Element | None) -> list[etree._Element]:
    return [] if nav is None else list(nav.iterfind(".//h:a", NS))


def _contents(nav: etree._Element | None) -> list[str]:
    return [
        f"{'  ' * (len(list(link.iterancestors(_OL))) - 1)}{_text(link)}" for link in _links(nav)
    ]


def _ncx(book: Book) -> list[str]:
    for item in book.manifest.values():
        if item.get("media-type") == "application/x-dtbncx+xml":
            root = book.parse(book.path(item.get("href", "")))
            return [
                f"{'  ' * len(list(point.iterancestors(_POINT)))}"
                f"{_text(point.find('ncx:navLabel', NS))}"
                for point in root.iterfind(".//ncx:navPoint", NS)
            ]
    return []


# Faults ----------------------------------------------------------------------------------------


def _faults(book: Book, root: Node) -> Iterator[str]:
    if not book.begins_as_epub:
        yield "it does not begin with an EPUB's mimetype"
    listed = {book.path(item.get("href", "")) for item in book.manifest.values()}
    present = {name for name in book.files if not name.startswith("META-INF/")}
    present -= {"mimetype", book.package_path}
    for name in sorted(listed - present):
        yield f"the manifest names {name}, which is not in the file"
    for name in sorted(present - listed):
        yield f"{name} is in the file and not in the manifest"
    language = book.package.get(_XML_LANG, "")
    for path, _ in book.spine:
        page = book.parse(path)
        if page.get(_XML_LANG) != language or page.get("lang") != language:
            yield f"{path} has the language “{page.get('lang', '')}”, the package “{language}”"
        if not _text(page.find("h:head/h:title", NS)):
            yield f"{path} has no title"
    names = {f"#{name}" for node in root.walk() for name in node.ids}
    for node in root.walk():
        if node.get("target").startswith("#") and node.get("target") not in names:
            yield f"a link leads to {node.get('target')[1:]}, which does not exist"
    yield from _faults_of_nav(book)


def _faults_of_nav(book: Book) -> Iterator[str]:
    nav = book.item_path("nav")
    if nav is None:
        return
    ids: dict[str, set[str | None]] = {}
    for link in book.parse(nav).iterfind(".//h:nav//h:a", NS):
        file, _, fragment = link.get("href", "").partition("#")
        path = book.path(file, nav) if file else nav
        if path not in book.files:
            yield f"the contents lead to {path}, which is not in the file"
            continue
        if path not in ids:
            ids[path] = {node.get("id") for node in book.parse(path).iter()}
        if fragment and unquote(fragment) not in ids[path]:
            yield f"the contents lead to {path}#{fragment}, which does not exist"
