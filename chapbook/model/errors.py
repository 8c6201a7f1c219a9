"""The errors, sorted by who can correct them, and the findings.

An error stops the work and is one of the classes here. A finding is a value: the work continues,
and the finding is printed, counted and, in `--json`, listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a manuscript: a file as the user named it, and a line counted from 1."""

    file: str
    line: int | None = None

    def __str__(self) -> str:
        return self.file if self.line is None else f"{self.file}:{self.line}"


class ChapbookError(Exception):
    """A failure with its place and its remedy. `str()` is the line that a user sees."""

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
    """A flaw in the manuscript or the files beside it: the author can correct it."""

    exit_code = 3


class DesignError(ChapbookError):
    """A flaw in a template, stylesheet, theme or token: the designer can correct it."""

    exit_code = 4


class ToolchainError(ChapbookError):
    """A program or library is missing or broken: whoever installs Chapbook can correct it."""

    exit_code = 5


class OutputError(ChapbookError):
    """A file cannot be written: a full disk, permissions, a folder with its name."""

    exit_code = 6


class ArchiveError(ChapbookError):
    """A problem with the archive of editions."""

    exit_code = 7


class EditionExists(ArchiveError):
    """An edition with the same label but other content exists."""


class EditionCorrupt(ArchiveError):
    """A stored edition has changed: a digest differs, or a file is missing."""


class ArchiveChanged(ArchiveError):
    """Another release was stored meanwhile; the caller must read the archive again."""


FINDINGS_EXIT_CODE = 8
"""The exit code when findings are errors."""


class Severity(Enum):
    """The weight of a finding. Only an ERROR makes a check fail."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


class Code(Enum):
    """Every kind of finding. The comment names the rule behind it."""

    # The front matter block
    METADATA_KEY = (
        "metadata-key"  # pandoc's and Dublin Core's names; a misspelled key would be lost silently
    )
    METADATA_VALUE = "metadata-value"  # W3C-DTF dates, ISBN-13, ISO 7064 check characters
    DRAFT = "draft"  # the author does not want to publish it yet
    LANGUAGE_MISSING = "language-missing"  # WCAG 2.2 SC 3.1.1, EPUB 3.3 dc:language
    IDENTIFIER_MISSING = "identifier-missing"  # EPUB 3.3 dc:identifier
    TITLE_MISSING = "title-missing"  # WCAG 2.2 SC 2.4.2, EPUB 3.3 dc:title
    # The author's own templates
    DESIGN_UNKNOWN = "design-unknown"  # a file, token or word in them that nothing reads
    # What a manuscript must not contain, or what a format cannot contain
    ELEMENT_REFUSED = "element-refused"  # the allow-list in chapbook.reading.sanitizer
    ATTRIBUTE_REFUSED = "attribute-refused"  # the same: event handlers, styles that set positions
    LINK_REFUSED = "link-refused"  # schemes other than http, https, mailto, tel
    LINK_BROKEN = "link-broken"  # a fragment that is no element's id; WCAG 2.2 SC 2.4.4
    CITATION_MISSING = "citation-missing"  # a key that no bibliography has
    REFERENCE_MISSING = "reference-missing"  # a cross-reference that leads to nothing numbered
    REFERENCE_TWICE = "reference-twice"  # two things with one name: HTML, 3.2.6.1, ids are unique
    IMAGE_REFUSED = (
        "image-refused"  # not in the manuscript's folder: remote, absolute, `..`, a symlink
    )
    IMAGE_CHANGED = "image-changed"  # a part of a drawing, or a color, that cannot be kept
    RAW_DROPPED = "raw-dropped"  # raw LaTeX and other formats that HTML cannot contain
    MARKUP_UNREAD = "markup-unread"  # pandoc's manual: readers would see the signs, or miss words
    CONVERSION = "conversion"  # pandoc's own warnings
    HIDDEN = "hidden"  # hidden by another tool's marks, or shown in some formats only
    CELL = "cell"  # a notebook's cell is not run, a directive of MyST not known
    ALT_MISSING = "alt-missing"  # WCAG 2.2 SC 1.1.1
    LANGUAGE_UNKNOWN = "language-unknown"  # a listing names a language that Pygments does not know
    ADMONITION_KIND = "admonition-kind"  # GitHub's five alerts; another marker is read as words
    MATH_SOURCE_SHOWN = "math-source-shown"  # a formula that cannot be drawn is shown as its TeX
    MATH_LOST = "math-lost"  # a part of a formula's TeX that no converter keeps
    ABBREVIATION_UNUSED = "abbreviation-unused"  # no reader would see its expansion
    INDEX_ENTRY = "index-entry"  # a term without words, a range without an end, a dead “see”
    # Layout
    GLYPH_MISSING = "glyph-missing"  # never a blank box: ISO 14289-1 7.21.4.1, .notdef
    TYPESETTING = (
        "typesetting"  # Bringhurst, 2.1.7 and 2.4: no widow, orphan, runt, ladder, overrun
    )
    TABLE_WIDE = "table-wide"  # Bringhurst, 4.4: tables fit the page, in readable type
    INK = "ink"  # ISO 15930-7: black text has no other ink
    STYLE_IGNORED = "style-ignored"  # CSS that WeasyPrint cannot apply
    # Print at home
    BOOKLET_THICK = "booklet-thick"  # more sheets than can be folded and stapled together
    # Parity: the finished files compared with the manuscript
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
    CONFORMANCE = (
        "conformance"  # PDF/A-3a, PDF/UA-1 and EPUB 3.3, as far as we check them ourselves
    )
    PAGES_DIFFER = (
        "pages-differ"  # EPUB Accessibility 1.1, 4.3: page breaks are where they are in print
    )
    STALE = "stale"  # the file was built from another version of the manuscript
    # The archive: OCFL 1.1, https://ocfl.io/1.1/spec/
    ARCHIVE_ALTERED = "archive-altered"  # a file's digest differs from that in its inventory
    ARCHIVE_MISSING = "archive-missing"  # a file that an inventory names is not there
    ARCHIVE_STRAY = "archive-stray"  # a file or folder that is in no inventory
    ARCHIVE_INVALID = "archive-invalid"  # the result of the validator, with the rule's code
    ARCHIVE_UNFINISHED = "archive-unfinished"  # an interrupted release; the next one removes it
    # The catalog
    NOT_LISTED = "not-listed"  # a file that names no work, or another file of the same work
    # What reading systems and stores accept: chapbook.checks.reading_systems
    EPUBCHECK = "epubcheck"  # EPUB 3.3 as checked by the W3C's EPUBCheck; the message has its ID
    EPUBCHECK_ABSENT = "epubcheck-absent"  # EPUBCheck was not run
    BOOK_SIZE = "book-size"  # Send to Kindle, Apple Books: reading_systems.limits
    DOCUMENT_SIZE = "document-size"  # Kobo ePub guidelines, older readers: reading_systems.limits
    IMAGE_PIXELS = "image-pixels"  # Apple Books Asset Guide: reading_systems.limits
    IMAGE_FORMAT = "image-format"  # EPUB 3.3, 3.2: core media types, and WebP only since 3.3
    COVER = "cover"  # Kindle's cover guidelines, EPUB 3.3 D.2 `cover-image`
    SVG_FALLBACK = "svg-fallback"  # Kindle Publishing Guidelines: only a part of SVG, since KF8
    STYLE_INLINE = "style-inline"  # readers' own stylesheets cannot override it; some fail on it
    CSS_LAYOUT = "css-layout"  # flexbox, grid, fixed positions: older engines lose or overlap text
    CSS_FIXED_SIZE = "css-fixed-size"  # WCAG 2.2 SC 1.4.4 and 1.4.10: text resizes and reflows
    CSS_COLOR = "css-color"  # a night theme changes one of two colors: WCAG 2.2 SC 1.4.3
    CSS_OVERRIDE = "css-override"  # `!important` against the reader's choice: EPUB RS 3.3, 6.2
    PAGE_LIST = "page-list"  # EPUB Accessibility 1.1, 4.3: page navigation and its source
    NOTE_SEMANTICS = "note-semantics"  # Kobo ePub guidelines; EPUB Accessibility: a way back
    CONTENTS_DEPTH = "contents-depth"  # Kindle shows two levels of the table of contents
    PAGE_PROGRESSION = "page-progression"  # EPUB 3.3, 5.7.1 `page-progression-direction`
    ACCESSIBILITY_METADATA = "accessibility-metadata"  # EPUB Accessibility 1.1, 2.2
    ACCESSIBILITY_CLAIM = "accessibility-claim"  # the same: claimed features must exist
    # What printers accept: chapbook.printing.vendors has each figure's source and date
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
    PRINT_BLACK = "print-black"  # black of several inks blurs if they do not align exactly
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
    """One finding: its code, severity and place, and a message with the remedy."""

    code: Code
    severity: Severity
    message: str
    where: Place | None = None

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.severity.value}: {self.message} [{self.code.value}]"


def warning(code: Code, message: str, where: Place | None = None) -> Finding:
    """Return a finding that does not make a check fail."""
    return Finding(code, Severity.WARNING, message, where)


def error(code: Code, message: str, where: Place | None = None) -> Finding:
    """Return a finding that makes a check fail."""
    return Finding(code, Severity.ERROR, message, where)


def note(code: Code, message: str, where: Place | None = None) -> Finding:
    """Return a finding that only informs."""
    return Finding(code, Severity.NOTE, message, where)
