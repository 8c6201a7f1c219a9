"""What can go wrong, sorted by who can put it right; and what a check finds.

An error stops the work and is one of the classes here. A finding is a value: the work goes on and
the finding is shown, counted and, in `--json`, listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file as the user named it, and a line counted from 1."""

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


class ChapbookError(Exception):
    """A failure with its place and its remedy. `str()` is the one line a user sees."""

    exit_code = 1

    def __init__(self, message: str, *, where: Place | None = None, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.remedy = remedy

    def __reduce__(self) -> tuple[object, ...]:
        # A keyword-only signature does not survive pickling by default, and errors cross processes.
        return (_rebuild, (type(self), self.message, self.where, self.remedy))

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        remedy = f" — {self.remedy}" if self.remedy else ""
        return f"{place}{self.message}{remedy}"


def _rebuild(
    kind: type[ChapbookError], message: str, where: Place | None, remedy: str
) -> ChapbookError:
    return kind(message, where=where, remedy=remedy)


class SourceError(ChapbookError):
    """The manuscript or what lies beside it: the author can put it right."""

    exit_code = 3


class DesignError(ChapbookError):
    """A template, stylesheet, theme or token: the designer can put it right."""

    exit_code = 4


class ToolchainError(ChapbookError):
    """A program or library that is missing or broken: whoever installs can put it right."""

    exit_code = 5


class OutputError(ChapbookError):
    """Disk, permissions, a folder in the way."""

    exit_code = 6


class ArchiveError(ChapbookError):
    """The archive of editions."""

    exit_code = 7


class EditionExists(ArchiveError):
    """The label is taken by an edition with other content."""


class EditionCorrupt(ArchiveError):
    """What is stored is not what was stored: a digest differs, or a file is missing."""


class ArchiveChanged(ArchiveError):
    """Another release came in between; the caller looks again and decides anew."""


FINDINGS_EXIT_CODE = 8
"""A check ran to its end and found errors."""


class Severity(Enum):
    """How much a finding weighs. Only an ERROR makes a check fail."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


class Code(Enum):
    """Every kind of finding. The comment cites the rule it stands on."""

    # The metadata block
    METADATA_KEY = "metadata-key"  # pandoc's and Dublin Core's names; a typo is silently lost text
    METADATA_VALUE = "metadata-value"  # W3C-DTF dates, ISBN-13, ISO 7064 check characters
    DRAFT = "draft"  # the author says that it is not to be published yet
    LANGUAGE_MISSING = "language-missing"  # WCAG 2.2 SC 3.1.1, EPUB 3.3 dc:language
    IDENTIFIER_MISSING = "identifier-missing"  # EPUB 3.3 dc:identifier
    TITLE_MISSING = "title-missing"  # WCAG 2.2 SC 2.4.2, EPUB 3.3 dc:title
    # The author's own templates
    DESIGN_UNKNOWN = "design-unknown"  # a file, token or word of them that nothing reads
    # What the manuscript may not do, or what cannot be carried
    ELEMENT_REFUSED = "element-refused"  # the allow-list in chapbook.reading.sanitizer
    ATTRIBUTE_REFUSED = "attribute-refused"  # the same: event handlers, styles that position
    LINK_REFUSED = "link-refused"  # schemes other than http, https, mailto, tel
    LINK_BROKEN = "link-broken"  # a fragment that no element bears; WCAG 2.2 SC 2.4.4
    CITATION_MISSING = "citation-missing"  # a key that no bibliography has
    REFERENCE_MISSING = "reference-missing"  # a cross-reference that leads to nothing numbered
    REFERENCE_TWICE = "reference-twice"  # two things of one name: HTML, 3.2.6.1, ids are unique
    IMAGE_REFUSED = "image-refused"  # not beside the manuscript: remote, absolute, `..`, link out
    IMAGE_CHANGED = "image-changed"  # what of a drawing or of its colors cannot be carried
    RAW_DROPPED = "raw-dropped"  # raw LaTeX and other formats that HTML cannot carry
    MARKUP_UNREAD = "markup-unread"  # pandoc's manual: else readers meet the signs, or miss words
    CONVERSION = "conversion"  # what pandoc itself warns of
    HIDDEN = "hidden"  # what the author hid by another tool's marks, or shows in some formats only
    CELL = "cell"  # a notebook's cell is not run, a directive of MyST not read as one
    ALT_MISSING = "alt-missing"  # WCAG 2.2 SC 1.1.1
    LANGUAGE_UNKNOWN = "language-unknown"  # a listing names a language that Pygments does not know
    ADMONITION_KIND = "admonition-kind"  # GitHub's five alerts; another's marker is read as words
    MATH_SOURCE_SHOWN = "math-source-shown"  # a formula that cannot be set is shown as its TeX
    MATH_LOST = "math-lost"  # what the formula's TeX asks for and no converter carries
    ABBREVIATION_UNUSED = "abbreviation-unused"  # its expansion would be lost to every reader
    INDEX_ENTRY = "index-entry"  # a term without words, a range without an end, a dead “see”
    # Layout
    GLYPH_MISSING = "glyph-missing"  # never a blank box: ISO 14289-1 7.21.4.1, .notdef
    TYPESETTING = (
        "typesetting"  # Bringhurst, 2.1.7 and 2.4: no widow, orphan, runt, ladder, overrun
    )
    TABLE_WIDE = "table-wide"  # Bringhurst, 4.4: tables keep to the page, their type to be read
    INK = "ink"  # ISO 15930-7: what is printed in black has no other ink
    STYLE_IGNORED = "style-ignored"  # WeasyPrint met CSS that it cannot apply
    # Print at home
    BOOKLET_THICK = "booklet-thick"  # more sheets than can be folded and stapled as one
    # Parity: what the finished files say against the manuscript
    UNREADABLE = "unreadable"  # an independent reader cannot open the file
    WORDS_DIFFER = "words-differ"
    TITLE_DIFFERS = "title-differs"
    LANGUAGE_DIFFERS = "language-differs"
    HEADINGS_DIFFER = "headings-differ"
    NOTES_DIFFER = "notes-differ"
    LINKS_DIFFER = "links-differ"
    FIGURES_DIFFER = "figures-differ"
    TABLES_DIFFER = "tables-differ"
    LISTS_DIFFER = "lists-differ"
    QUOTES_DIFFER = "quotes-differ"
    CODE_DIFFERS = "code-differs"
    EMPHASIS_DIFFERS = "emphasis-differs"
    MATH_DIFFERS = "math-differs"
    METADATA_DIFFERS = "metadata-differs"
    CONFORMANCE = "conformance"  # PDF/A-3a, PDF/UA-1, EPUB 3.3 as far as we read them ourselves
    PAGES_DIFFER = "pages-differ"  # EPUB Accessibility 1.1, 4.3: a page break is where print has it
    STALE = "stale"  # the file was built from another state of the manuscript
    # The archive: OCFL 1.1, https://ocfl.io/1.1/spec/
    ARCHIVE_ALTERED = "archive-altered"  # a file's digest is not the one in its inventory
    ARCHIVE_MISSING = "archive-missing"  # a file that an inventory names is not there
    ARCHIVE_STRAY = "archive-stray"  # a file or folder that no inventory and no rule knows
    ARCHIVE_INVALID = "archive-invalid"  # the validator's verdict, with the rule's code
    ARCHIVE_UNFINISHED = "archive-unfinished"  # an interrupted release; the next one clears it away
    # The catalog
    NOT_LISTED = "not-listed"  # a file that names no work, or another file of the same work
    # What reading systems and stores bear: chapbook.checks.reading_systems
    EPUBCHECK = "epubcheck"  # EPUB 3.3 as the W3C's EPUBCheck reads it; the message has its ID
    EPUBCHECK_ABSENT = "epubcheck-absent"  # the book was not checked against the whole of EPUB 3.3
    BOOK_SIZE = "book-size"  # Send to Kindle, Apple Books: reading_systems.limits
    DOCUMENT_SIZE = "document-size"  # Kobo ePub guidelines; older readers: the same
    IMAGE_PIXELS = "image-pixels"  # Apple Books Asset Guide: the same
    IMAGE_FORMAT = "image-format"  # EPUB 3.3, 3.2: core media types, and WebP only since 3.3
    COVER = "cover"  # Kindle's cover guidelines, EPUB 3.3 D.2 `cover-image`
    SVG_FALLBACK = "svg-fallback"  # Kindle Publishing Guidelines: SVG only in part, from KF8 on
    STYLE_INLINE = "style-inline"  # readers' own stylesheets cannot outweigh it; some fail on it
    CSS_LAYOUT = "css-layout"  # flexbox, grid, fixed positions: older engines lose or overlay text
    CSS_FIXED_SIZE = "css-fixed-size"  # WCAG 2.2 SC 1.4.4 and 1.4.10: text resizes and reflows
    CSS_COLOR = "css-color"  # a night theme changes one of two colors: WCAG 2.2 SC 1.4.3
    CSS_OVERRIDE = "css-override"  # `!important` over what readers choose: EPUB RS 3.3, 6.2
    PAGE_LIST = "page-list"  # EPUB Accessibility 1.1, 4.3: page navigation and its source
    NOTE_SEMANTICS = "note-semantics"  # Kobo ePub guidelines; EPUB Accessibility: a way back
    CONTENTS_DEPTH = "contents-depth"  # Kindle shows two levels of the table of contents
    PAGE_PROGRESSION = "page-progression"  # EPUB 3.3, 5.7.1 `page-progression-direction`
    ACCESSIBILITY_METADATA = "accessibility-metadata"  # EPUB Accessibility 1.1, 2.2
    ACCESSIBILITY_CLAIM = "accessibility-claim"  # the same: what is claimed must be there
    # What printers take: chapbook.printing.vendors has each figure's source and date
    PRINT_FILE_SIZE = "print-file-size"
    PRINT_ENCRYPTION = "print-encryption"
    PRINT_PDF_X = "print-pdf-x"  # ISO 15930
    PRINT_BOXES = "print-boxes"  # ISO 32000-2, 14.11.2
    PRINT_TRIM = "print-trim"
    PRINT_PAGE_COUNT = "print-page-count"
    PRINT_SIGNATURE = "print-signature"  # a leaf has two sides
    PRINT_GUTTER = "print-gutter"
    PRINT_MARGINS = "print-margins"
    PRINT_BLEED = "print-bleed"
    PRINT_MARKS = "print-marks"
    PRINT_LAST_PAGE = "print-last-page"
    PRINT_FONTS = "print-fonts"
    PRINT_RESOLUTION = "print-resolution"
    PRINT_COLOR = "print-color"
    PRINT_BLACK = "print-black"  # black of several inks blurs where they do not meet exactly
    PRINT_INK = "print-ink"
    PRINT_TRANSPARENCY = "print-transparency"
    PRINT_LINES = "print-lines"
    PRINT_TYPE = "print-type"
    PRINT_ANNOTATIONS = "print-annotations"
    PRINT_BOOKMARKS = "print-bookmarks"
    PRINT_INVISIBLE = "print-invisible"
    PRINT_SPINE_WIDTH = "print-spine-width"
    PRINT_SPINE_TEXT = "print-spine-text"
    PRINT_SAFE_ZONE = "print-safe-zone"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: what, how bad, where, and in words what to do."""

    code: Code
    severity: Severity
    message: str
    where: Place | None = None

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.severity.value}: {self.message} [{self.code.value}]"


def warning(code: Code, message: str, where: Place | None = None) -> Finding:
    """A finding that does not make a check fail."""
    return Finding(code, Severity.WARNING, message, where)


def error(code: Code, message: str, where: Place | None = None) -> Finding:
    """A finding that makes a check fail."""
    return Finding(code, Severity.ERROR, message, where)


def note(code: Code, message: str, where: Place | None = None) -> Finding:
    """A finding that only tells what was assumed."""
    return Finding(code, Severity.NOTE, message, where)
