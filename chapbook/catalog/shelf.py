"""The shelf: the catalog as web pages that people can browse, without scripts.

Its addresses are always relative, unlike those of the feeds, so a copy on a disk can be browsed.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from chapbook import __version__
from chapbook.catalog.tree import Catalog, Listing, Page
from chapbook.catalog.works import Copy, Work
from chapbook.design import fonts
from chapbook.design.template_context import written_date
from chapbook.design.templates import Design

FOLDER = "shelf"
_FEW = 3  # a listing with at most this many works shows their descriptions
# The faces of the stylesheet: text, strong text and subtitles; titles have the display face.
_FACES = (
    ("--face-text", 400, "normal"),
    ("--face-text", 600, "normal"),
    ("--face-text", 400, "italic"),
    ("--face-display", 400, "normal"),
)


@dataclass(frozen=True, slots=True)
class Card:
    """A work as the shelf shows it."""

    work: Work
    authors: str
    date: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Door:
    """A link to another part of the shelf."""

    path: str
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A link to a copy of a work on the work's page."""

    href: str
    verb: str
    format: str
    size: str
    is_download: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """A link to the listing of a person or subject."""

    name: str
    href: str


def page_file(path: str) -> str:
    """Return the file for the menu or listing page at *path*. The newest works are the index."""
    return "index.html" if path == "new" else f"{path}.html"


def pages(catalog: Catalog, design: Design) -> Iterator[tuple[str, bytes]]:
    """Yield every page of the shelf, its stylesheet and its faces: path and bytes."""
    for listing in catalog.listings:
        for page in listing.pages:
            yield _of_page(catalog, design, page)
    for menu in catalog.menus:
        yield _fill(catalog, design, "shelf-menu.html", f"{menu.path}.html", menu.path, menu=menu)
    for work in catalog.works:
        yield _of_work(catalog, design, work)
    yield from _style(catalog, design)


def _fill(
    catalog: Catalog, design: Design, template: str, file: str, path: str, **values: object
) -> tuple[str, bytes]:
    entries = catalog.root.entries
    text = design.fill(
        template,
        shelf=catalog,
        words=catalog.words,
        generator=f"Chapbook {__version__}",
        doors=[Door(each.path, each.title, page_file(each.path)) for each in entries],
        path=path,
        current=path.partition("/")[0],
        link=partial(relative, origin=file),
        **values,
    )
    return file, text.encode()


def relative(path: str, origin: str) -> str:
    """Return the address of the file at *path*, relative to the page at *origin*."""
    return quote(posixpath.relpath(path, posixpath.dirname(origin) or "."))


def _of_page(catalog: Catalog, design: Design, page: Page) -> tuple[str, bytes]:
    listing = page.listing
    return _fill(
        catalog,
        design,
        "shelf.html",
        page_file(page.path),
        listing.path,
        page=page,
        is_short=listing.count <= _FEW,
        heading=listing.title,
        count=_count(catalog, listing),
        cards=[_card(catalog, work) for work in page.works],
        neighbors={rel: page_file(path) for rel, path in page.neighbors.items()},
    )


def _count(catalog: Catalog, listing: Listing) -> str:
    if listing.count == 1:
        return catalog.words["works-one"]
    return catalog.words["works-many"].format(count=listing.count)


def _card(catalog: Catalog, work: Work) -> Card:
    about = work.about
    authors = ", ".join(person.name for person in about.authors)
    year = str(about.date.year) if about.date else ""
    return Card(work, authors, year, *catalog.sizes[work.thumbnail])


def _of_work(catalog: Catalog, design: Design, work: Work) -> tuple[str, bytes]:
    width, height = catalog.sizes[work.cover]
    about = work.about
    paths = catalog.paths
    people = [
        Reference(person.name, page_file(paths["authors", person.name])) for person in about.authors
    ]
    subjects = [Reference(each, page_file(paths["subjects", each])) for each in about.subjects]
    return _fill(
        catalog,
        design,
        "shelf-work.html",
        work.page,
        work.page,
        work=work,
        about=about,
        authors=people,
        subjects=subjects,
        copies=[_offer(catalog, work, copy) for copy in work.copies],
        facts=list(_facts(catalog, work)),
        width=width,
        height=height,
    )


def _offer(catalog: Catalog, work: Work, copy: Copy) -> Offer:
    is_text = copy.format.is_text
    verb = catalog.words["read" if is_text else "download"]
    size = human_size(copy.size)
    return Offer(work.copy_path(copy), verb, copy.format.label, size, is_download=not is_text)


def human_size(size: int) -> str:
    """Return *size*, in bytes, in a form for people. It is the same in all languages.

    >>> human_size(166142), human_size(2_340_000)
    ('166 kB', '2.3 MB')
    """
    return f"{max(1, round(size / 1e3))} kB" if size < 999_500 else f"{size / 1e6:.1f} MB"


def _facts(catalog: Catalog, work: Work) -> Iterator[tuple[str, str]]:
    """Yield the facts below the title of a work: a name and a value."""
    about, words = work.about, catalog.words
    values = {
        "contributors": ", ".join(person.name for person in about.contributors),
        "edition": about.edition,
        "date": written_date(about.date, catalog.lang) if about.date else None,
        "language": catalog.language_name(about.lang) if about.lang else None,
        "publisher": about.publisher,
        "rights": about.rights,
        "identifier": f"ISBN {about.isbn}" if about.isbn else about.identifier,
    }
    for name, value in values.items():
        if value:
            yield words[name], value


def _style(catalog: Catalog, design: Design) -> Iterator[tuple[str, bytes]]:
    """Yield the faces and the stylesheet.

    The stylesheet has all rules twice: with the tokens' values for old browsers, then with tokens.
    """
    rules = []
    characters = "".join(_texts(catalog))
    for token, weight, style in _FACES:
        for face in fonts.faces(design.family(token)):
            if (face.weight, face.style) == (weight, style):
                name = f"{face.key}.woff"
                instance = fonts.cut(face, fonts.FURNITURE | frozenset(characters))
                rules.append(instance.font_face(name))
                yield f"{FOLDER}/{name}", instance.woff()
    sheets = (*rules, design.fixed_stylesheet("shelf.css"), design.live_stylesheet("shelf.css"))
    yield f"{FOLDER}/shelf.css", "\n".join(sheets).encode()


def _texts(catalog: Catalog) -> Iterator[str]:
    """Yield all texts of the shelf."""
    yield catalog.title
    yield from catalog.words.values()
    yield from (entry.title for menu in catalog.menus for entry in menu.entries)
    for work in catalog.works:
        yield from (work.about.full_title, work.about.description or "")
        yield from (value for _, value in _facts(catalog, work))
