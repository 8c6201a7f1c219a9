"""The values that travel through the pipeline. They import nothing of ours but each other.

The pivot is `Document`: one tree of allow-listed HTML from which all formats are made. Trees are
`xml.etree.ElementTree` elements, because they pickle, and because WeasyPrint lays out just those.
HTML elements bear plain names, MathML ones too (the writers put the namespaces back).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Protocol
from xml.etree.ElementTree import Element

from chapbook.model.edition import Edition, digest
from chapbook.model.errors import Finding, Place
from chapbook.model.metadata import Metadata
from chapbook.printing import geometry as printing


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A text file beside the manuscript that the build reads: a chapter, a bibliography, a filter.

    `name` is its path below the manuscript's folder, in POSIX form.
    """

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines of a manuscript's text that stand in one file.

    Those from *line* on, counted from 1, are the lines from *where* on.
    """

    line: int
    where: Place


@dataclass(frozen=True, slots=True)
class Manuscript:
    """The bytes as the author left them, and the text after decoding.

    `text` has no BOM and LF line ends, and holds every chapter and included file; `parts` tells
    which of its lines stand where. `content` is the main file's. The archive keeps, and the PDF
    carries, `content` and `beside`: every other text file that the build reads, each once.
    `name` is what messages call the main file, `stem` what the outputs are called. `filters` are
    those of `beside` that are to be run, for whoever builds has allowed it.
    """

    name: str
    stem: str
    content: bytes
    text: str
    parts: tuple[Part, ...] = ()
    beside: tuple[SourceFile, ...] = ()
    filters: tuple[SourceFile, ...] = ()
    findings: tuple[Finding, ...] = ()  # of the front matter of chapters and included files

    @property
    def file_name(self) -> str:
        """The main file's name in its folder."""
        return PurePosixPath(self.name).name

    @property
    def digest(self) -> str:
        """The sha256 of what the author wrote, in hexadecimal.

        Of several files it is that of the list which `sha256sum` prints of them, sorted by name.
        """
        if not self.beside:
            return digest(self.content)
        rows = (f"{digest(content)}  {name}\n" for name, content in sorted(self.files.items()))
        return digest("".join(rows).encode())

    @property
    def files(self) -> dict[str, bytes]:
        """The text files that the build reads by their names in its folder, the main one first."""
        return {self.file_name: self.content, **{file.name: file.content for file in self.beside}}

    def place_in(self, name: str, line: int | None = None) -> Place:
        """That line of the file *name* in the manuscript's folder, as the user names it."""
        return Place(f"{self.name.removesuffix(self.file_name)}{name}", line)

    def place(self, line: int | None) -> Place:
        """Where that line of `text`, counted from 1, stands; without one, the main file."""
        if line is None:
            return Place(self.name)
        index = bisect_right(self.parts, line, key=lambda part: part.line) - 1
        if index < 0:
            return Place(self.name, line)
        part = self.parts[index]
        return Place(part.where.file, (part.where.line or 1) + line - part.line)

    def place_at(self, offset: int) -> Place:
        """Where the character at *offset* of `text` stands."""
        return self.place(self.text.count("\n", 0, offset) + 1)


@dataclass(frozen=True, slots=True)
class Asset:
    """An image beside the manuscript, already judged: decodable, of a size a machine bears."""

    href: str  # as the tree refers to it: relative, POSIX, below the manuscript's folder
    media_type: str
    content: bytes
    width_px: int
    height_px: int
    losses: tuple[str, ...] = ()  # what a reader misses of the file, in words


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: its body is a `div` of blocks; `#noteref-N` in the tree calls `#note-N`."""

    number: int
    body: Element

    @property
    def id(self) -> str:
        """The id of the note itself."""
        return f"note-{self.number}"

    @property
    def ref_id(self) -> str:
        """The id of the call in the text."""
        return f"noteref-{self.number}"


@dataclass(frozen=True, slots=True)
class Page:
    """A printed page, and where in the text it begins: at the element that bears `id`.

    `label` is the folio as it is printed: "12", or "iv" in the front matter of a book.
    """

    label: str

    @property
    def id(self) -> str:
        """The id of the page break marker, and so the fragment of its address."""
        return f"page-{self.label}"


@dataclass(frozen=True, slots=True)
class Document:
    """A manuscript read and checked.

    `body` is an `article` element: blocks before the first heading, then nested `section`s, each
    with `id` and `data-depth` (1 is a chapter of a book, a section of an essay), its first child
    the heading. The title is not in the tree: it is `metadata.title`, and templates set it.
    Before `prepare`, the tree is pandoc's. After layout, `pages` are the printed pages in order. An
    empty `span` of the class `page-break` with each page's id stands where its words begin; the
    first one's, before the title, is the templates'.
    """

    metadata: Metadata
    body: Element
    manuscript: Manuscript
    notes: tuple[Note, ...] = ()
    assets: Mapping[str, Asset] = field(default_factory=dict)
    cover_image: Asset | None = None  # stands on the cover, not in the tree
    findings: tuple[Finding, ...] = ()
    pages: tuple[Page, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)  # the house's own, in its language

    @property
    def files(self) -> tuple[str, ...]:
        """The names of all files in the manuscript's folder that went into it, sorted.

        Texts, images, the cover, bibliographies, styles and filters; `source_files.build_files`
        adds settings and templates.
        """
        cover = {self.cover_image.href} if self.cover_image else set()
        return tuple(sorted({*self.manuscript.files, *self.assets, *cover}))


@dataclass(frozen=True, slots=True)
class Break:
    """Where a printed page begins in a document's tree.

    In the element that is number *node* of `body.iter()`, after *count* characters of its own text:
    of its `text` and the tails of its children, white space apart. `node` is None before the text,
    at the title.
    """

    page: Page
    node: int | None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """A PDF of laid-out pages, and what was found while it was written."""

    pdf: bytes
    page_count: int
    findings: tuple[Finding, ...] = ()


class TypesetPages(Protocol):
    """Laid-out pages, which the layout engine holds in memory until they are written or closed."""

    def write(self) -> Written:
        """The pages as a PDF for readers. They are closed then."""

    def close(self) -> None:
        """Give the memory and the files of the pages back. Closing twice does no harm."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The pages of the reading PDF, and where each begins; no file is written yet.

    `folios` names the page on which each id of the text is.
    `tree` is what was laid out in the end, after all mending, with its `pictures`: laid out anew on
    the same `geometry`, it comes to the same pages. `typeset` are the pages themselves.
    """

    page_count: int
    breaks: tuple[Break, ...] = ()
    findings: tuple[Finding, ...] = ()
    tree: Element | None = None
    pictures: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)
    geometry: printing.Page | None = None
    folios: Mapping[str, str] = field(default_factory=dict)
    typeset: TypesetPages | None = None

    @property
    def extent(self) -> str:
        """How many pages it has, in words."""
        return "1 page" if self.page_count == 1 else f"{self.page_count:,} pages"

    def close(self) -> None:
        """Give up the pages: nothing writes them any more."""
        if self.typeset is not None:
            self.typeset.close()


@dataclass(frozen=True, slots=True)
class Publication:
    """All that a writer needs to know of the work: the prepared document and its edition."""

    document: Document
    edition: Edition
    layout: Layout | None = None  # None before it is laid out

    @property
    def metadata(self) -> Metadata:
        """What is said about the work."""
        return self.document.metadata


@dataclass(frozen=True, slots=True)
class Artefact:
    """A finished file, still in memory. `extent` is a phrase such as "5 pages" or "412 words".

    It is written beside the others under the manuscript's stem and `suffix`. `companions` are the
    files that the same format makes along with it.
    """

    format: str
    suffix: str
    content: bytes
    extent: str
    findings: tuple[Finding, ...] = ()
    companions: tuple[Artefact, ...] = ()
