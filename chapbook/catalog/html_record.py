"""The metadata of a web page: Dublin Core in its head (DC-HTML, 2008).

A page without an identifier is not a publication.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from chapbook.catalog import text
from chapbook.catalog.works import About
from chapbook.checks.reading import Unreadable
from chapbook.model.metadata import Person

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LARGEST = 64 * 2**20  # bytes


def about_html(path: Path) -> About | None:
    """Return the metadata of the page at *path*, or None if it is no publication.

    Raises Unreadable.
    """
    from lxml import etree, html

    with path.open("rb") as stream:
        content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise Unreadable(f"it is larger than {_LARGEST // 2**20} MB")
    try:
        page = html.document_fromstring(content.decode("utf-8"))
    except (UnicodeDecodeError, etree.ParserError, ValueError) as error:
        raise Unreadable(f"it is not HTML in UTF-8: {error}") from error
    metas = _metas(page)
    first = {name: text.line(values[0]) or None for name, values in metas.items()}
    named = first.get("dc.identifier")
    title = first.get("dc.title") or text.line(page.findtext("head/title"))
    if not named or not title:
        return None
    return About(
        title=title,
        identifier=text.identifier(named),
        lang=text.language(first.get("dc.language") or page.get("lang")),
        direction="rtl" if page.get("dir") == "rtl" else "ltr",
        authors=tuple(map(Person, text.lines(metas.get("author", metas.get("dc.creator", []))))),
        contributors=tuple(
            Person(name, "ctb") for name in text.lines(metas.get("dc.contributor", []))
        ),
        subjects=text.lines(metas.get("dc.subject", [])),
        description=text.passage(next(iter(metas.get("dc.description", [])), None)),
        publisher=first.get("dc.publisher"),
        rights=first.get("dc.rights"),
        isbn=text.isbn(metas["dc.identifier"]),
        date=text.first_date(metas.get("dc.date", [])),
        edition=first.get("chapbook.edition"),
    )


def _metas(page: HtmlElement) -> dict[str, list[str]]:
    """Return the contents of the page's `meta` elements by their names in lower case."""
    metas: dict[str, list[str]] = {}
    for meta in page.iterfind(".//head/meta"):
        metas.setdefault(meta.get("name", "").lower(), []).append(meta.get("content", ""))
    return metas
