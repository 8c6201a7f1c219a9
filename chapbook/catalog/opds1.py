"""OPDS 1.2: the catalog as Atom feeds (specs.opds.io/opds-1.2, RFC 4287, RFC 5005).

The files end in `.atom`, which web servers serve as `application/atom+xml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from chapbook.catalog.tree import WORKS_PER_PAGE, Catalog, Listing, Menu, Page, moment_text, updated
from chapbook.catalog.works import Work

if TYPE_CHECKING:
    from lxml import etree

FEED = "application/atom+xml;profile=opds-catalog"
NAVIGATION = f"{FEED};kind=navigation"
ACQUISITION = f"{FEED};kind=acquisition"
ENTRY = "application/atom+xml;type=entry;profile=opds-catalog"

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/terms/"
_SEARCH = "http://a9.com/-/spec/opensearch/1.1/"
_THREAD = "http://purl.org/syndication/thread/1.0"
_NAMESPACES = {None: _ATOM, "dc": _DC, "opensearch": _SEARCH, "thr": _THREAD}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def feed_path(path: str) -> str:
    """Return the file of the feed for the menu or listing page at *path*.

    The name of the root's file is short, so that people can type it.
    """
    return f"opds/{path}.atom" if path else "opds.atom"


def entry_path(work: Work) -> str:
    """Return the file of *work*'s entry document."""
    return f"{work.folder}/entry.atom"


def feeds(catalog: Catalog) -> Iterator[tuple[str, bytes]]:
    """Yield every feed and entry document of *catalog*: its path and its bytes."""
    for menu in (catalog.root, *catalog.menus):
        yield _Feed(catalog, menu.path).of_menu(menu)
    for listing in catalog.listings:
        for page in listing.pages:
            yield _Feed(catalog, page.path).of_page(page)
    for work in catalog.works:
        yield _Feed(catalog, "", entry_path(work)).of_work(work)


class _Feed:
    """One Atom document under construction."""

    def __init__(self, catalog: Catalog, path: str, file: str = "") -> None:
        self.catalog = catalog
        self.path = path
        self.file = file or feed_path(path)

    def of_menu(self, menu: Menu) -> tuple[str, bytes]:
        """Return the navigation feed of *menu* (2.2)."""
        feed = self._feed(menu, NAVIGATION, updated(menu.works))
        for each in menu.entries:
            entry = _add(feed, "entry")
            self._head(entry, each.title, self._id(each.path), updated(each.works))
            content = self.catalog.words["leads-to"].format(count=each.count)
            _add(entry, "content", content, type="text")
            kind = NAVIGATION if isinstance(each, Menu) else ACQUISITION
            link = self._link(entry, each.rel, feed_path(each.path), kind)
            link.set(f"{{{_THREAD}}}count", str(each.count))
        return self.file, _bytes(feed)

    def of_page(self, page: Page) -> tuple[str, bytes]:
        """Return the acquisition feed of a page of a listing (2.3, 2.4)."""
        feed = self._feed(page.listing, ACQUISITION, updated(page.works))
        for rel, path in page.neighbors.items():
            self._link(feed, rel, feed_path(path), ACQUISITION)
        for name, figure in (
            ("totalResults", page.listing.count),
            ("startIndex", (page.number - 1) * WORKS_PER_PAGE + 1),
            ("itemsPerPage", WORKS_PER_PAGE),
        ):
            _add(feed, f"{{{_SEARCH}}}{name}", str(figure))
        for work in page.works:
            self._entry(_add(feed, "entry"), work)
        return self.file, _bytes(feed)

    def of_work(self, work: Work) -> tuple[str, bytes]:
        """Return the entry document of *work* (5)."""
        entry = self._root("entry")
        self._entry(entry, work)
        if not work.about.authors:  # required in an entry outside a feed (RFC 4287, 4.1.2)
            _add(_add(entry, "author"), "name", self.catalog.title)
        return self.file, _bytes(entry)

    def _feed(self, node: Menu | Listing, kind: str, moment: datetime) -> etree._Element:
        feed = self._root("feed")
        self._head(feed, node.title, self._id(self.path), moment)
        _add(_add(feed, "author"), "name", self.catalog.title)
        self._link(feed, "self", self.file, kind)
        self._link(feed, "start", feed_path(""), NAVIGATION)
        if node.path:
            self._link(feed, "up", feed_path(node.parent), NAVIGATION)
        page = "index.html" if node.path in ("", "new") else f"{node.path}.html"
        self._link(feed, "alternate", page, "text/html")
        return feed

    def _root(self, name: str) -> etree._Element:
        from lxml import etree

        root = etree.Element(f"{{{_ATOM}}}{name}", nsmap=_NAMESPACES)  # type: ignore[arg-type] # the stubs know no default namespace
        root.set(_LANG, self.catalog.lang)
        return root

    def _id(self, path: str) -> str:
        """Return an ID that does not depend on the catalog's place (RFC 4287, 4.2.6)."""
        name = f"chapbook:feed:{self.catalog.base or self.catalog.title}:{path}"
        return uuid5(NAMESPACE_URL, name).urn

    def _head(self, node: etree._Element, title: str, own: str, moment: datetime) -> None:
        _add(node, "title", title)
        _add(node, "id", own)
        _add(node, "updated", moment_text(moment))

    def _link(
        self, node: etree._Element, rel: str, path: str, media_type: str, **more: str
    ) -> etree._Element:
        href = self.catalog.address(path, self.file)
        return _add(node, "link", rel=rel, href=href, type=media_type, **more)

    def _entry(self, entry: etree._Element, work: Work) -> None:
        about = work.about
        if about.lang:
            entry.set(_LANG, about.lang)
        self._head(entry, about.full_title, work.entry_id, about.updated)
        for kind, people in (("author", about.authors), ("contributor", about.contributors)):
            for person in people:
                node = _add(entry, kind)
                _add(node, "name", person.name)
        for subject in about.subjects:
            _add(entry, "category", term=subject, label=subject)
        for name, value in (
            (f"{{{_DC}}}identifier", about.identifier),
            (f"{{{_DC}}}identifier", about.other_name),
            (f"{{{_DC}}}language", about.lang),
            (f"{{{_DC}}}publisher", about.publisher),
            (f"{{{_DC}}}issued", about.date.iso if about.date else None),
            ("rights", about.rights),
            ("summary", about.description),
        ):
            if value:
                _add(entry, name, value)
        self._links(entry, work)

    def _links(self, entry: etree._Element, work: Work) -> None:
        self._link(entry, "alternate", entry_path(work), ENTRY)
        self._link(entry, "alternate", work.page, "text/html")
        self._link(entry, "http://opds-spec.org/image", work.cover, "image/jpeg")
        small = work.thumbnail
        self._link(entry, "http://opds-spec.org/image/thumbnail", small, "image/jpeg")
        for copy in work.copies:
            self._link(
                entry,
                "http://opds-spec.org/acquisition",
                work.copy_path(copy),
                copy.format.media_type,
                title=copy.format.label,
                length=str(copy.size),
            )


def _add(
    parent: etree._Element, name: str, words: str | None = None, /, **attributes: str
) -> etree._Element:
    from lxml import etree

    node = etree.SubElement(parent, name if name.startswith("{") else f"{{{_ATOM}}}{name}")
    node.text = words
    for key, value in attributes.items():
        node.set(key, value)
    return node


def _bytes(root: etree._Element) -> bytes:
    from lxml import etree

    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8") + b"\n"
