"""Divides the text into the documents of an EPUB, with notes, and links between documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from chapbook.design.template_context import heading_text
from chapbook.images.rasters import SVG
from chapbook.model import vocabulary
from chapbook.model.document import Document, Manuscript, Note
from chapbook.model.dom import append, classes, contents, element, is_page_break
from chapbook.model.errors import Code, Finding, Place, warning
from chapbook.model.errors import note as note_finding
from chapbook.reading.source_positions import Places
from chapbook.writers.epub.epub_split import Divided, divide
from chapbook.writers.epub.images import Picture
from chapbook.writers.epub.stacked_tables import stack_tables

TITLE_PAGE = "title.xhtml"
LARGEST_BYTES = 250_000  # of a document of the spine: Adobe's engine in old readers takes 300 KB
FRAME_BYTES = 8_000  # of these, for the head and the title block
_WORDS_LOOKED_FOR = 5


@dataclass(frozen=True, slots=True)
class Chapter:
    """One document of the spine: its content, and the notes that it calls, in order.

    `trees` are its parts in order: markers of pages, then a `section` with its heading, or an
    `article` without one.
    """

    name: str
    label: str
    trees: tuple[Element, ...]
    notes: tuple[Note, ...] = ()

    @property
    def all_trees(self) -> tuple[Element, ...]:
        """The text and the notes."""
        return (*self.trees, *(note.body for note in self.notes))


def cut(document: Document) -> tuple[tuple[Chapter, ...], tuple[Finding, ...]]:
    """Return the documents of *document*, and findings about how it was divided.

    An article is one document; of a book, each chapter is one. Long ones are divided further.
    """
    notes = {note.ref_id: Note(note.number, deepcopy(note.body)) for note in document.notes}
    for note in notes.values():
        stack_tables(note.body)
    chapters: list[Chapter] = []
    findings: list[Finding] = []
    for chapter in _undivided(document):
        label, _, suffix = chapter.name.partition(".")
        divided = divide(chapter.trees[-1], notes, LARGEST_BYTES - FRAME_BYTES)
        for number, tree in enumerate(divided.trees, 1):
            trees = (*chapter.trees[:-1], tree) if number == 1 else (tree,)
            name = chapter.name if number == 1 else f"{label}-{number}.{suffix}"
            title = chapter.label if number == 1 else f"{chapter.label} ({number})"
            chapters.append(Chapter(name, title, trees, _called(trees, notes)))
        findings += _division_findings(divided, document.manuscript)
    return tuple(chapters), tuple(findings)


def _undivided(document: Document) -> Iterator[Chapter]:
    """Yield the chapters in full length, still without their notes.

    The text of a book before its first heading is a document of its own. If a page begins with a
    chapter, its marker is before the chapter's section, and moves with it.
    """
    body = deepcopy(document.body)
    stack_tables(body)
    title = document.metadata.full_title
    if document.metadata.documentclass == "article":
        yield Chapter("text.xhtml", title, (body,))
        return
    opening, sections = _split_chapters(body)
    if len(opening) or (opening.text or "").strip():
        yield Chapter("opening.xhtml", title, (opening,))
    for number, trees in enumerate(sections, 1):
        name = f"chapter-{number:0{len(str(len(sections)))}}.xhtml"
        section = trees[-1]
        label = heading_text(section[0]) if len(section) else title
        yield Chapter(name, label or title, trees)


def _split_chapters(body: Element) -> tuple[Element, list[tuple[Element, ...]]]:
    """Return the text before the chapters, and each chapter with the markers before it."""
    opening = element("article", body.text or "")
    sections: list[tuple[Element, ...]] = []
    markers: list[Element] = []
    for part in contents(body):
        if isinstance(part, str) and markers and not part.strip():
            continue
        if isinstance(part, Element) and is_page_break(part):
            markers.append(part)
        elif isinstance(part, Element) and part.tag == "section":
            sections.append((*markers, part))
            markers = []
        else:
            for waiting in (*markers, part):
                append(opening, waiting)
            markers = []
    for left in markers:  # after the last chapter, where no page begins: keep them anyway
        append(sections[-1][-1] if sections else opening, left)
    return opening, sections


def _called(trees: Iterable[Element], notes: Mapping[str, Note]) -> tuple[Note, ...]:
    return tuple(
        notes[node.get("id", "")]
        for tree in trees
        for node in tree.iter("a")
        if vocabulary.NOTEREF in classes(node) and node.get("id") in notes
    )


def _division_findings(divided: Divided, manuscript: Manuscript) -> Iterator[Finding]:
    """Yield a finding for each block that is still too large, and each table without its head."""
    for node in divided.oversized:
        message = (
            f"one {_NAMES.get(node.tag, 'paragraph')} makes a document of the EPUB larger than "
            f"{LARGEST_BYTES // 1000} KB, which slows old e-readers; part it in two"
        )
        yield warning(Code.DOCUMENT_SIZE, message, _place(node, manuscript))
    for node in divided.cut_blocks:
        if node.tag == "table" and node.find("thead") is not None:
            message = (
                f"the table is too long for one document of the EPUB ({LARGEST_BYTES // 1000} KB): "
                "it continues in the next one, without its head"
            )
            yield note_finding(Code.DOCUMENT_SIZE, message, _place(node, manuscript))


_NAMES = {"tr": "table row", "li": "list item", "pre": "listing", "figure": "figure"}


def _place(node: Element, manuscript: Manuscript) -> Place:
    """Return the place of *node* in the manuscript, by its first words."""
    words = next((line.split() for text in node.itertext() if (line := text.strip())), [])
    return Places(manuscript).of(" ".join(words[:_WORDS_LOOKED_FOR]))


def addresses(document: Document, chapters: tuple[Chapter, ...]) -> dict[str, str]:
    """Return the address of each id of the text, file and fragment, in reading order."""
    by_id: dict[str, str] = {}
    for chapter in chapters:
        for tree in chapter.trees:
            by_id |= _fragments(chapter.name, tree)
        for note in chapter.notes:
            by_id[note.id] = f"{chapter.name}#{note.id}"
            by_id |= _fragments(chapter.name, note.body)
    # The id of the title, to which a link may lead, and of the first page, which begins with it.
    is_book = document.metadata.documentclass == "book"
    title = TITLE_PAGE if is_book else chapters[0].name
    first = {page.id: f"{title}#{page.id}" for page in document.pages[:1]}
    body_id = document.body.get("id")
    if body_id and body_id not in by_id:
        first[body_id] = TITLE_PAGE
    return first | by_id


def _fragments(file: str, tree: Element) -> dict[str, str]:
    return {name: f"{file}#{name}" for node in tree.iter() if (name := node.get("id"))}


def adapt(chapter: Chapter, places: Mapping[str, str], images: Mapping[str, Picture]) -> None:
    """Adapt *chapter*'s trees to EPUB: links between files, names of images, note calls.

    *places* is the result of `addresses`; *images* are the pictures in the package by `src`.
    """
    own = f"{chapter.name}#"
    for tree in chapter.all_trees:
        for node in tree.iter():
            _name_as_epub(node)
            if node.tag == "details":
                node.set("open", "open")  # not every e-reader can open it
            if node.tag == "img":
                _place_image(node, images)
            elif node.tag == "a":
                target = node.get("href", "")
                if target.startswith("#") and target[1:] in places:
                    node.set("href", places[target[1:]].removeprefix(own[:-1]) or target)
                if vocabulary.NOTEREF in classes(node):
                    node.set("epub:type", "noteref")
                    node.set("role", "doc-noteref")


def _name_as_epub(node: Element) -> None:
    """Set EPUB's attributes for the role and the language of *node*."""
    if is_page_break(node):
        name_page_break(node)
    if "lang" in node.attrib:
        node.set("xml:lang", node.attrib["lang"])  # XHTML readers look for this one
    if (role := node.get("role", "").removeprefix("doc-")) in _TYPES:
        node.set("epub:type", role)  # older reading systems do not know roles


_TYPES = frozenset(
    "acknowledgments afterword appendix conclusion dedication epigraph epilogue foreword glossary "
    "index introduction preface prologue".split()
)
"""The names that EPUB's Structural Semantics Vocabulary 1.1 and DPUB-ARIA share."""


def _place_image(image: Element, images: Mapping[str, Picture]) -> None:
    picture = images.get(image.get("src", ""))
    if picture is None:
        return
    image.set("src", picture.name)
    # Its pixels now, unless the author gave a size; it shrinks to the screen.
    if picture.media_type != SVG and vocabulary.SIZED not in classes(image):
        image.set("width", str(picture.width_px))
        image.set("height", str(picture.height_px))


def name_page_break(marker: Element) -> None:
    """Set EPUB's attributes of a page break (SSV, DPUB-ARIA; EPUB Accessibility 1.1, 4.3)."""
    marker.set("epub:type", "pagebreak")
    marker.set("role", "doc-pagebreak")
    marker.set("aria-label", marker.attrib.pop("data-page", ""))


def footnote(note: Note, back: str) -> Element:
    """Return the note as an `aside`, which e-readers show as a popup, with a link to its call.

    *back* is the title of that link. EPUB 3.3 SSV `footnote`, DPUB-ARIA `doc-footnote`.
    """
    mark = element(
        "a", str(note.number), class_=vocabulary.NOTE_MARK, href=f"#{note.ref_id}", title=back
    )
    mark.set("role", "doc-backlink")
    aside = element("aside", class_=vocabulary.FOOTNOTE, id=note.id, role="doc-footnote")
    aside.set("epub:type", "footnote")
    body = note.body
    first = next(iter(body), None)
    if first is not None and first.tag == "p" and not (body.text or "").strip():
        mark.tail, first.text = f" {first.text or ''}", None
        first.insert(0, mark)
    else:
        body.insert(0, element("p", mark))
    aside.append(body)
    return aside
