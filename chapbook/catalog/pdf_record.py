"""The metadata of a PDF, from its XMP packet or its information dictionary."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chapbook.catalog import text
from chapbook.catalog.works import About
from chapbook.checks.reading import Unreadable
from chapbook.model.metadata import Person
from chapbook.pdf.file import open_pdf

if TYPE_CHECKING:
    from lxml import etree

_LARGEST_XMP = 4 * 2**20  # bytes
_NS = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
}


def about_pdf(path: Path) -> About | None:
    """Return the metadata of the PDF at *path*. Raises Unreadable."""
    with _opened(path) as pdf:
        graph = _graph(pdf)
        if graph is None or not _values(graph, "dc:title"):
            return _from_information(pdf)
        return About(
            title=text.line(_values(graph, "dc:title")[0]),
            identifier=text.identifier(next(iter(_values(graph, "dc:identifier")), "")),
            lang=text.language(str(pdf.Root.get("/Lang", ""))),
            authors=tuple(map(Person, text.lines(_values(graph, "dc:creator")))),
            contributors=tuple(
                Person(name, "ctb") for name in text.lines(_values(graph, "dc:contributor"))
            ),
            subjects=text.lines(_values(graph, "dc:subject")),
            description=text.passage(next(iter(_values(graph, "dc:description")), None)),
            publisher=next(iter(text.lines(_values(graph, "dc:publisher"))), None),
            rights=next(iter(text.lines(_values(graph, "dc:rights"))), None),
            isbn=text.isbn(_values(graph, "xmp:Identifier")),
            date=text.first_date(_values(graph, "dc:date")),
            edition=next(iter(text.lines(_values(graph, "xmpMM:VersionID"))), None),
        )


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import pikepdf

    try:
        with open_pdf(path) as pdf:
            yield pdf
    except pikepdf.PasswordError as error:
        raise Unreadable("it asks for a password") from error
    except pikepdf.PikepdfError as error:
        raise Unreadable(f"it is not a valid PDF: {text.line(str(error), 120)}") from error


def _graph(pdf: Any) -> etree._Element | None:
    from lxml import etree

    packet = pdf.Root.get("/Metadata")
    if packet is None:
        return None
    content = packet.read_bytes().strip()
    if len(content) > _LARGEST_XMP:
        raise Unreadable(f"its metadata are larger than {_LARGEST_XMP // 2**20} MB")
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return None
    return root if root.tag == f"{{{_NS['rdf']}}}RDF" else root.find(".//rdf:RDF", _NS)


def _values(graph: etree._Element, name: str) -> list[str]:
    """Return the values of the property *name* in order. They are elements or an attribute."""
    prefix, _, local = name.partition(":")
    for node in graph.iterfind(f"*/{name}", _NS):
        items = node.findall(".//rdf:li", _NS)
        return [item.text or "" for item in items or [node]]
    for description in graph.iterfind("rdf:Description", _NS):
        if value := description.get(f"{{{_NS[prefix]}}}{local}"):
            return [value]
    return []


def _from_information(pdf: Any) -> About | None:
    information = {str(key): str(value) for key, value in pdf.trailer.get("/Info", {}).items()}
    title = text.line(information.get("/Title"))
    if not title:
        return None
    return About(
        title=title,
        identifier="",
        lang=text.language(str(pdf.Root.get("/Lang", ""))),
        authors=tuple(map(Person, text.lines([information.get("/Author")]))),
    )
