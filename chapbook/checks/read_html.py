"""Reads a web page back with lxml, as a browser and a search engine would."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from chapbook.checks.markup import tree_of
from chapbook.checks.outline import Outline
from chapbook.checks.outline_builder import outline_parts
from chapbook.checks.pages import marked_places, marked_tops
from chapbook.checks.pictures import describe
from chapbook.checks.reading import Reading, Unreadable
from chapbook.checks.tree import Node
from chapbook.model import vocabulary

if TYPE_CHECKING:
    from lxml.html import HtmlElement

FURNITURE = "data-furniture"
_SKIPPED = (vocabulary.TITLE_BLOCK, vocabulary.LINE_NUMBER)
_REMOTE = re.compile(r"(?:https?:)?//", re.IGNORECASE)


def read_html(content: bytes) -> Reading:
    """Return the outline and the facts of the web page in *content*. Raises Unreadable."""
    from lxml import etree, html

    try:
        page = html.document_fromstring(content.decode("utf-8"))
    except (UnicodeDecodeError, etree.ParserError, ValueError) as error:
        raise Unreadable(f"it is not HTML in UTF-8: {error}") from error
    mains: Any = page.xpath("//main")
    if len(mains) != 1:
        raise Unreadable(f"it has {len(mains)} main elements, not one")
    root = tree_of(mains[0], special) or Node("root")
    root.ids.append("main")
    _load_images(root)
    text, notes = outline_parts(root)
    metas = dict(_metas(page))
    outline = Outline(
        title=_words_of(page, f"//h1[@class='{vocabulary.TITLE}']"),
        subtitle=_words_of(page, f"//*[@class='{vocabulary.SUBTITLE}']"),
        language=page.get("lang", ""),
        direction=page.get("dir", "ltr"),
        metadata=metadata(metas, _title(page)),
        text=text,
        notes=notes,
    )
    return Reading(
        outline,
        _facts(page),
        tuple(_faults(page)),
        metas.get("chapbook.source-sha256", [None])[0],
        tuple(marked_tops(mains)),
        marked_places(mains),
    )


def special(element: Any, node: Node) -> Node | None:
    """Return the node of an element of our pages, such as a note call; None for furniture."""
    role = element.get("role", "")
    if role == "doc-noteref":
        return Node("call", ids=node.ids, attributes=dict(node.attributes))
    if role == "doc-backlink":
        return Node("back", ids=node.ids, attributes=dict(node.attributes))
    if element.get(FURNITURE) is not None or element.get("class") in _SKIPPED:
        return None
    if role in ("doc-footnote", "doc-endnote") or _is_endnote(element):
        node.kind = "note"
    if node.kind == "heading":
        node.attributes["depth"] = str(int(node.get("level")) - 1)
    names = element.get("class", "").split()
    if node.kind == "item" and vocabulary.TASK in names:
        node.attributes["label"] = "done" if vocabulary.DONE in names else "open"
    if node.kind == "item" and vocabulary.INDEX_ENTRY in names:
        node.attributes["label"] = "entry"
    if node.kind == "item" and (value := element.get("value")):
        node.attributes["value"] = value
    return node


def _is_endnote(element: Any) -> bool:
    if not str(element.tag).endswith("li"):
        return False
    section = element.getparent().getparent()
    return section is not None and section.get("role") == "doc-endnotes"


def _load_images(root: Node) -> None:
    for node in root.walk():
        if node.kind == "picture" and node.get("src").startswith("data:"):
            try:
                content = b64decode(node.get("src").partition(",")[2], validate=True)
                describe(node, content, may_be_remade=False)
            except NotBase64 as error:
                raise Unreadable(f"an image in it is not base64: {error}") from error


def _words_of(page: HtmlElement, path: str) -> str:
    nodes: Any = page.xpath(path)
    return " ".join(nodes[0].text_content().split()) if nodes else ""


def _title(page: HtmlElement) -> str:
    return " ".join((page.findtext("head/title") or "").split())


def _metas(page: HtmlElement) -> Iterator[tuple[str, list[str]]]:
    by_name: dict[str, list[str]] = {}
    for meta in page.iter("meta"):
        name = meta.get("name") or meta.get("property")
        if name:
            by_name.setdefault(name, []).append(meta.get("content", ""))
    yield from by_name.items()


_NAMES = {
    "authors": "author",
    "date": "DC.date",
    "identifier": "DC.identifier",
    "keywords": "DC.subject",
    "rights": "DC.rights",
    "publisher": "DC.publisher",
    "language": "DC.language",
    "edition": "chapbook.edition",
}


def metadata(metas: dict[str, list[str]], title: str) -> dict[str, str | tuple[str, ...]]:
    """Return the metadata in the page's head."""
    values: dict[str, str | tuple[str, ...]] = {"title": title}
    for key, name in _NAMES.items():
        if name in metas:
            many = key in ("authors", "keywords")
            values[key] = tuple(metas[name]) if many else metas[name][0]
    return values


def _facts(page: HtmlElement) -> dict[str, Any]:
    return {
        "landmarks": [str(node.tag) for node in page.iter("header", "nav", "main", "footer")],
        "contents": [
            f"{'  ' * (len(list(link.iterancestors('ol'))) - 1)}{link.text_content().strip()}"
            for link in page.xpath("//nav//a")
        ],
        "linked data": _linked_data(page).get("@type"),
    }


def _linked_data(page: HtmlElement) -> dict[str, Any]:
    scripts = page.xpath("//script[@type='application/ld+json']")
    try:
        value = json.loads(scripts[0].text_content()) if scripts else {}
    except json.JSONDecodeError as error:
        raise Unreadable(f"its linked data is not JSON: {error}") from error
    return value if isinstance(value, dict) else {}


def _faults(page: HtmlElement) -> Iterator[str]:
    """Yield what a self-contained, navigable page must not have."""
    ids = [node.get("id") for node in page.iter() if node.get("id")]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"several elements have the id “{name}”"
    for node in page.iter("img", "script", "iframe", "video", "audio", "source", "object", "embed"):
        address = node.get("src") or node.get("data") or ""
        if _REMOTE.match(address.strip()):
            yield f"<{node.tag}> loads {address}"
    for link in page.xpath("//a[starts-with(@href, '#')]"):
        if link.get("href")[1:] not in ids:
            yield f"a link leads to {link.get('href')}, which does not exist"
