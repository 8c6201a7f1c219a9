"""The formats: one row each, and the only table of them.

What belongs to a format is named by its dotted name and imported when it is first used: so the
command line starts quickly, and this table may name modules of every layer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from chapbook.design.templates import Design
    from chapbook.model.document import Artefact, Publication

Role = Literal["reading", "print", "extra"]
"""`reading`: for readers, built where no format is named, and part of every edition.
`print`: for a printer, part of an edition that names one. `extra`: made on request only."""

Family = Literal["pdf", "epub", "html"]
"""Which passages a format shows of those that an author has meant for some formats only."""

_PDF = "application/pdf"
_HEAD_BYTES = 1024  # in which a file says what it is


class File(NamedTuple):
    """How the name of a file ends, and the media type of the file, as IANA registered it."""

    suffix: str
    media_type: str


class Option(NamedTuple):
    """What a user can ask of a format: a number, at least *least*, or a switch if that is None.

    `name` is the writer's keyword; the command line writes it with hyphens.
    """

    name: str
    help: str
    least: int | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """A format: what its files are called, and who writes, reads and judges them.

    `writer` names a function `(Publication, Design) -> Artefact`, which takes the `options` that
    were given as keywords, `reader` one `(bytes) -> Reading`
    that `chapbook check` compares with the manuscript, and `judge` one
    `(name, bytes, manuscript or None) -> Report` that checks any such file, whoever made it.
    `source`, `(bytes) -> str | None`, returns the SHA-256 of the manuscript that a file names.
    A catalog lists the format if `record`, `(Path) -> About | None`, reads what a file says of its
    work. `cover`, `(Path) -> bytes | None`, returns a picture for the shelf.
    """

    name: str
    label: str  # what people call it
    files: tuple[File, ...]
    role: Role
    writer: str
    family: Family = "pdf"
    needs_pages: bool = True  # whether the text is laid out before it is written
    opens_in_browser: bool = True
    signature: bytes | None = None  # a regular expression that matches the head of its files
    reader: str | None = None
    judge: str | None = None
    source: str | None = None
    record: str | None = None
    cover: str | None = None
    catalog_rank: int = 0  # its place among a work's files in a catalog: best for e-readers first
    options: tuple[Option, ...] = ()

    @property
    def suffix(self) -> str:
        """How the name of its own file ends."""
        return self.files[0].suffix

    @property
    def media_type(self) -> str:
        """The media type of its own file."""
        return self.files[0].media_type

    @property
    def suffixes(self) -> tuple[str, ...]:
        """How the names of all files that it makes end."""
        return tuple(file.suffix for file in self.files)

    @property
    def is_text(self) -> bool:
        """Whether its files are text, which a browser shows and a server compresses."""
        return self.media_type.startswith("text/")

    def chosen(self, options: Options) -> dict[str, int]:
        """Those of *options* that this format has."""
        names = {option.name for option in self.options}
        return {name: value for name, value in sorted(options.items()) if name in names}

    def write(
        self, publication: Publication, design: Design, options: Options = MappingProxyType({})
    ) -> Artefact:
        """*publication* in this format, by those of *options* that it has.

        Raises as its writer does.
        """
        chosen = self.chosen(options)
        artefact: Artefact = resolve(self.writer)(publication, design, **chosen)
        return artefact


Options = Mapping[str, int]
"""What a user asked of formats, by the options' names; a switch is True."""


def resolve(name: str) -> Any:
    """The object that a dotted name such as `chapbook.writers.pdf:write_pdf` names."""
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)


_ROWS = (
    Format(
        name="pdf",
        label="PDF",
        files=(File(".pdf", _PDF),),
        role="reading",
        writer="chapbook.writers.pdf:write_pdf",
        signature=rb"%PDF-",
        reader="chapbook.checks.read_pdf:read_pdf",
        record="chapbook.catalog.pdf_record:about_pdf",
        cover="chapbook.catalog.covers:first_page_of",
        catalog_rank=2,
    ),
    Format(
        name="epub",
        label="EPUB",
        files=(File(".epub", "application/epub+zip"),),
        role="reading",
        writer="chapbook.writers.epub.writer:write_epub",
        family="epub",
        opens_in_browser=False,
        signature=rb"PK\x03\x04",
        reader="chapbook.checks.read_epub:read_epub",
        judge="chapbook.checks.any_epub:check_epub",
        source="chapbook.checks.any_epub:digest_of_source",
        record="chapbook.catalog.epub_record:about_epub",
        cover="chapbook.catalog.epub_record:cover_of",
        catalog_rank=1,
    ),
    Format(
        name="html",
        label="HTML",
        files=(File(".html", "text/html"),),
        role="reading",
        writer="chapbook.writers.html.writer:write_html",
        family="html",
        signature=rb"(?is).*?(?:<!doctype html|<html)",
        reader="chapbook.checks.read_html:read_html",
        record="chapbook.catalog.html_record:about_html",
        catalog_rank=3,
    ),
    Format(
        name="press",
        label="Interior",
        files=(File("-press.pdf", _PDF),),
        role="print",
        writer="chapbook.writers.print.interior:write_press",
    ),
    Format(
        name="cover",
        label="Cover",
        files=(File("-cover.pdf", _PDF), File("-cover.jpg", "image/jpeg")),
        role="print",
        writer="chapbook.writers.print.cover_wrap:write_cover",
    ),
    Format(
        name="text",
        label="Plain text",
        files=(File(".txt", "text/plain"),),
        role="extra",
        writer="chapbook.writers.text:write_text",
        reader="chapbook.checks.read_text:read_text",
        options=(
            Option("width", "Columns of a line of plain text.  [default: 72]", least=20),
            Option("page_numbers", "Plain text: show at the margin where a printed page begins."),
        ),
    ),
    Format(
        name="booklet",
        label="Booklet",
        files=(File("-booklet.pdf", _PDF), File("-booklet-how-to.pdf", _PDF)),
        role="extra",
        writer="chapbook.writers.print.booklet:write_booklet",
    ),
)

FORMATS: Mapping[str, Format] = MappingProxyType({row.name: row for row in _ROWS})
"""All formats by name, in the order in which they are offered."""

READING_FORMATS: tuple[str, ...] = tuple(row.name for row in _ROWS if row.role == "reading")
"""What is built where no format is named."""

PAGED = FORMATS["pdf"]
"""The format whose pages all others carry."""


def released_formats(printer: str) -> tuple[str, ...]:
    """What an edition consists of: the reading formats, and what its *printer* takes."""
    roles = ("reading",) if printer == "home" else ("reading", "print")
    return tuple(row.name for row in _ROWS if row.role in roles)


def readable_formats() -> tuple[Format, ...]:
    """The formats whose files can be read back and compared with the manuscript."""
    return tuple(row for row in _ROWS if row.reader)


def listed_formats() -> tuple[Format, ...]:
    """The formats that a catalog lists, best for e-readers first."""
    return tuple(sorted((row for row in _ROWS if row.record), key=lambda row: row.catalog_rank))


def format_of_suffix(suffix: str) -> Format | None:
    """The format whose own files end in *suffix*, in upper or lower case."""
    return next((row for row in _ROWS if row.suffix == suffix.lower()), None)


def judged_format(name: str) -> Format | None:
    """The format of the file *name*, if such files are checked whoever made them."""
    row = format_of_suffix(PurePath(name).suffix)
    return row if row and row.judge else None


def format_of_content(content: bytes) -> Format | None:
    """The format that a file says it is by its first bytes: it may have been renamed."""
    head = content[:_HEAD_BYTES]
    return next((row for row in _ROWS if row.signature and re.match(row.signature, head)), None)


def media_type_of(name: str) -> str | None:
    """The media type of the file *name*, if a format makes files whose names end so."""
    files = (file for row in _ROWS for file in row.files)
    ends = [file for file in files if name.endswith(file.suffix)]
    return max(ends, key=lambda file: len(file.suffix)).media_type if ends else None
