"""The one `Metadata` as an EPUB package says it: Dublin Core, and `meta` where that has no word.

- The edition's label is `schema:bookEdition`, and `schema:version`, where any work's is looked for;
  EPUB has no word for it (3.3, appendix D.1.5 reserves the prefix).
- The manuscript's digest is `dcterms:source`, for it names what this book was made from, written
  as RFC 6920, 7 writes digests for people: `nih:sha-256;` and hexadecimal digits.
- What the page list counts is `dc:source` with `source-of` (EPUB 3.3, appendix D.3), and, for those
  who read EPUB 3.4 already, `pageBreakSource`, which replaces it.
- A person's ORCID iD and affiliation refine the person, as schema.org's `identifier` and
  `affiliation`.

What the author did not say is not said here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from chapbook.design.template_context import View
from chapbook.model.document import Publication
from chapbook.model.metadata import Metadata, Person
from chapbook.model.people import orcid_address
from chapbook.writers.accessibility import SUMMARY, discovery, summary_language
from chapbook.writers.epub.ebooklib_adapter import Statement


def statements(
    publication: Publication, view: View, pagination: str | None = None
) -> tuple[Statement, ...]:
    """Everything the package says of the publication, but the identifier it is known by.

    *pagination* names the printed edition whose pages are listed.
    """
    return tuple(_statements(publication, view, pagination))


def _statements(
    publication: Publication, view: View, pagination: str | None
) -> Iterator[Statement]:
    metadata = publication.metadata
    if metadata.isbn_name and metadata.isbn_name != metadata.identifier:
        yield Statement("identifier", metadata.isbn_name)
    yield from _titles(metadata)
    yield Statement("language", metadata.lang)
    for number, person in enumerate(metadata.authors, 1):
        yield from _person("creator", number, person)
    for number, person in enumerate(metadata.contributors, 1):
        yield from _person("contributor", number, person)
    for name, value in (
        ("date", metadata.date.iso if metadata.date else None),
        ("publisher", metadata.publisher),
        ("description", metadata.abstract),
        ("rights", metadata.rights),
    ):
        if value:
            yield Statement(name, value)
    for keyword in metadata.keywords:
        yield Statement("subject", keyword)
    for name, value in (
        ("schema:bookEdition", metadata.edition),
        ("schema:version", metadata.edition),
        ("dcterms:source", f"nih:sha-256;{publication.edition.source_digest}"),
    ):
        if value:
            yield _meta(name, value)
    yield from _pagination(pagination)
    yield from _accessibility(publication, view)
    # EPUB 2's way to say which image is the cover: calibre, Kindle and old Kobos look here.
    yield Statement("meta", "", (("name", "cover"), ("content", "cover-image")))
    yield Statement("meta", "", (("name", "generator"), ("content", view.generator)))


def _pagination(source: str | None) -> Iterator[Statement]:
    if source is None:
        return
    yield Statement("source", source, (("id", "pagination"),))
    yield _meta("source-of", "pagination", "pagination")
    yield _meta("pageBreakSource", source)


def _accessibility(publication: Publication, view: View) -> Iterator[Statement]:
    """What is derived; and, where people have evaluated the work, what they found."""
    for name, value in discovery(publication.document, view.words):
        statement = _meta(name, value)
        if name == SUMMARY and (lang := summary_language(view.words, view.metadata.lang)):
            attributes = (*statement.attributes, ("xml:lang", lang))
            statement = replace(statement, attributes=attributes)
        yield statement
    evaluation = publication.metadata.evaluation
    if evaluation is None:
        return
    conformance, certifier = (("id", "conformance"),), (("id", "certifier"),)
    said = _meta("dcterms:conformsTo", evaluation.conforms_to)
    yield replace(said, attributes=(*conformance, *said.attributes))
    said = _meta("a11y:certifiedBy", evaluation.certified_by, "conformance")
    yield replace(said, attributes=(*certifier, *said.attributes))
    if evaluation.credential:
        yield _meta("a11y:certifierCredential", evaluation.credential, "certifier")
    if evaluation.report:
        link = (("rel", "a11y:certifierReport"), ("refines", "#certifier"))
        yield Statement("link", "", (*link, ("href", evaluation.report)))


def _titles(metadata: Metadata) -> Iterator[Statement]:
    """The title first: many readers show the first `dc:title` alone."""
    yield Statement("title", metadata.title, (("id", "main-title"),))
    if metadata.subtitle:
        yield _meta("title-type", "main", "main-title")
        yield _meta("display-seq", "1", "main-title")
        yield Statement("title", metadata.subtitle, (("id", "sub-title"),))
        yield _meta("title-type", "subtitle", "sub-title")
        yield _meta("display-seq", "2", "sub-title")


def _person(name: str, number: int, person: Person) -> Iterator[Statement]:
    own = f"{name}-{number}"
    yield Statement(name, person.name, (("id", own),))
    yield _meta("role", person.role, own, scheme="marc:relators")
    if person.file_as:
        yield _meta("file-as", person.file_as, own)
    if person.orcid:
        yield _meta("schema:identifier", orcid_address(person.orcid), own)
    if person.affiliation:
        yield _meta("schema:affiliation", person.affiliation, own)
    yield _meta("display-seq", str(number), own)


def _meta(name: str, value: str, refines: str = "", scheme: str = "") -> Statement:
    attributes = [("property", name)]
    if refines:
        attributes.insert(0, ("refines", f"#{refines}"))
    if scheme:
        attributes.append(("scheme", scheme))
    return Statement("meta", value, tuple(attributes))
