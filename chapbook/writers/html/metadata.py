"""What the web page says of itself to search engines, citation managers and link previews.

Only what is known is said: without an author there is none in any vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from jinja2.utils import htmlsafe_json_dumps

from chapbook.design.template_context import View, heading_text, shortened, within
from chapbook.model.metadata import Metadata, Person
from chapbook.model.people import orcid_address, role_of
from chapbook.writers.accessibility import SUMMARY, summary_language

LONGEST_DESCRIPTION = 200  # characters; search engines show about 160, previews 200


@dataclass(frozen=True, slots=True)
class Meta:
    """A `meta` element: `key` is the attribute that holds `name`."""

    name: str
    content: str
    key: str = "name"


def metas(view: View) -> tuple[Meta, ...]:
    """The `meta` elements for *view*, vocabulary by vocabulary."""
    about = description(view)
    return (
        *_plain(view, about),
        *_dublin_core(view, about),
        *_citation(view.metadata),
        *_open_graph(view.metadata, about),
    )


def description(view: View) -> str | None:
    """The abstract, or the first words of the text."""
    if view.metadata.abstract:
        return view.metadata.abstract
    for paragraph in view.body.iter("p"):
        if words := heading_text(paragraph):
            return shortened(words[: 2 * LONGEST_DESCRIPTION], within(LONGEST_DESCRIPTION))
    return None


def _plain(view: View, about: str | None) -> Iterator[Meta]:
    metadata, edition = view.metadata, view.edition
    if about:
        yield Meta("description", about)
    for person in metadata.authors:
        yield Meta("author", person.name)
    if metadata.keywords:
        yield Meta("keywords", ", ".join(metadata.keywords))
    yield Meta("generator", view.generator)
    if edition.label:
        yield Meta("chapbook.edition", edition.label)
    if edition.date:
        yield Meta("chapbook.date", edition.date.iso)
    yield Meta("chapbook.source-sha256", edition.source_digest)


def _dublin_core(view: View, about: str | None) -> Iterator[Meta]:
    """DCMI's element set, in the form that Zotero and library crawlers read (DC-HTML, 2008)."""
    metadata = view.metadata
    yield Meta("DC.title", metadata.full_title)
    for person in metadata.authors:
        yield Meta("DC.creator", person.file_as or person.name)
    for person in metadata.contributors:
        yield Meta("DC.contributor", person.file_as or person.name)
    for keyword in metadata.keywords:
        yield Meta("DC.subject", keyword)
    said = {
        "DC.description": about,
        "DC.publisher": metadata.publisher,
        "DC.date": metadata.date.iso if metadata.date else None,
        "DC.type": "Text",
        "DC.format": "text/html",
        "DC.identifier": metadata.identifier,
        "DC.language": metadata.lang,
        "DC.rights": metadata.rights,
    }
    for name, value in said.items():
        if value:
            yield Meta(name, value)
    if metadata.isbn_name:
        yield Meta("DC.identifier", metadata.isbn_name)


def _citation(metadata: Metadata) -> Iterator[Meta]:
    """Highwire Press's tags, as Google Scholar asks for them."""
    yield Meta("citation_title", metadata.full_title)
    for person in metadata.authors:
        yield Meta("citation_author", person.file_as or person.name)
        if person.affiliation:
            yield Meta("citation_author_institution", person.affiliation)
        if person.orcid:
            yield Meta("citation_author_orcid", orcid_address(person.orcid))
    if metadata.date:
        yield Meta("citation_publication_date", metadata.date.iso[:10].replace("-", "/"))
    yield Meta("citation_language", metadata.lang)
    if metadata.publisher:
        yield Meta("citation_publisher", metadata.publisher)
    if metadata.isbn:
        yield Meta("citation_isbn", metadata.isbn)
    for keyword in metadata.keywords:
        yield Meta("citation_keywords", keyword)


def _open_graph(metadata: Metadata, about: str | None) -> Iterator[Meta]:
    """The Open Graph protocol; no image and no address, for a loose file has neither."""
    kind = metadata.documentclass
    date = metadata.date.iso if metadata.date else None
    said = {
        "og:type": kind,
        "og:title": metadata.full_title,
        "og:description": about,
        "og:locale": open_graph_locale(metadata.lang),
        "article:published_time" if kind == "article" else "book:release_date": date,
        "book:isbn": metadata.isbn if kind == "book" else None,
    }
    for name, value in said.items():
        if value:
            yield Meta(name, value, key="property")
    for keyword in metadata.keywords:
        yield Meta(f"{kind}:tag", keyword, key="property")
    yield Meta("twitter:card", "summary")


def open_graph_locale(lang: str) -> str | None:
    """*lang* as Open Graph writes it, which it does only with a territory.

    >>> open_graph_locale("pt-BR")
    'pt_BR'
    >>> open_graph_locale("en") is None
    True
    """
    language, *subtags = lang.split("-")
    territory = next((tag for tag in subtags if re.fullmatch("[A-Z]{2}", tag)), None)
    return f"{language}_{territory}" if territory else None


def linked_data(view: View, access: Iterable[tuple[str, str]] = ()) -> str:
    """The publication in schema.org's words, as JSON-LD that may stand in a `script` element.

    *access* are the `schema:` properties that say for whom the text is accessible.
    """
    metadata = view.metadata
    is_book = metadata.documentclass == "book"
    said: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Book" if is_book else "Article",
        "@id": metadata.identifier if ":" in metadata.identifier else None,
        "identifier": metadata.identifier,
        "name": metadata.full_title,
        "headline": None if is_book else metadata.full_title,
        "alternativeHeadline": metadata.subtitle,
        "inLanguage": metadata.lang,
        "datePublished": metadata.date.iso if metadata.date else None,
        "bookEdition" if is_book else "version": metadata.edition,
        "abstract": metadata.abstract,
        "description": description(view),
        "keywords": list(metadata.keywords),
        "isbn": metadata.isbn if is_book else None,
        "copyrightNotice": metadata.rights,
        "wordCount": None if is_book else view.word_count,
    }
    if metadata.publisher:
        said["publisher"] = {"@type": "Organization", "name": metadata.publisher}
    lang = summary_language(view.words, metadata.lang)
    for name, value in access:
        is_foreign = name == SUMMARY and lang is not None
        told = {"@value": value, "@language": lang} if is_foreign else value
        said.setdefault(name.removeprefix("schema:"), []).append(told)
    for person in (*metadata.authors, *metadata.contributors):
        said.setdefault(role_of(person.role).schema, []).append(_person(person))
    kept = {name: value for name, value in said.items() if value}
    return str(htmlsafe_json_dumps(kept, ensure_ascii=False, indent=1))


def _person(person: Person) -> dict[str, Any]:
    said: dict[str, Any] = {"@type": "Person", "name": person.name}
    if person.orcid:
        said["@id"] = said["sameAs"] = orcid_address(person.orcid)
    if person.affiliation:
        said["affiliation"] = {"@type": "Organization", "name": person.affiliation}
    return said
