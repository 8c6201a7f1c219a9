"""The adapter to WeasyPrint: a tree and its stylesheets in, a finished PDF out.

What WeasyPrint 70 lacks is put right here, each with its cause:
- it takes no tree, only markup: `_TreeHTML` hands it ours, where a block may stand in a paragraph;
- it claims PDF/A or PDF/UA, not both, and appends foreign XMP as a second `rdf:RDF`, which readers
  ignore: `_Xmp` writes one;
- it tags footnotes as `NonStruct`, gives notes no ID, and leaves a loose list's paragraphs outside
  of any LBody: `_TAGS` and `_finish` do what ISO 14289-1 asks for;
- it opens any address: `_Fetcher` knows only what it is given;
- it dates attachments by the clock.
"""

from __future__ import annotations

import ctypes.util
import importlib
import logging
import re
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from types import ModuleType
from typing import Any
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from chapbook import fonts
from chapbook.document import Layout
from chapbook.errors import Code, Finding, SourceError, ToolchainError, error, warning
from chapbook.fonts import Instance
from chapbook.metadata import Metadata

_PANGO_REMEDY = (
    "install Pango: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 · "
    "dnf install pango · brew install pango"
)
_FACE_SCHEME, _ASSET_SCHEME = "face:", "asset:"
_ITEM_PARTS = ("/Lbl", "/LBody")
_TAGS = {"footnote": "Note", "code": "Code", "pre": "Code", "em": "Span", "strong": "Span"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A stylesheet for the page, and the faces it may use."""

    css: str
    faces: tuple[Instance, ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the PDF says of itself: metadata, the moment it is dated, and the source it carries."""

    metadata: Metadata
    moment: datetime
    generator: str
    source_name: str
    source: bytes
    extra: Mapping[str, str] = field(default_factory=dict)


def load() -> Any:
    """WeasyPrint, imported late (0.3 s) and kept from the system's fonts.

    Raises ToolchainError where Pango is missing.
    """
    fonts.confine()
    try:
        with warnings.catch_warnings(), _quick_import():
            warnings.filterwarnings("ignore", "No fonts configured")  # confined on purpose
            import weasyprint
            from weasyprint.pdf import tags
    except OSError as cause:
        library = re.search(r"cannot load library '([^']+)'", str(cause))
        name = library[1] if library else "a library"
        raise ToolchainError(f"WeasyPrint cannot load {name}", remedy=_PANGO_REMEDY) from cause
    if tags._get_pdf_tag.__module__ != __name__:  # noqa: SLF001 - the one table it has
        _extend_tags(tags)
    return weasyprint


@contextmanager
def _quick_import() -> Iterator[None]:
    """Halve the cost of importing WeasyPrint, by what it does not need.

    It asks for its libraries by names that exist on other systems only; for each, ctypes then
    starts ldconfig, gcc and ld (0.2 s, and a manuscript should not start a compiler). The names
    that the dynamic linker knows are in its list, so the search is left out on Linux.
    And it imports fontTools' subsetter and instancer (0.1 s), for fonts that are not ours.
    """
    find_library = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None  # noqa: ARG005
    deferred = {name: _Deferred(name) for name in _UNUSED if name not in sys.modules}
    sys.modules.update(deferred)
    try:
        yield
    finally:
        ctypes.util.find_library = find_library
        for name in deferred:
            del sys.modules[name]


_UNUSED = ("fontTools.varLib", "fontTools.varLib.instancer", "fontTools.subset")


class _Deferred(ModuleType):
    """Stands for a module until something of it is called, and only then imports it."""

    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*arguments: Any, **options: Any) -> Any:
            return getattr(importlib.import_module(self.__name__), name)(*arguments, **options)

        return call


def _extend_tags(tags: Any) -> None:
    known = tags._get_pdf_tag  # noqa: SLF001

    def get_pdf_tag(tag: str | None) -> Any:
        return _TAGS.get(tag or "") or known(tag)

    tags._get_pdf_tag = get_pdf_tag  # noqa: SLF001


def render(
    page: Element, sheet: Sheet, assets: Mapping[str, tuple[bytes, str]], dossier: Dossier
) -> Layout:
    """Lay out *page* and write it as one file that is both PDF/A-3a and PDF/UA-1.

    *assets* maps each `src` in the tree to its bytes and media type.
    Raises SourceError where the text is too deep or too strange to be laid out.
    """
    with _rendered(page, sheet, assets) as (weasyprint, document, messages):
        document.metadata = _xmp(dossier)
        content = document.write_pdf(
            pdf_variant="pdf/a-3a", attachments=[_attachment(weasyprint, dossier)], finisher=_finish
        )
    return Layout(bytes(content), len(document.pages), tuple(_findings(messages)))


def draw(page: Element, sheet: Sheet) -> Layout:
    """Lay out *page* as a plain PDF: a picture to be rasterized, no file for readers."""
    with _rendered(page, sheet, {}) as (_, document, messages):
        content = document.write_pdf(uncompressed_pdf=True)
    return Layout(bytes(content), len(document.pages), tuple(_findings(messages)))


@contextmanager
def _rendered(
    page: Element, sheet: Sheet, assets: Mapping[str, tuple[bytes, str]]
) -> Iterator[tuple[Any, Any, list[str]]]:
    """WeasyPrint, *page* laid out by it, and what it logs until the context ends."""
    weasyprint = load()
    from weasyprint.text.fonts import FontConfiguration

    fetcher = _fetcher(weasyprint, sheet.faces, assets)
    rules = [face.font_face(f"{_FACE_SCHEME}{face.face.key}") for face in sheet.faces]
    with _captured_log() as messages, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "No fonts configured")
        configuration = FontConfiguration()
        css = weasyprint.CSS(
            string="\n".join([*rules, sheet.css]),
            font_config=configuration,
            url_fetcher=fetcher,
            base_url=_ASSET_SCHEME,
        )
        html = _tree_html(weasyprint, page, fetcher)
        try:
            document = html.render(font_config=configuration, stylesheets=[css])
            yield weasyprint, document, messages
        except RecursionError as cause:
            raise SourceError(
                "the text is nested too deeply to be laid out",
                remedy="flatten the lists, quotes or tables",
            ) from cause
        except ZeroDivisionError as cause:
            raise SourceError("the text cannot be laid out: a size of zero") from cause
        finally:
            configuration.__del__()  # its folder of fonts must not outlive us: see __main__._leave


# Input ----------------------------------------------------------------------------------------


def _tree_html(weasyprint: Any, page: Element, fetcher: Any) -> Any:
    import cssselect2

    class TreeHTML(weasyprint.HTML):  # type: ignore[misc]
        def __init__(self) -> None:
            self.base_url = _ASSET_SCHEME
            self.url_fetcher = fetcher
            self.media_type = "print"
            self.wrapper_element = cssselect2.ElementWrapper.from_html_root(
                page, content_language=None
            )
            self.etree_element = self.wrapper_element.etree_element

    return TreeHTML()


def _fetcher(
    weasyprint: Any, faces: Sequence[Instance], assets: Mapping[str, tuple[bytes, str]]
) -> Any:
    known = {f"{_FACE_SCHEME}{face.face.key}": (face.truetype, "font/ttf") for face in faces}
    known |= assets

    def fetch(url: str) -> Any:
        if url not in known:
            raise ValueError(f"refused: {url}")
        content, media_type = known[url]
        return weasyprint.urls.URLFetcherResponse(url, content, {"Content-Type": media_type})

    return fetch


def _attachment(weasyprint: Any, dossier: Dossier) -> Any:
    import io

    return weasyprint.Attachment(
        file_obj=io.BytesIO(dossier.source),
        name=dossier.source_name,
        description="The manuscript from which this file was made",
        created=dossier.moment,
        modified=dossier.moment,
        relationship="Source",
    )


# Output ---------------------------------------------------------------------------------------

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DC = "http://purl.org/dc/elements/1.1/"
_XMP_MM = "http://ns.adobe.com/xap/1.0/mm/"
_UA = "http://www.aiim.org/pdfua/ns/id/"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
_NAMESPACES = {
    "dc": _DC,
    "xmpMM": _XMP_MM,
    "pdfuaid": _UA,
    "pdfaExtension": _EXTENSION,
    "pdfaSchema": _SCHEMA,
    "pdfaProperty": _PROPERTY,
}


def _xmp(dossier: Dossier) -> Any:
    """WeasyPrint's metadata, with PDF/UA's identification inside the one `rdf:RDF`."""
    from weasyprint.pdf.metadata import DocumentMetadata

    metadata = dossier.metadata

    class Xmp(DocumentMetadata):  # type: ignore[misc]
        def generate_rdf_metadata(self, *arguments: Any) -> bytes:
            from xml.etree.ElementTree import fromstring

            for prefix, uri in _NAMESPACES.items():
                register_namespace(prefix, uri)
            rdf = fromstring(super().generate_rdf_metadata(*arguments))
            _describe_work(rdf, metadata)
            _claim_pdf_ua(rdf)
            return tostring(rdf, encoding="utf-8")

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
    _list(work, f"{{{_DC}}}language", "Bag", metadata.lang)
    if metadata.publisher:
        _list(work, f"{{{_DC}}}publisher", "Bag", metadata.publisher)
    if metadata.date:
        _list(work, f"{{{_DC}}}date", "Seq", metadata.date.iso)
    if metadata.rights:
        rights = _list(work, f"{{{_DC}}}rights", "Alt", metadata.rights)
        rights.set("{http://www.w3.org/XML/1998/namespace}lang", "x-default")
    if metadata.keywords:
        subject = SubElement(SubElement(work, f"{{{_DC}}}subject"), f"{{{_RDF}}}Bag")
        for keyword in metadata.keywords:
            SubElement(subject, f"{{{_RDF}}}li").text = keyword
    if metadata.edition:
        SubElement(work, f"{{{_XMP_MM}}}VersionID").text = metadata.edition


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


def _list(parent: Element, name: str, kind: str, value: str) -> Element:
    item = SubElement(SubElement(SubElement(parent, name), f"{{{_RDF}}}{kind}"), f"{{{_RDF}}}li")
    item.text = value
    return item


def _finish(_document: Any, pdf: Any) -> None:
    """Mend the structure tree where PDF/UA asks for more than WeasyPrint writes."""
    import pydyf

    elements = {
        item.reference: item
        for item in pdf.objects
        if isinstance(item, dict) and item.get("Type") == "/StructElem"
    }
    notes = [item for item in elements.values() if item["S"] == "/Note"]
    for number, note in enumerate(notes, 1):
        note["ID"] = pydyf.String(f"note-{number}")  # ISO 14289-1, 7.9
    for item in [item for item in elements.values() if item["S"] == "/LI"]:
        _wrap_item_body(pdf, item, elements)


def _wrap_item_body(pdf: Any, item: Any, elements: Mapping[Any, Any]) -> None:
    """Put the paragraphs of a loose list's item into the LBody that ISO 32000-1, 14.8.4.3 asks for.

    WeasyPrint wraps only what stands in the item without a paragraph of its own.
    """
    import pydyf

    kids = list(item["K"])
    loose = [kid for kid in kids if kid in elements and elements[kid]["S"] not in _ITEM_PARTS]
    if not loose:
        return
    body = pydyf.Dictionary(
        {"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array(loose), "P": item.reference}
    )
    if "Pg" in item:
        body["Pg"] = item["Pg"]
    pdf.add_object(body)
    for kid in loose:
        elements[kid]["P"] = body.reference
    first = kids.index(loose[0])
    kids = [kid for kid in kids if kid not in loose]
    kids.insert(first, body.reference)
    item["K"] = pydyf.Array(kids)


# The log --------------------------------------------------------------------------------------


@contextmanager
def _captured_log() -> Iterator[list[str]]:
    """WeasyPrint reports through a logger: collect what it says instead of printing it."""
    messages: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: messages.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("weasyprint")
    before, propagates = list(logger.handlers), logger.propagate
    logger.handlers, logger.propagate = [handler], False
    try:
        yield messages
    finally:
        logger.handlers, logger.propagate = before, propagates


_NOTDEF = re.compile(
    r"\.notdef glyph rendered for Unicode string unsupported by fonts: (.*)", re.DOTALL
)


def _findings(messages: Sequence[str]) -> Iterator[Finding]:
    for message in dict.fromkeys(messages):
        if missing := _NOTDEF.match(message):
            told = f"no face has a glyph for {missing[1]}: a blank box is printed"
            yield error(Code.GLYPH_MISSING, told)
        elif "no required alt description" not in message:
            yield warning(Code.STYLE_IGNORED, f"layout: {' '.join(message.split())[:200]}")
