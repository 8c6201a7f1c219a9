"""OPDS 2.0: the catalog as JSON (specs.opds.io/opds-2.0, readium.org/webpub-manifest)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from chapbook.catalog.text import is_address
from chapbook.catalog.tree import WORKS_PER_PAGE, Catalog, Listing, Menu, Page, moment_text, updated
from chapbook.catalog.works import About, Work
from chapbook.model.metadata import Person
from chapbook.model.people import role_of

FEED = "application/opds+json"
PUBLICATION = "application/opds-publication+json"

_ACQUIRE = "http://opds-spec.org/acquisition"


def feed_path(path: str) -> str:
    """Return the file of the feed for the menu or listing page at *path*.

    The name of the root's file is short, so that people can type it.
    """
    return f"opds/{path}.json" if path else "opds.json"


def publication_path(work: Work) -> str:
    """Return the file of *work*'s publication document."""
    return f"{work.folder}/publication.json"


def feeds(catalog: Catalog) -> Iterator[tuple[str, bytes]]:
    """Yield every feed and publication document of *catalog*: its path and its bytes."""
    for menu in (catalog.root, *catalog.menus):
        yield _file(feed_path(menu.path), _of_menu(catalog, menu))
    for listing in catalog.listings:
        for page in listing.pages:
            yield _file(feed_path(page.path), _of_page(catalog, page))
    for work in catalog.works:
        path = publication_path(work)
        yield _file(path, _publication(catalog, work, path))


def _file(path: str, content: dict[str, Any]) -> tuple[str, bytes]:
    return path, json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


def _of_menu(catalog: Catalog, menu: Menu) -> dict[str, Any]:
    own = feed_path(menu.path)
    entries = [
        _link(catalog, own, entry.rel, feed_path(entry.path), FEED)
        | {"title": entry.title, "properties": {"numberOfItems": entry.count}}
        for entry in menu.entries
    ]
    return {"metadata": _metadata(menu), "links": _links(catalog, menu, own), "navigation": entries}


def _of_page(catalog: Catalog, page: Page) -> dict[str, Any]:
    own = feed_path(page.path)
    paging = {
        "numberOfItems": page.listing.count,
        "itemsPerPage": WORKS_PER_PAGE,
        "currentPage": page.number,
    }
    neighbors = [
        _link(catalog, own, rel, feed_path(path), FEED) for rel, path in page.neighbors.items()
    ]
    return {
        "metadata": _metadata(page.listing) | paging,
        "links": _links(catalog, page.listing, own) + neighbors,
        "publications": [_publication(catalog, work, own) for work in page.works],
    }


def _metadata(node: Menu | Listing) -> dict[str, Any]:
    return {"title": node.title, "modified": moment_text(updated(node.works))}


def _links(catalog: Catalog, node: Menu | Listing, own: str) -> list[dict[str, Any]]:
    links = [
        _link(catalog, own, "self", own, FEED),
        _link(catalog, own, "start", feed_path(""), FEED),
    ]
    return [*links, _link(catalog, own, "up", feed_path(node.parent), FEED)] if node.path else links


def _link(catalog: Catalog, own: str, rel: str, path: str, media_type: str) -> dict[str, Any]:
    return {"rel": rel, "href": catalog.address(path, own), "type": media_type}


def _publication(catalog: Catalog, work: Work, own: str) -> dict[str, Any]:
    """Return *work* as a publication, for the document at *own* (5.1)."""
    copies = [
        _link(catalog, own, _ACQUIRE, work.copy_path(copy), copy.format.media_type)
        | {"title": copy.format.label}
        for copy in work.copies
    ]
    links = [
        _link(catalog, own, "self", publication_path(work), PUBLICATION),
        _link(catalog, own, "alternate", work.page, "text/html"),
    ]
    return {
        "metadata": dict(_about(catalog, work.about, own)),
        "links": links + copies,
        "images": [_image(catalog, own, path) for path in (work.cover, work.thumbnail)],
    }


def _image(catalog: Catalog, own: str, path: str) -> dict[str, Any]:
    width, height = catalog.sizes[path]
    link = {"href": catalog.address(path, own), "type": "image/jpeg"}
    return {**link, "width": width, "height": height}


def _about(catalog: Catalog, about: About, own: str) -> Iterator[tuple[str, Any]]:
    yield "@type", "http://schema.org/Book"
    yield "title", about.title
    if is_address(about.identifier):
        yield "identifier", about.identifier
    if about.other_name:
        yield "altIdentifier", [about.other_name]
    yield "modified", moment_text(about.updated)
    if about.date:  # a full date, because the schema has no dates without a day
        yield "published", about.date.moment.date().isoformat()
    values = {
        "subtitle": about.subtitle,
        "language": about.lang,
        "publisher": about.publisher,
        "description": about.description,
    }
    yield from ((key, value) for key, value in values.items() if value)
    yield from _people(catalog, about, own)
    if about.subjects:
        yield "subject", list(about.subjects)
    if about.direction == "rtl":
        yield "readingProgression", "rtl"


def _people(catalog: Catalog, about: About, own: str) -> Iterator[tuple[str, Any]]:
    groups: dict[str, list[Person]] = {"author": list(about.authors)}
    for person in about.contributors:
        groups.setdefault(role_of(person.role).opds, []).append(person)
    for key, people in groups.items():
        if people:
            yield key, [dict(_person(catalog, person, own)) for person in people]


def _person(catalog: Catalog, person: Person, own: str) -> Iterable[tuple[str, Any]]:
    yield "name", person.name
    if person.file_as:
        yield "sortAs", person.file_as
    if path := catalog.paths.get(("authors", person.name)):
        link = {"href": catalog.address(feed_path(path), own), "type": FEED}
        yield "links", [link]
