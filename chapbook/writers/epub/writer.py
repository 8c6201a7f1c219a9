"""The EPUB: the tree divided into documents, with a cover, contents and metadata."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from xml.etree.ElementTree import Element

from chapbook.design.face_use import faces_of
from chapbook.design.template_context import View
from chapbook.design.templates import SHARED_SHEETS, Design
from chapbook.model.document import Artefact, Document, Publication
from chapbook.model.dom import MATHML, is_page_break, parse_html, to_xhtml
from chapbook.model.errors import Code, DesignError, Finding, Place, warning
from chapbook.reading.source_positions import Places
from chapbook.writers.cover import COVER_HEIGHT_PX, COVER_WIDTH_PX, draw_cover
from chapbook.writers.epub.chapters import Chapter, adapt, addresses, cut, footnote, name_page_break
from chapbook.writers.epub.drawings import draw
from chapbook.writers.epub.ebooklib_adapter import File, Package, pack
from chapbook.writers.epub.images import Picture, pictures
from chapbook.writers.epub.navigation import Point, contents, page_list, reading_order
from chapbook.writers.epub.ncx import ncx
from chapbook.writers.epub.package_metadata import statements
from chapbook.writers.epub.stylesheet import reflowable

EPUB_SHEETS = (*SHARED_SHEETS, "epub.css")
_XHTML = "application/xhtml+xml"
_XHTML_NAMESPACE = "http://www.w3.org/1999/xhtml"
_EPUB_NAMESPACE = "http://www.idpf.org/2007/ops"


def write_epub(publication: Publication, design: Design) -> Artefact:
    """Return the publication as an EPUB 3.3."""
    document = publication.document
    view = View.of(publication, design)
    chapters, cutting = cut(document)
    places = addresses(document, chapters)
    images = pictures(document, draw(document, design))
    for chapter in chapters:
        adapt(chapter, places, images)
    cover = draw_cover(publication, design)
    points = contents(view, chapters, places)
    printed = page_list(document, places)
    page_maker = _PageMaker(view, design, first=chapters[0].name)
    package = Package(
        identifier=view.metadata.identifier,
        title=view.metadata.full_title,
        lang=view.metadata.lang,
        direction=view.metadata.direction,
        modified=publication.edition.timestamp,
        statements=statements(publication, view, _pagination(view, design) if printed else None),
        files=(
            *_pages(page_maker, chapters, points, printed),
            *_style_files(view, design),
            File("cover-image", "cover.jpg", "image/jpeg", cover.jpeg, ("cover-image",)),
            *_image_files(images),
        ),
        ncx=ncx(view.metadata, points, printed, reading_order(chapters, places)),
        guide=(
            ("cover", view.words["cover"], "cover.xhtml"),
            ("toc", view.words["contents"], "nav.xhtml"),
            ("text", view.words["start"], chapters[0].name),
        ),
    )
    findings = (*cover.findings, *cutting, *_image_findings(images, document))
    extent = "1 word" if view.word_count == 1 else f"{view.word_count:,} words"
    return Artefact("epub", ".epub", pack(package), extent, findings)


# Pages --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _PageMaker:
    """Fills templates and writes them as XHTML."""

    view: View
    design: Design
    first: str  # the document with which the text begins

    def page(
        self,
        name: str,
        template: str,
        slots: Mapping[str, Iterable[Element]] = MappingProxyType({}),
        **values: object,
    ) -> File:
        """Return the document *name* of the spine, with trees in the template's slots."""
        markup = self.design.fill(template, view=self.view, first=self.first, **values)
        # Read as HTML, so that a title's markup or a designer's unclosed tag is well-formed XML.
        page = parse_html(markup)
        for node in page.iter():
            if isinstance(node.tag, str):
                node.tag = node.tag.removeprefix(f"{{{MATHML}}}")
            if is_page_break(node):
                name_page_break(node)
        for slot, trees in slots.items():
            _fill_slot(page, slot, trees, template)
        page.set("xmlns", _XHTML_NAMESPACE)
        page.set("xmlns:epub", _EPUB_NAMESPACE)
        content = f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n{to_xhtml(page)}\n'
        properties = ("mathml",) if page.find(".//math") is not None else ()
        return File(
            name, f"{name}.xhtml", _XHTML, content.encode(), properties=properties, in_spine=True
        )


def _fill_slot(page: Element, name: str, trees: Iterable[Element], template: str) -> None:
    for node in page.iter():
        if node.get("data-slot") == name:
            del node.attrib["data-slot"]
            for tree in trees:
                node.append(tree)
            return
    raise DesignError(
        f'it has no element with data-slot="{name}"', where=Place(f"templates/{template}")
    )


def _pages(
    page_maker: _PageMaker,
    chapters: tuple[Chapter, ...],
    points: tuple[Point, ...],
    printed: tuple[Point, ...],
) -> list[File]:
    """Return the spine. A book shows its contents before the text, an article does not."""
    is_book = page_maker.view.metadata.documentclass == "book"
    nav = page_maker.page("nav", "epub-nav.xhtml", points=points, pages=printed)
    nav = replace(nav, properties=("nav",), in_spine=is_book)
    cover = page_maker.page(
        "cover", "epub-cover.xhtml", width=COVER_WIDTH_PX, height=COVER_HEIGHT_PX
    )
    front = [cover]
    if is_book:
        front += [page_maker.page("title", "epub-title.xhtml"), nav]
    text = [
        _chapter_page(page_maker, chapter, titled=not is_book and chapter is chapters[0])
        for chapter in chapters
    ]
    return [*front, *text] if is_book else [*front, *text, nav]


def _chapter_page(page_maker: _PageMaker, chapter: Chapter, *, titled: bool) -> File:
    slots = {"text": [*chapter.trees]}
    if chapter.notes:
        back = page_maker.view.words["back-to-text"]
        slots["notes"] = [footnote(note, back) for note in chapter.notes]
    name = chapter.name.removesuffix(".xhtml")
    return page_maker.page(name, "epub.xhtml", slots, chapter=chapter, titled=titled)


def _style_files(view: View, design: Design) -> Iterator[File]:
    """Yield the stylesheet, and the faces if the book embeds them.

    They are TrueType, since Adobe's engine does not know WOFF. Their license allows embedding.
    """
    faces = faces_of(view, design).instances() if view.metadata.fonts == "embed" else ()
    names = [f"fonts/{instance.face.key}.ttf" for instance in faces]
    sheets = "\n".join(map(design.file, EPUB_SHEETS))
    sheet = reflowable(sheets, design.tokens, view.metadata.direction)
    rules = [instance.font_face(name) for instance, name in zip(faces, names, strict=True)]
    style = "\n".join([*rules, sheet]) + view.width_rules
    yield File("style", "style.css", "text/css", style.encode())
    for instance, name in zip(faces, names, strict=True):
        yield File(f"face-{instance.face.key}", name, "font/ttf", instance.truetype)


def _pagination(view: View, design: Design) -> str:
    """Return the name of the PDF whose pages the page list has, with edition and trim size."""
    metadata = view.metadata
    trim = " × ".join(f"{design.length_mm(f'--page-{side}'):g}" for side in ("width", "height"))
    edition = f"{view.words['edition']} {metadata.edition}" if metadata.edition else None
    return ", ".join(filter(None, (metadata.full_title, edition, f"PDF ({trim} mm)")))


# Images -------------------------------------------------------------------------------------------


def _image_files(images: Mapping[str, Picture]) -> Iterator[File]:
    for picture in images.values():
        fallback = picture.fallback
        yield _image_file(picture, fallback=_file_id(fallback) if fallback else None)
        if fallback:
            yield _image_file(fallback)


def _image_file(picture: Picture, fallback: str | None = None) -> File:
    name = _file_id(picture)
    return File(name, picture.name, picture.media_type, picture.content, fallback=fallback)


def _file_id(picture: Picture) -> str:
    return picture.name.rpartition("/")[2].replace(".", "-")


def _image_findings(images: Mapping[str, Picture], document: Document) -> Iterator[Finding]:
    places = Places(document.manuscript)
    for href, picture in images.items():
        if picture.was_moving:
            message = f"e-readers do not show the moving image “{href}”, for its size or its kind"
            remedy = "the EPUB has its first picture"
            yield warning(Code.IMAGE_PIXELS, f"{message}: {remedy}", places.of(href))
