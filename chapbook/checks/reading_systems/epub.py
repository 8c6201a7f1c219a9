"""An EPUB opened for the rules: its content documents, and the words around each element."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from chapbook.checks.epub_package import NS, Book
from chapbook.checks.markup import BLOCKS, HEADINGS
from chapbook.checks.reading import Unreadable
from chapbook.checks.reading_systems.fault import Fault, Spot, severe
from chapbook.model.errors import Code

if TYPE_CHECKING:
    from lxml import etree

XHTML = f"{{{NS['h']}}}"
SVG = "{http://www.w3.org/2000/svg}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_TYPE = "{http://www.idpf.org/2007/ops}type"
_UNREAD = frozenset({f"{XHTML}head", f"{XHTML}script", f"{XHTML}style"})
_BLOCKS = frozenset(f"{XHTML}{name}" for name in (*BLOCKS, *HEADINGS))  # separate words
MOST_TEXT_BYTES = 256 * 2**20  # a tree takes ten times as much memory
_VICINITY = 300  # characters on each side: enough for a dozen words


@dataclass(frozen=True)
class ContentDocument:
    """An XHTML document at *path* in the EPUB."""

    path: str
    root: etree._Element

    @cached_property
    def elements(self) -> list[etree._Element]:
        """Every element in the order of the text."""
        return list(self.root.iter("*"))

    @cached_property
    def by_id(self) -> dict[str, etree._Element]:
        """The elements with an id, by id."""
        return {node.get("id", ""): node for node in self.elements if node.get("id")}

    @cached_property
    def _read(self) -> tuple[str, dict[etree._Element, int]]:
        """The text, and the offset of each element in it."""
        parts: list[str] = []
        offsets: dict[etree._Element, int] = {}
        length = 0
        for part in _walk(self.root):
            if isinstance(part, str):
                parts.append(part)
                length += len(part)
            else:
                offsets[part] = length
        return "".join(parts), offsets

    @property
    def text(self) -> str:
        """Its text."""
        return self._read[0]

    def spot(self, element: etree._Element) -> Spot:
        """Return the place of *element*."""
        text, offsets = self._read
        offset = offsets.get(element, 0)
        after = element.get("alt") or text[offset : offset + _VICINITY]
        return Spot(self.path, line_of(element), after, text[max(0, offset - _VICINITY) : offset])


def _walk(root: etree._Element) -> Iterator[str | etree._Element]:
    """Yield the elements as they begin, and the text between them."""
    from lxml import etree

    unread = 0
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start" and isinstance(node.tag, str):
            yield node
            unread += node.tag in _UNREAD
            if not unread:
                yield f"{' ' if node.tag in _BLOCKS else ''}{node.text or ''}"
        else:
            unread -= event == "end" and node.tag in _UNREAD
            if not unread and node.tail:
                yield node.tail


def line_of(element: etree._Element) -> int | None:
    """Return the line of its file on which *element* begins."""
    line: Any = element.sourceline  # its stubs do not know its type
    return line if isinstance(line, int) else None


def types(element: etree._Element) -> list[str]:
    """Return the values of `epub:type` of *element*."""
    return element.get(_TYPE, "").split()


@dataclass(frozen=True)
class Epub:
    """An EPUB: its package, and its documents in reading order that are valid XML."""

    book: Book
    documents: tuple[ContentDocument, ...]
    nav: ContentDocument | None
    faults: tuple[Fault, ...]

    def at(self, href: str, base: str) -> tuple[str, str]:
        """Return the path and the fragment that *href* in the file *base* refers to."""
        from urllib.parse import unquote

        file, _, fragment = href.strip().partition("#")
        return (self.book.path(file, base) if file else base), unquote(fragment)

    @cached_property
    def by_path(self) -> dict[str, ContentDocument]:
        """The documents by their paths."""
        documents = {document.path: document for document in self.documents}
        return documents | ({self.nav.path: self.nav} if self.nav else {})

    @cached_property
    def first_uses(self) -> dict[str, Spot]:
        """The first place of each image in the text, by the image's path."""
        first: dict[str, tuple[ContentDocument, etree._Element]] = {}
        for document in self.documents:
            for element in document.root.iter(f"{XHTML}img", f"{SVG}image"):
                if href := element.get("src") or element.get(_XLINK_HREF):
                    first.setdefault(self.at(href, document.path)[0], (document, element))
        return {path: document.spot(element) for path, (document, element) in first.items()}

    def media_types(self) -> dict[str, str]:
        """Return the media type of each item of the manifest, by its path."""
        return {
            self.book.path(item.get("href", "")): item.get("media-type", "")
            for item in self.book.manifest.values()
        }

    def meta_values(self, name: str) -> list[str]:
        """Return the values of the `meta` elements with this property in the package."""
        return [
            "".join(map(str, meta.itertext())).strip()
            for meta in self.book.package.iterfind(".//opf:meta", NS)
            if meta.get("property") == name
        ]


def opened(book: Book) -> Epub:
    """Return *book* with its documents parsed. Raises Unreadable if its package is broken."""
    paths = [path for path, _ in book.spine]
    nav_path = book.item_path("nav")
    if sum(len(book.files.get(path, b"")) for path in set(paths)) > MOST_TEXT_BYTES:
        raise Unreadable(f"its text has more than {MOST_TEXT_BYTES // 2**20} MB")
    parsed: dict[str, ContentDocument] = {}
    faults = []
    for path in dict.fromkeys([*paths, *([nav_path] if nav_path else [])]):
        try:
            parsed[path] = ContentDocument(path, book.parse(path))
        except Unreadable as cause:
            faults.append(severe(Code.UNREADABLE, str(cause), Spot(path)))
    documents = tuple(parsed[path] for path in dict.fromkeys(paths) if path in parsed)
    return Epub(book, documents, parsed.get(nav_path or ""), tuple(faults))
