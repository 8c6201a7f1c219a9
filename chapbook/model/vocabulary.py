"""The class names that mean something to Chapbook, each with the prefix `cb-`.

An author's class is for the author's own stylesheet: it reaches the EPUB and the web page as it was
written. So no name of ours may be one that authors write. `chapbook.reading.class_names` strips
`cb-` from their input. The templates and stylesheets use these names too, and no others of ours.

What authors write to Chapbook has no prefix: `AUTHORS`. It is the documented interface.
"""

from __future__ import annotations

PREFIX = "cb-"

# Notes and their calls
NOTE_BODY = "cb-note-body"
NOTE_MARK = "cb-note-mark"
NOTEREF = "cb-noteref"
FOOTNOTE = "cb-footnote"
NOTES = "cb-notes"
BACKLINK = "cb-backlink"

# pandoc's own, by the names that `chapbook.reading.class_names` gives them
FOOTNOTES = "cb-footnotes"
FOOTNOTE_REF = "cb-footnote-ref"
FOOTNOTE_BACK = "cb-footnote-back"
LINE_BLOCK = "cb-line-block"
MATH = "cb-math"
DISPLAY = "cb-display"
INLINE = "cb-inline"
EQUATION = "cb-equation"
REFERENCES = "cb-references"
HANGING_INDENT = "cb-hanging-indent"
CSL_BIB_BODY = "cb-csl-bib-body"
CSL_ENTRY = "cb-csl-entry"
CSL_LEFT_MARGIN = "cb-csl-left-margin"
CSL_RIGHT_INLINE = "cb-csl-right-inline"
CSL_BLOCK = "cb-csl-block"
CSL_INDENT = "cb-csl-indent"
OWN_ADDRESS = "cb-uri"  # a link whose words are its address

# Headings, pages, and what refers to them
PAGE_BREAK = "cb-page-break"  # where a printed page begins
AFTER_PAGE_BREAK = "cb-after-page-break"
PAGE_REF = "cb-page-ref"
PAGE_NUMBER = "cb-page-number"
SECTION_NUMBER = "cb-section-number"
PERMALINK = "cb-permalink"
XREF = "cb-xref"
XREF_MISSING = "cb-xref-missing"
LABEL = "cb-label"
LIST_OF = "cb-list-of"
ENTRY = "cb-entry"
LOCATOR = "cb-locator"
RANGE_END = "cb-range-end"
REPEATED = "cb-repeated"
BACKLINKS = "cb-backlinks"

# The index
INDEX_COLUMNS = "cb-index-columns"
INDEX_GROUP = "cb-index-group"
INDEX_SUB = "cb-index-sub"
INDEX_ENTRY = "cb-index-entry"
INDEX_HEADING = "cb-index-heading"
INDEX_TERM = "cb-index-term"
HAS_INDEX = "cb-has-index"
SEE = "cb-see"

# Words within a line
ADDRESS = "cb-address"
CAPS = "cb-caps"
BOUND = "cb-bound"  # never broken

# Blocks
ADMONITION = "cb-admonition"
ADMONITION_TITLE = "cb-admonition-title"
ATTRIBUTION = "cb-attribution"
DINKUS = "cb-dinkus"
STANZA = "cb-stanza"
LINE = "cb-line"
TASK = "cb-task"
OPEN = "cb-open"
DONE = "cb-done"
LONG = "cb-long"  # too long to stand on one page
WHOLE = "cb-whole"  # kept on one page
CONTINUED = "cb-continued"  # continues an element of another document of the EPUB

# Figures and images
FIGURE = "cb-figure"
IMAGE = "cb-image"
IMAGE_REFUSED = "cb-image-refused"
SIZED = "cb-sized"  # its author asked for a size
CREDIT = "cb-credit"
PANEL = "cb-panel"
LETTERED = "cb-lettered"
SIDE_BY_SIDE = "cb-side-by-side"

# Tables
WIDE = "cb-wide"
CLOSE = "cb-close"
TURNED = "cb-turned"
BROKEN = "cb-broken"
JOINED = "cb-joined"
STACKED = "cb-stacked"
DECIMAL = "cb-decimal"
ALIGN_LEFT = "cb-align-left"
ALIGN_RIGHT = "cb-align-right"
ALIGN_CENTER = "cb-align-center"
ALIGNMENTS = frozenset({ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTER})

# Formulas
EQUATION_NUMBER = "cb-equation-number"
TAG_ROW = "cb-tag-row"
TALL = "cb-tall"
RULED_BESIDE = "cb-ruled-beside"
RULED_BELOW = "cb-ruled-below"
JOINED_LEFT = "cb-joined-left"
JOINED_RIGHT = "cb-joined-right"
JOINED_CENTER = "cb-joined-center"

# Listings
LISTING = "cb-listing"
FILE_NAME = "cb-file-name"
LINE_NUMBER = "cb-line-number"
NUMBERED = "cb-numbered"
WIDE_LINE = "cb-wide-line"
CODE = {
    kind: f"{PREFIX}{kind}" for kind in ("added", "comment", "keyword", "name", "removed", "string")
}
"""The class of each kind of code."""

# What the writers and the layout put around the text
SCROLL = "cb-scroll"
OF_TABLE = "cb-of-table"
OF_FORMULA = "cb-of-formula"
TITLE_BLOCK = "cb-title-block"
TITLE = "cb-title"
SUBTITLE = "cb-subtitle"
AUTHOR_NAMES = "cb-authors"
IMPRINT = "cb-imprint"
CONTENTS = "cb-contents"
CONTENTS_LINK = "cb-contents-link"
IN_FRONT = "cb-in-front"
FRONT_PAGE = "cb-front-page"
BODY_MATTER = "cb-body-matter"
COVER_PAGE = "cb-cover-page"
BLANK_PAGE = "cb-blank-page"

_TEMPLATES = (
    "article back barcode below-plate blurb book chapbook colophon contents-heading cover "
    "cover-authors cover-image cover-subtitle cover-title digits downwards face front half-title "
    "head hyphenated identifier imprint-page initial isbn not-shown pages plate publisher skip "
    "spine spine-author spine-title symbol table text title-page upwards"
).split()
"""The classes that are only in templates and their stylesheets."""

WIDTH = "cb-width-"
"""Begins the class of a width: a number of percent, or of pixels with `px`."""

DIGITS = "cb-digits-"
"""Begins the class of a listing whose lines have numbers: how many digits the last one has."""

OURS = frozenset(
    [
        value
        for name, value in globals().items()
        if name.isupper()
        and name not in {"PREFIX", "CODE", "WIDTH", "DIGITS"}
        and isinstance(value, str)
    ]
    + [*CODE.values()]
    + [f"{PREFIX}{name}" for name in _TEMPLATES]
)
"""Every name but the numbered ones (`WIDTH`, `DIGITS`)."""

AUTHORS = frozenset(
    "abbreviations acknowledgments afterword appendix backmatter caution conclusion "
    "content-hidden content-visible decorative dedication epigraph epilogue example foreword "
    "frontmatter full-page glossary hidden important index introduction landscape left mark note "
    "number-lines numberLines numbered page page-break pagebreak part portrait preface prologue "
    "right row-headers smallcaps tip underline unlisted unnumbered verse warning".split()
)
"""The classes that authors write to Chapbook, as its manual and pandoc's say."""


def is_ours(name: str) -> bool:
    """Return whether only Chapbook may use the class *name*.

    >>> is_ours("cb-noteref"), is_ours("noteref")
    (True, False)
    """
    return name.startswith(PREFIX)
