"""The XMP metadata of a PDF: one `rdf:RDF` for PDF/A-3a, PDF/UA-1 and Dublin Core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from xml.etree.ElementTree import Element, SubElement, fromstring, register_namespace, tostring

from chapbook.model.metadata import Metadata

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DC = "http://purl.org/dc/elements/1.1/"
_XMP = "http://ns.adobe.com/xap/1.0/"
_XMP_MM = "http://ns.adobe.com/xap/1.0/mm/"
_UA = "http://www.aiim.org/pdfua/ns/id/"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
_NAMESPACES = {
    "dc": _DC,
    "xmp": _XMP,
    "xmpMM": _XMP_MM,
    "pdfuaid": _UA,
    "pdfaExtension": _EXTENSION,
    "pdfaSchema": _SCHEMA,
    "pdfaProperty": _PROPERTY,
}


@dataclass(frozen=True, slots=True)
class Dossier:
    """The metadata of a PDF, its date, and the embedded source files.

    `digest` is that of the manuscript; `sources` are its files by name.
    """

    metadata: Metadata
    moment: datetime
    generator: str
    digest: str
    sources: Mapping[str, bytes]


def xmp(dossier: Dossier) -> Any:
    """WeasyPrint's metadata, with PDF/UA's identification inside the one `rdf:RDF`."""
    from weasyprint.pdf.metadata import DocumentMetadata

    metadata = dossier.metadata

    class Xmp(DocumentMetadata):  # type: ignore[misc]
        def generate_rdf_metadata(self, *arguments: Any) -> bytes:
            for prefix, uri in _NAMESPACES.items():
                register_namespace(prefix, uri)
            rdf = fromstring(super().generate_rdf_metadata(*arguments))
            _describe_work(rdf, metadata)
            _name_source(rdf, dossier.digest)
            _claim_pdf_ua(rdf)
            return cast("bytes", tostring(rdf, encoding="utf-8"))

    moment = dossier.moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return Xmp(
        title=metadata.full_title,
        authors=[person.name for person in metadata.authors],
        description=metadata.abstract,
        keywords=list(metadata.keywords),
        generator=dossier.generator,
        created=moment,
        modified=moment,
        lang=metadata.lang,
    )


def _describe_work(rdf: Element, metadata: Metadata) -> None:
    work = _description(rdf)
    SubElement(work, f"{{{_DC}}}identifier").text = metadata.identifier
    for name, kind, values in (
        (f"{{{_DC}}}language", "Bag", (metadata.lang,)),
        (f"{{{_DC}}}publisher", "Bag", (metadata.publisher,)),
        (f"{{{_DC}}}date", "Seq", (metadata.date.iso if metadata.date else None,)),
        (f"{{{_DC}}}rights", "Alt", (metadata.rights,)),
        (f"{{{_DC}}}subject", "Bag", metadata.keywords),
        (f"{{{_DC}}}contributor", "Bag", [person.name for person in metadata.contributors]),
        (f"{{{_XMP}}}Identifier", "Bag", (metadata.isbn_name,)),
    ):
        _list(work, name, kind, [value for value in values if value])
    if metadata.edition:
        SubElement(work, f"{{{_XMP_MM}}}VersionID").text = metadata.edition


def _name_source(rdf: Element, digest: str) -> None:
    """Write the digest of the manuscript, as in the EPUB, in the form of RFC 6920, 7.

    The manuscript is embedded, but other tools show metadata more easily than attachments.
    """
    SubElement(_description(rdf), f"{{{_DC}}}source").text = f"nih:sha-256;{digest}"


def _claim_pdf_ua(rdf: Element) -> None:
    """Identify PDF/UA-1, and describe its schema, unknown to PDF/A (ISO 19005-3, 6.6.2)."""
    SubElement(_description(rdf), f"{{{_UA}}}part").text = "1"
    schemas = SubElement(_description(rdf), f"{{{_EXTENSION}}}schemas")
    schema = SubElement(SubElement(schemas, f"{{{_RDF}}}Bag"), f"{{{_RDF}}}li")
    schema.set(f"{{{_RDF}}}parseType", "Resource")
    SubElement(schema, f"{{{_SCHEMA}}}schema").text = "PDF/UA identification schema"
    SubElement(schema, f"{{{_SCHEMA}}}namespaceURI").text = _UA
    SubElement(schema, f"{{{_SCHEMA}}}prefix").text = "pdfuaid"
    properties = SubElement(SubElement(schema, f"{{{_SCHEMA}}}property"), f"{{{_RDF}}}Seq")
    part = SubElement(properties, f"{{{_RDF}}}li")
    part.set(f"{{{_RDF}}}parseType", "Resource")
    for name, value in (
        ("name", "part"),
        ("valueType", "Integer"),
        ("category", "internal"),
        ("description", "Indicates, which part of ISO 14289 standard is followed"),
    ):
        SubElement(part, f"{{{_PROPERTY}}}{name}").text = value


def _description(rdf: Element) -> Element:
    return SubElement(rdf, f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": ""})


def _list(parent: Element, name: str, kind: str, values: Sequence[str]) -> None:
    """Add the property *name* with *values* in a container, if there are any."""
    if not values:
        return
    container = SubElement(SubElement(parent, name), f"{{{_RDF}}}{kind}")
    for value in values:
        item = SubElement(container, f"{{{_RDF}}}li")
        item.text = value
        if kind == "Alt":
            item.set("{http://www.w3.org/XML/1998/namespace}lang", "x-default")
