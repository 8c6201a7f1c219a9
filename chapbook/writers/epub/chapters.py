"""The text as an EPUB's documents: cut at chapters, with notes and links that lead across."""

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
LARGEST_BYTES = 250_000  # of a document of the spine: Adobe's engine, in old readers, bears 300 KB
FRAME_BYTES = 8_000  # of those for the head and the title block
_WORDS_LOOKED_FOR = 5


@dataclass(frozen=True, slots=True)
class Chapter:
    """One document of the spine: what stands in it, and the notes it calls, in order.

    `trees` go in one after the other: markers of pages, a `section` with its heading, or an
    `article` without.
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
    """The documents of *document*, and what is to be told of how it was cut.

    They are one for an article; for a book, one for each chapter. Those that would be too long are
    divided.
    """
    notes = {note.ref_id: Note(note.number, deepcopy(note.body)) for note in document.notes}
    for note in notes.values():
        stack_tables(note.body)
    chapters: list[Chapter] = []
    findings: list[Finding] = []
    for whole in _whole(document):
        label, _, suffix = whole.name.partition(".")
        divided = divide(whole.trees[-1], notes, LARGEST_BYTES - FRAME_BYTES)
        for number, tree in enumerate(divided.trees, 1):
            trees = (*whole.trees[:-1], tree) if number == 1 else (tree,)
            name = whole.name if number == 1 else f"{label}-{number}.{suffix}"
            title = whole.label if number == 1 else f"{whole.label} ({number})"
            chapters.append(Chapter(name, title, trees, _called(trees, notes)))
        findings += _told(divided, document.manuscript)
    return tuple(chapters), tuple(findings)


def _whole(document: Document) -> Iterator[Chapter]:
    """The chapters in full length, still without their notes.

    What a book says before its first heading is a document of its own. The marker of a page that
    begins with a chapter stands before the chapter's section, and goes where the section goes.
    """
    body = deepcopy(document.body)
    stack_tables(body)
    title = document.metadata.full_title
    if document.metadata.documentclass == "article":
        yield Chapter("text.xhtml", title, (body,))
        return
    opening, sections = _parted(body)
    if len(opening) or (opening.text or "").strip():
        yield Chapter("opening.xhtml", title, (opening,))
    for number, trees in enumerate(sections, 1):
        name = f"chapter-{number:0{len(str(len(sections)))}}.xhtml"
        section = trees[-1]
        label = heading_text(section[0]) if len(section) else title
        yield Chapter(name, label or title, trees)


def _parted(body: Element) -> tuple[Element, list[tuple[Element, ...]]]:
    """What stands before the chapters, and each chapter with the markers right before it."""
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
    for left in markers:  # after the last chapter: no page begins there, but nothing gets lost
        append(sections[-1][-1] if sections else opening, left)
    return opening, sections


def _called(trees: Iterable[Element], notes: Mapping[str, Note]) -> tuple[Note, ...]:
    return tuple(
        notes[node.get("id", "")]
        for tree in trees
        for node in tree.iter("a")
        if vocabulary.NOTEREF in classes(node) and node.get("id") in notes
    )


def _told(divided: Divided, manuscript: Manuscript) -> Iterator[Finding]:
    """What the author should know of a division: which block stays too large, or lost its head."""
    for node in divided.oversized:
        told = (
            f"one {_NAMES.get(node.tag, 'paragraph')} makes a document of the EPUB larger than "
            f"{LARGEST_BYTES // 1000} KB, which slows old e-readers; part it in two"
        )
        yield warning(Code.DOCUMENT_SIZE, told, _place(node, manuscript))
    for node in divided.cut_blocks:
        if node.tag == "table" and node.find("thead") is not None:
            told = (
                f"the table is too long for one document of the EPUB ({LARGEST_BYTES // 1000} KB): "
                "it goes on in the next, where its head is not repeated"
            )
            yield note_finding(Code.DOCUMENT_SIZE, told, _place(node, manuscript))


_NAMES = {"tr": "table row", "li": "list item", "pre": "listing", "figure": "figure"}


def _place(node: Element, manuscript: Manuscript) -> Place:
    """Where *node* stands in the manuscript, by the first words in it."""
    words = next((line.split() for text in node.itertext() if (line := text.strip())), [])
    return Places(manuscript).of(" ".join(words[:_WORDS_LOOKED_FOR]))


def addresses(document: Document, chapters: tuple[Chapter, ...]) -> dict[str, str]:
    """Where each id of the text is, in reading order: the file, and the fragment in it."""
    found: dict[str, str] = {}
    for chapter in chapters:
        for tree in chapter.trees:
            found |= _fragments(chapter.name, tree)
        for note in chapter.notes:
            found[note.id] = f"{chapter.name}#{note.id}"
            found |= _fragments(chapter.name, note.body)
    # The title's own id, where a link led to the title's heading; and the first page, before it.
    is_book = document.metadata.documentclass == "book"
    title = TITLE_PAGE if is_book else chapters[0].name
    first = {page.id: f"{title}#{page.id}" for page in document.pages[:1]}
    whole = document.body.get("id")
    if whole and whole not in found:
        first[whole] = TITLE_PAGE
    return first | found


def _fragments(file: str, tree: Element) -> dict[str, str]:
    return {name: f"{file}#{name}" for node in tree.iter() if (name := node.get("id"))}


def adapt(chapter: Chapter, places: Mapping[str, str], images: Mapping[str, Picture]) -> None:
    """Write *chapter*'s trees in EPUB's terms: links across files, image names, note calls.

    *places* is what `addresses` gives, *images* the picture in the package of each image.
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
    """Say in EPUB's terms what *node* is, and its language."""
    if is_page_break(node):
        name_page_break(node)
    if "lang" in node.attrib:
        node.set("xml:lang", node.attrib["lang"])  # XHTML readers look for this one
    if (role := node.get("role", "").removeprefix("doc-")) in _TYPES:
        node.set("epub:type", role)  # older reading systems know no roles


_TYPES = frozenset(
    "acknowledgments afterword appendix conclusion dedication epigraph epilogue foreword glossary "
    "index introduction preface prologue".split()
)
"""What EPUB's Structural Semantics Vocabulary 1.1 names as DPUB-ARIA does."""


def _place_image(image: Element, images: Mapping[str, Picture]) -> None:
    picture = images.get(image.get("src", ""))
    if picture is None:
        return
    image.set("src", picture.name)
    # As large as it is now, but for the size that its author asked for; it shrinks to the screen.
    if picture.media_type != SVG and vocabulary.SIZED not in classes(image):
        image.set("width", str(picture.width_px))
        image.set("height", str(picture.height_px))


def name_page_break(marker: Element) -> None:
    """Say what *marker* is as EPUB says it (SSV, DPUB-ARIA; EPUB Accessibility 1.1, 4.3)."""
    marker.set("epub:type", "pagebreak")
    marker.set("role", "doc-pagebreak")
    marker.set("aria-label", marker.attrib.pop("data-page", ""))


def footnote(note: Note, back: str) -> Element:
    """The note as EPUB's readers pop it up: an `aside`, its number leading back to the call.

    *back* is what that link does, in words. EPUB 3.3 SSV `footnote`, DPUB-ARIA `doc-footnote`.
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
