"""The EPUB: the same tree cut into documents, with a cover, contents and what catalogues ask."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from xml.etree.ElementTree import Element

import tinyhtml5

from chapbook.chapters import Chapter, adapt, addresses, cut, footnote, uses
from chapbook.cover import COVER_HEIGHT_PX, COVER_WIDTH_PX, draw_cover
from chapbook.design import Design
from chapbook.document import Artefact, Document, Publication
from chapbook.dom import to_xhtml
from chapbook.ebook import File, Package, Point, pack
from chapbook.errors import DesignError, Place
from chapbook.opf import statements
from chapbook.present import Entry, View
from chapbook.reflow import reflowable

EPUB_SHEETS = ("text.css", "epub.css")
_XHTML = "application/xhtml+xml"
_XHTML_NAMESPACE = "http://www.w3.org/1999/xhtml"
_EPUB_NAMESPACE = "http://www.idpf.org/2007/ops"
_SUFFIXES = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
}


def write_epub(publication: Publication, design: Design) -> Artefact:
    """The publication as an EPUB 3.3."""
    document = publication.document
    view = View.of(publication, design)
    chapters = cut(document)
    places = addresses(document, chapters)
    images = _image_names(document)
    for chapter in chapters:
        adapt(chapter, places, images)
    cover = draw_cover(publication, design)
    points = _contents(view, chapters, places)
    fill = _filler(view, design, chapters)
    is_book = view.metadata.documentclass == "book"
    nav = File(
        "nav",
        "nav.xhtml",
        _XHTML,
        fill("epub-nav.xhtml", points=points),
        ("nav",),
        in_spine=is_book,
    )
    files = [
        _file("cover", fill("epub-cover.xhtml", width=COVER_WIDTH_PX, height=COVER_HEIGHT_PX)),
        *([_file("title", fill("epub-title.xhtml")), nav] if is_book else []),
        *(_chapter_file(chapter, view, fill) for chapter in chapters),
        *([] if is_book else [nav]),
        File("style", "style.css", "text/css", _stylesheet(view, design).encode()),
        File("cover-image", "cover.jpg", "image/jpeg", cover.jpeg, ("cover-image",)),
        *_image_files(document, images),
    ]
    package = Package(
        identifier=view.metadata.identifier,
        title=view.metadata.full_title,
        lang=view.metadata.lang,
        direction=view.metadata.direction,
        modified=publication.edition.timestamp,
        statements=statements(publication, view),
        files=tuple(files),
        contents=points,
        guide=(
            ("cover", view.words["cover"], "cover.xhtml"),
            ("toc", view.words["contents"], "nav.xhtml"),
            ("text", view.words["start"], chapters[0].name),
        ),
    )
    extent = "1 word" if view.word_count == 1 else f"{view.word_count:,} words"
    return Artefact("epub", ".epub", pack(package), extent, cover.findings)


# Pages --------------------------------------------------------------------------------------------

Fill = Callable[..., bytes]


def _filler(view: View, design: Design, chapters: tuple[Chapter, ...]) -> Fill:
    """A function that fills a template and writes it as XHTML, trees put into its slots."""

    def fill(
        template: str, slots: Mapping[str, Iterable[Element]] | None = None, **values: object
    ) -> bytes:
        markup = design.fill(template, view=view, first=chapters[0].name, **values)
        # Read as HTML, so that a title's markup or a designer's unclosed tag is well-formed XML.
        page = tinyhtml5.parse(markup, namespace_html_elements=False)
        for name, trees in (slots or {}).items():
            _fill_slot(page, name, trees, template)
        page.set("xmlns", _XHTML_NAMESPACE)
        page.set("xmlns:epub", _EPUB_NAMESPACE)
        return (
            f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n{to_xhtml(page)}\n'.encode()
        )

    return fill


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


def _chapter_file(chapter: Chapter, view: View, fill: Fill) -> File:
    titled = view.metadata.documentclass == "article"
    slots = {"text": [chapter.body]}
    if chapter.notes:
        slots["notes"] = [footnote(note, view.words["back-to-text"]) for note in chapter.notes]
    content = fill("epub.xhtml", slots, chapter=chapter, titled=titled)
    properties = ("mathml",) if uses(chapter.trees, "math") else ()
    return File(
        chapter.name.removesuffix(".xhtml"), chapter.name, _XHTML, content, properties, True
    )


def _file(name: str, content: bytes) -> File:
    return File(name, f"{name}.xhtml", _XHTML, content, in_spine=True)


def _stylesheet(view: View, design: Design) -> str:
    sheets = "\n".join(map(design.file, EPUB_SHEETS))
    return reflowable(sheets, design.tokens, view.metadata.direction) + view.width_rules


# Contents -----------------------------------------------------------------------------------------


def _contents(
    view: View, chapters: tuple[Chapter, ...], places: Mapping[str, str]
) -> tuple[Point, ...]:
    """The headings; before them the title, where words stand before the first of them.

    Never empty: a nav without an entry is an error (EPUB 3.3, 7.4.2).
    """
    points = _points(view.contents, places)
    opening = chapters[0]
    opens_untitled = opening.body.tag != "section" and (
        (opening.body.text or "").strip() or any(child.tag != "section" for child in opening.body)
    )
    if opens_untitled or not points:
        points = (Point(view.metadata.title, opening.name), *points)
    return points


def _points(entries: tuple[Entry, ...], places: Mapping[str, str]) -> tuple[Point, ...]:
    return tuple(
        Point(entry.label or "…", places[entry.id], _points(entry.entries, places))
        for entry in entries
    )


# Images -------------------------------------------------------------------------------------------


def _image_names(document: Document) -> dict[str, str]:
    """A name in the package for each image: authors' names hold what a zip or a URL may not."""
    return {
        href: f"images/image-{number}.{_SUFFIXES[asset.media_type]}"
        for number, (href, asset) in enumerate(sorted(document.assets.items()), 1)
    }


def _image_files(document: Document, names: Mapping[str, str]) -> list[File]:
    return [
        File(name[len("images/") :].rpartition(".")[0], name, asset.media_type, asset.content)
        for href, name in names.items()
        for asset in [document.assets[href]]
    ]
