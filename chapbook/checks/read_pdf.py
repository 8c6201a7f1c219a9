"""Reads a PDF back with pikepdf, through its structure tree, as assistive technology does."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from unicodedata import normalize

from chapbook.checks.outline import Outline
from chapbook.checks.outline_builder import outline_parts
from chapbook.checks.pages import printed_tops
from chapbook.checks.pdf_links import destinations, settle_links
from chapbook.checks.pdf_tree import Structure, read_structure
from chapbook.checks.reading import Reading, Unreadable
from chapbook.checks.tree import Node
from chapbook.pdf.file import open_pdf

_NS = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
}
_MM_PER_PT = 25.4 / 72


def read_pdf(content: bytes) -> Reading:
    """Return the outline and the facts of the PDF in *content*. Raises Unreadable."""
    import pikepdf

    try:
        with open_pdf(io.BytesIO(content)) as pdf:
            if "/StructTreeRoot" not in pdf.Root:
                raise Unreadable("it is not tagged")
            reading, pages = _read(pdf)
    except pikepdf.PikepdfError as error:
        raise Unreadable(f"it is not a PDF: {error}") from error
    return replace(reading, pages=printed_tops(content, pages))


def _read(pdf: Any) -> tuple[Reading, set[int]]:
    """Return the reading, and the pages, from 0, with title, text or notes."""
    structure = read_structure(pdf)
    folios = [str(page.label) for page in pdf.pages]
    spots = destinations(pdf)
    settle_links(structure, spots, folios)
    root = structure.text
    root.children += structure.notes
    text, notes = outline_parts(root)
    metadata = _metadata(pdf)
    title, subtitle = _title_block(structure.title, str(metadata.get("title", "")))
    outline = Outline(
        title=title,
        subtitle=subtitle,
        language=str(pdf.Root.get("/Lang", "")),
        direction="",
        metadata=metadata,
        text=text,
        notes=notes,
    )
    facts = _facts(pdf, structure)
    reading = Reading(
        outline,
        facts,
        tuple(_faults(pdf, facts, structure)),
        _source_digest(pdf),
        places={name: folios[spot.page] for name, spot in spots.items()},
        is_paged=True,
    )
    return reading, structure.pages


def _title_block(block: Node, full_title: str) -> tuple[str, str]:
    """Return the title, and the paragraph after it if it is the subtitle in the metadata."""
    nodes, full = list(block.walk()), normalize("NFKC", full_title)  # x² is x2 on the page
    headings = [node for node in nodes if node.kind == "heading"]
    title = headings[0].words() if headings else ""
    for node in nodes:
        words = node.words()
        if node.kind == "block" and words and full.endswith(normalize("NFKC", f": {words}")):
            return title, words
    return title, ""


# Metadata and facts ----------------------------------------------------------------------------


def _xmp(pdf: Any) -> Any:
    from lxml import etree

    if "/Metadata" not in pdf.Root:
        raise Unreadable("it has no metadata")
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        packet = etree.fromstring(pdf.Root.Metadata.read_bytes().strip(), parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"its metadata are no XML: {error.msg}") from error
    graph = packet if packet.tag == f"{{{_NS['rdf']}}}RDF" else packet.find(".//rdf:RDF", _NS)
    if graph is None:
        raise Unreadable("its metadata have no rdf:RDF")
    return graph  # the first: readers ignore any other (XMP, part 1, 7.4)


def _metadata(pdf: Any) -> dict[str, str | tuple[str, ...]]:
    graph = _xmp(pdf)
    metadata: dict[str, str | tuple[str, ...]] = {}
    for key, name, many in (
        ("title", "dc:title", False),
        ("authors", "dc:creator", True),
        ("date", "dc:date", False),
        ("identifier", "dc:identifier", False),
        ("keywords", "dc:subject", True),
        ("rights", "dc:rights", False),
        ("publisher", "dc:publisher", False),
        ("language", "dc:language", False),
        ("edition", "xmpMM:VersionID", False),
    ):
        values = _values(graph, name)
        if values:
            metadata[key] = values if many else values[0]
    return metadata


def _values(graph: Any, name: str) -> tuple[str, ...]:
    for node in graph.iterfind(f"*/{name}", _NS):
        items = node.findall(".//rdf:li", _NS)
        texts = [(item.text or "").strip() for item in items or [node]]
        return tuple(filter(None, texts))
    prefix, _, local = name.partition(":")
    for description in graph.iterfind("rdf:Description", _NS):
        if value := description.get(f"{{{_NS[prefix]}}}{local}"):
            return (value,)
    return ()


def _source_digest(pdf: Any) -> str | None:
    """Return the digest of the embedded manuscript; for several files, that of their list."""
    digests = {
        str(file.get("/UF", file.get("/F"))): hashlib.sha256(file.EF.F.read_bytes()).hexdigest()
        for file in pdf.Root.get("/AF", ())
        if file.get("/AFRelationship") == "/Source"
    }
    if len(digests) < 2:
        return next(iter(digests.values()), None)
    listed = "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))
    return hashlib.sha256(listed.encode()).hexdigest()


def _facts(pdf: Any, structure: Structure) -> dict[str, Any]:
    graph = _xmp(pdf)
    return {
        "pages": len(pdf.pages),
        "boxes mm": sorted({_boxes(page) for page in pdf.pages}),
        "bookmarks": list(_bookmarks(pdf)),
        "tags": sorted(structure.tags),
        "fonts": sorted(_fonts(pdf)),
        "claims": [
            "".join(f"PDF/A-{part}" for part in _values(graph, "pdfaid:part"))
            + "".join(_values(graph, "pdfaid:conformance")).lower(),
            "".join(f"PDF/UA-{part}" for part in _values(graph, "pdfuaid:part")),
        ],
        "attachments": [str(file.get("/UF", file.get("/F"))) for file in pdf.Root.get("/AF", ())],
    }


def _boxes(page: Any) -> str:
    texts = []
    for name in ("MediaBox", "TrimBox", "BleedBox"):
        if f"/{name}" in page:
            left, bottom, right, top = map(float, page[f"/{name}"])
            width, height = (right - left) * _MM_PER_PT, (top - bottom) * _MM_PER_PT
            texts.append(f"{name} {width:.1f} × {height:.1f}")
    return ", ".join(texts)


def _bookmarks(pdf: Any) -> Iterator[str]:
    """Yield the bookmarks, one a line, indented by their level."""
    with pdf.open_outline() as outline:
        yield from _bookmark_lines(outline.root, 0)


def _bookmark_lines(items: Any, depth: int) -> Iterator[str]:
    for item in items:
        yield f"{'  ' * depth}{item.title}"
        yield from _bookmark_lines(item.children, depth + 1)


def _fonts(pdf: Any) -> set[str]:
    """Return each face's name without the tag of its subset, and its faults."""
    names = set()
    for font in _font_dictionaries(pdf):
        name = str(font.get("/BaseFont", "")).removeprefix("/")
        parts = [font, *font.get("/DescendantFonts", ())]
        descriptors = [part.FontDescriptor for part in parts if "/FontDescriptor" in part]
        embedded = any(
            f"/FontFile{kind}" in descriptor for descriptor in descriptors for kind in ("", 2, 3)
        )
        subset = re.match(r"[A-Z]{6}\+", name) is not None
        faults = [
            fault
            for fault, is_wrong in (("not embedded", not embedded), ("not a subset", not subset))
            if is_wrong
        ]
        face = re.sub(r"^[A-Z]{6}\+", "", name).rstrip(",")
        names.add(f"{face} ({', '.join(faults)})" if faults else face)
    return names


def _font_dictionaries(pdf: Any) -> Iterator[Any]:
    seen = set()
    for page in pdf.pages:
        for font in page.get("/Resources", {}).get("/Font", {}).values():
            if font.objgen not in seen:
                seen.add(font.objgen)
                yield font


def _source_faults(pdf: Any) -> Iterator[str]:
    named = "".join(_values(_xmp(pdf), "dc:source"))
    source = _source_digest(pdf)
    if source is None:
        yield "the manuscript is not inside"
    elif named and not named.endswith(source):
        yield "its metadata names another manuscript than the embedded one"


def _faults(pdf: Any, facts: dict[str, Any], structure: Structure) -> Iterator[str]:
    """Yield what PDF/A-3a and PDF/UA-1 require and the PDF lacks, as far as we check it."""
    yield from _source_faults(pdf)
    if facts["claims"] != ["PDF/A-3a", "PDF/UA-1"]:
        yield f"it claims {' and '.join(filter(None, facts['claims'])) or 'nothing'}"
    for font in facts["fonts"]:
        if "not " in font:
            yield f"the font {font}"
    if len(facts["boxes mm"]) > 1:
        yield "its pages have different sizes"
    if not bool(pdf.Root.get("/MarkInfo", {}).get("/Marked", False)):
        yield "it is not marked as tagged"
    if not bool(pdf.Root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)):
        yield "its window does not show the title (ISO 14289-1, 7.1)"
    if structure.tags.get("H1", 0) != 1:
        yield f"it has {structure.tags.get('H1', 0)} first-level headings"
    flat = [node.words() for node in structure.text.walk() if node.get("area") == "none"]
    if flat:
        yield f"{len(flat)} links have no area that could be clicked, first “{flat[0]}”"
