"""The values that pass through the pipeline.

The central one is `Document`: one tree of allow-listed HTML from which all formats are made. Trees
are `xml.etree.ElementTree` elements, because they can be pickled and because WeasyPrint uses them.
Elements of HTML and MathML have names without a namespace; the writers add the namespaces.
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
    """Some lines of a manuscript's text that come from one file.

    The lines of the text from *line* on, counted from 1, are those of the file from *where* on.
    """

    line: int
    where: Place


@dataclass(frozen=True, slots=True)
class Manuscript:
    """The bytes of the author's files, and the text after decoding.

    `text` has no BOM and LF line ends, and contains every chapter and included file; `parts` says
    from which files its lines come. `content` is the main file. The archive stores, and the PDF
    embeds, `content` and `beside`, which are the other text files that the build reads.
    `name` is the main file's name in messages, `stem` the beginning of the names of outputs.
    `filters` are those files of `beside` that are run, if whoever builds has allowed it.
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
        """The SHA-256 of the author's files, in hexadecimal.

        For several files it is the SHA-256 of the list that `sha256sum` prints, sorted by name.
        """
        if not self.beside:
            return digest(self.content)
        rows = (f"{digest(content)}  {name}\n" for name, content in sorted(self.files.items()))
        return digest("".join(rows).encode())

    @property
    def files(self) -> dict[str, bytes]:
        """The text files that the build reads, by their names in the folder, the main one first."""
        return {self.file_name: self.content, **{file.name: file.content for file in self.beside}}

    def place_in(self, name: str, line: int | None = None) -> Place:
        """Return a place in the file *name* of the manuscript's folder."""
        return Place(f"{self.name.removesuffix(self.file_name)}{name}", line)

    def place(self, line: int | None) -> Place:
        """Return the place of *line* of `text`, counted from 1; without a line, the main file."""
        if line is None:
            return Place(self.name)
        index = bisect_right(self.parts, line, key=lambda part: part.line) - 1
        if index < 0:
            return Place(self.name, line)
        part = self.parts[index]
        return Place(part.where.file, (part.where.line or 1) + line - part.line)

    def place_at(self, offset: int) -> Place:
        """Return the place of the character at *offset* of `text`."""
        return self.place(self.text.count("\n", 0, offset) + 1)


@dataclass(frozen=True, slots=True)
class Asset:
    """An image of the manuscript, already checked: it can be decoded, and is not too large."""

    href: str  # relative POSIX path below the manuscript's folder, as in the tree
    media_type: str
    content: bytes
    width_px: int
    height_px: int
    losses: tuple[str, ...] = ()  # descriptions of what readers will not see of the file


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
    """A printed page, which begins in the text at the element with its `id`.

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
    with `id` and `data-depth` (1 is a chapter of a book, a section of an article). The first child
    of a section is its heading. The title is not in the tree: it is `metadata.title`.
    Before `prepare`, the tree is pandoc's. After layout, `pages` are the printed pages in order,
    and an empty `span` with each page's id and the class `cb-page-break` marks its beginning. That
    of the first page, before the title, is in the templates.
    """

    metadata: Metadata
    body: Element
    manuscript: Manuscript
    notes: tuple[Note, ...] = ()
    assets: Mapping[str, Asset] = field(default_factory=dict)
    cover_image: Asset | None = None  # on the cover, not in the tree
    findings: tuple[Finding, ...] = ()
    pages: tuple[Page, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)  # the templates' words, in its language

    @property
    def files(self) -> tuple[str, ...]:
        """The names of all files in the manuscript's folder that it was made from, sorted.

        They are texts, images, the cover, bibliographies, styles and filters.
        `source_files.build_files` adds settings and templates.
        """
        cover = {self.cover_image.href} if self.cover_image else set()
        return tuple(sorted({*self.manuscript.files, *self.assets, *cover}))


@dataclass(frozen=True, slots=True)
class Break:
    """The beginning of a printed page in a document's tree.

    It is in the element number *node* of `body.iter()`, after *count* characters of its own text,
    which is its `text` and the tails of its children, without white space. `node` is None if the
    page begins before the text, at the title.
    """

    page: Page
    node: int | None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """A PDF of laid-out pages, and the findings from writing it."""

    pdf: bytes
    page_count: int
    findings: tuple[Finding, ...] = ()


class TypesetPages(Protocol):
    """Laid-out pages, which the layout engine keeps in memory until they are written or closed."""

    def write(self) -> Written:
        """Return the pages as a PDF for readers, and close them."""

    def close(self) -> None:
        """Release the memory and the files of the pages. They may be closed twice."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The pages of the reading PDF, and where each begins; no file is written yet.

    `folios` are the folios of the pages by the ids of the text on them.
    `tree` is the tree of the last layout, with its `pictures`. With the same `geometry`, it gives
    the same pages again. `typeset` are the pages themselves.
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
        """The number of pages, in words."""
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
        """The metadata of the work."""
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
