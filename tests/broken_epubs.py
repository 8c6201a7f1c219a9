"""A corpus of small EPUBs: one that is right, and from it those with one defect each.

Every defect has a twin: the same thing done as reading systems bear it. What finds the defect must
be silent on the twin.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from PIL import Image

from chapbook.model.errors import Code

Files = dict[str, bytes]
Change = Callable[[Files], None]

CONTAINER = b"""<?xml version="1.0"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>
<rootfile full-path="E/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles></container>"""

PACKAGE = b"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:4f0ae0b4-5a7c-4e0e-9d6a-6c9c1b1f0f01</dc:identifier>
<dc:title>A Small Book</dc:title>
<dc:language>en</dc:language>
<dc:source id="print">A Small Book, PDF</dc:source>
<meta refines="#print" property="source-of">pagination</meta>
<meta property="dcterms:modified">2026-11-23T00:00:00Z</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessMode">visual</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityFeature">printPageNumbers</meta>
<meta property="schema:accessibilityFeature">pageNavigation</meta>
<meta property="schema:accessibilityHazard">none</meta>
</metadata>
<manifest>
<item id="cover" href="cover.xhtml" media-type="application/xhtml+xml"/>
<item id="text" href="text.xhtml" media-type="application/xhtml+xml"/>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
<item id="style" href="style.css" media-type="text/css"/>
<item id="cover-image" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/>
<item id="dot" href="dot.png" media-type="image/png"/>
</manifest>
<spine toc="ncx"><itemref idref="cover"/><itemref idref="text"/></spine>
</package>"""

HEAD = b"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en"
xml:lang="en"><head><title>A Small Book</title>
<link rel="stylesheet" type="text/css" href="style.css"/></head>
"""

COVER = HEAD + b'<body><p><img src="cover.jpg" alt="Cover"/></p></body></html>'

TEXT = (
    HEAD
    + b"""<body>
<span epub:type="pagebreak" role="doc-pagebreak" id="page-1" aria-label="1"></span>
<h1 id="one">One</h1>
<p class="first">The first of the paragraphs calls a note.<a epub:type="noteref" role="doc-noteref"
href="#note-1" id="call-1">1</a></p>
<p>The second runs on <span epub:type="pagebreak" role="doc-pagebreak" id="page-2"
aria-label="2"></span>to the next page.</p>
<h2 id="two">Two</h2>
<p><img src="dot.png" alt="A dot"/> is shown here.</p>
<span epub:type="pagebreak" role="doc-pagebreak" id="page-3" aria-label="3"></span>
<p>The last of them.</p>
<aside epub:type="footnote" role="doc-footnote" id="note-1"><p>A note.
<a href="#call-1" role="doc-backlink">back</a></p></aside>
</body></html>"""
)

NAV = (
    HEAD
    + b"""<body>
<nav epub:type="toc" id="toc"><h1>Contents</h1><ol>
<li><a href="text.xhtml#one">One</a><ol><li><a href="text.xhtml#two">Two</a></li></ol></li>
</ol></nav>
<nav epub:type="page-list" hidden="hidden"><ol>
<li><a href="text.xhtml#page-1">1</a></li>
<li><a href="text.xhtml#page-2">2</a></li>
<li><a href="text.xhtml#page-3">3</a></li>
</ol></nav>
<nav epub:type="landmarks" hidden="hidden"><ol>
<li><a epub:type="cover" href="cover.xhtml">Cover</a></li>
<li><a epub:type="bodymatter" href="text.xhtml">Text</a></li>
</ol></nav>
</body></html>"""
)

NCX = b"""<?xml version="1.0" encoding="utf-8"?>
<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"><head>
<meta name="dtb:uid" content="urn:uuid:4f0ae0b4-5a7c-4e0e-9d6a-6c9c1b1f0f01"/></head>
<docTitle><text>A Small Book</text></docTitle>
<navMap><navPoint id="n1"><navLabel><text>One</text></navLabel><content src="text.xhtml#one"/>
<navPoint id="n2"><navLabel><text>Two</text></navLabel><content src="text.xhtml#two"/></navPoint>
</navPoint></navMap>
<pageList>
<pageTarget id="p1" type="normal" value="1"><navLabel><text>1</text></navLabel>
<content src="text.xhtml#page-1"/></pageTarget>
<pageTarget id="p2" type="normal" value="2"><navLabel><text>2</text></navLabel>
<content src="text.xhtml#page-2"/></pageTarget>
<pageTarget id="p3" type="normal" value="3"><navLabel><text>3</text></navLabel>
<content src="text.xhtml#page-3"/></pageTarget>
</pageList></ncx>"""

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0L9 9"/></svg>'
LAST = b"<p>The last of them.</p>"
STYLE = b"p { margin: 0; text-indent: 1em }\nimg { max-width: 100% }\n"


@cache
def image(width: int, height: int, kind: str = "PNG", mode: str = "RGB") -> bytes:
    """A plain image of this size."""
    result = io.BytesIO()
    Image.new(mode, (width, height)).save(result, kind)
    return result.getvalue()


def noise(size: int) -> bytes:
    """So many bytes that nothing packs, always the same."""
    return random.Random(1).randbytes(size)


def clean() -> Files:
    """The files of the EPUB that is right."""
    return {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "E/package.opf": PACKAGE,
        "E/cover.xhtml": COVER,
        "E/text.xhtml": TEXT,
        "E/nav.xhtml": NAV,
        "E/toc.ncx": NCX,
        "E/style.css": STYLE,
        "E/cover.jpg": image(1400, 2240, "JPEG"),
        "E/dot.png": image(10, 10),
    }


def packed(files: Mapping[str, bytes]) -> bytes:
    """*files* as an EPUB."""
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as book:
        for name, content in files.items():
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            book.writestr(zipfile.ZipInfo(name), content, kind)
    return result.getvalue()


def changed(change: Change) -> bytes:
    """The EPUB with one *change*."""
    files = clean()
    change(files)
    return packed(files)


# Changes --------------------------------------------------------------------------------------


def nothing(files: Files) -> None:
    """The EPUB as it is."""


def swap(path: str, old: bytes, new: bytes) -> Change:
    """Put *new* in the place of *old*."""

    def change(files: Files) -> None:
        assert old in files[path], f"{path} has no {old!r}"
        files[path] = files[path].replace(old, new)

    return change


def drop(path: str) -> Change:
    """Leave the file at *path* out."""

    def change(files: Files) -> None:
        del files[path]

    return change


def css(sheet: bytes) -> Change:
    """Add *sheet* to the stylesheet."""
    return swap("E/style.css", STYLE, STYLE + sheet)


def body(markup: bytes) -> Change:
    """Add *markup* to the text."""
    return swap("E/text.xhtml", LAST, LAST + markup)


def meta(feature: bytes) -> Change:
    """Claim *feature*."""
    tag = b'<meta property="schema:accessibilityFeature">' + feature + b"</meta></metadata>"
    return swap("E/package.opf", b"</metadata>", tag)


def item(path: str, media_type: str, content: bytes, more: str = "") -> Change:
    """Add a file, and its line in the manifest."""
    line = f'<item id="x{len(path)}" href="{path}" media-type="{media_type}"{more}/></manifest>'

    def change(files: Files) -> None:
        files[f"E/{path}"] = content
        swap("E/package.opf", b"</manifest>", line.encode())(files)

    return change


def cover(content: bytes) -> Change:
    """Another cover."""
    return lambda files: files.update({"E/cover.jpg": content})


def all_of(*changes: Change) -> Change:
    """Several changes that together are one."""

    def change(files: Files) -> None:
        for one in changes:
            one(files)

    return change


def long(size: int) -> Change:
    """So many bytes more of text."""
    line = b"<p>Forty letters make a line of a document.</p>\n"
    return body(line * (size // len(line)))


def picture(content: bytes, kind: str = "png", more: str = "") -> Change:
    """One more picture, shown."""
    shown = f'<p><img src="more.{kind}" alt="More"/></p>'.encode()
    return all_of(item(f"more.{kind}", f"image/{kind}", content, more), body(shown))


def drawing(markup: bytes, more: str = "") -> Change:
    """A drawing, shown by *markup*."""
    return all_of(item("d.svg", "image/svg+xml", DRAWING, more), body(markup))


# The corpus -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A defect, by what it must be found, and its twin."""

    codes: frozenset[Code]
    defect: Change
    twin: Change = nothing


def case(code: Code, defect: Change, twin: Change = nothing, *more: Code) -> Case:
    """A case found by *code* (and *more*, where one thing cannot be without the other)."""
    return Case(frozenset({code, *more}), defect, twin)


_PAGE_2 = b'<li><a href="text.xhtml#page-2">2</a></li>\n'
_PAGE_3 = b'<li><a href="text.xhtml#page-3">3</a></li>\n'
_TARGET_2 = NCX[NCX.index(b'<pageTarget id="p2"') : NCX.index(b'<pageTarget id="p3"')]
_SVG_IMAGE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><image width="9" height="9"'
)
_SVG_IMAGE += b' xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="dot.png"/></svg>'
_MATH = b'<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'
_ARABIC = swap("E/package.opf", b"<dc:language>en", b"<dc:language>ar")
_THIRD = b'<navPoint id="n3"><navLabel><text>Three</text></navLabel><content src="text.xhtml#two"/>'
_NO_MARKERS = swap("E/text.xhtml", b'epub:type="pagebreak" role="doc-pagebreak"', b"")

CASES: Mapping[str, Case] = {
    # Sizes
    "long document": case(Code.DOCUMENT_SIZE, long(260_000), long(240_000)),
    "document that Kobo refuses": case(Code.DOCUMENT_SIZE, long(10_100_000), long(240_000)),
    "stylesheet too long to read": case(
        Code.DOCUMENT_SIZE, css(b"p{}" * 400_000), css(b"p { margin: 0 }\n" * 1000)
    ),
    "book too large to mail": case(
        Code.BOOK_SIZE,
        item("blob.bin", "application/octet-stream", noise(51_000_000)),
        item("blob.bin", "application/octet-stream", noise(5_000_000)),
    ),
    "image that Apple refuses": case(
        Code.IMAGE_PIXELS, picture(image(2100, 2000)), picture(image(1600, 2000))
    ),
    "large image": case(Code.IMAGE_PIXELS, picture(image(1700, 2000)), picture(image(1600, 2000))),
    "young image": case(
        Code.IMAGE_FORMAT,
        picture(image(9, 9, "WEBP"), "webp"),
        picture(image(9, 9, "WEBP"), "webp", ' fallback="dot"'),
    ),
    # The cover
    "no cover": case(Code.COVER, swap("E/package.opf", b' properties="cover-image"', b"")),
    "cover of EPUB 2": case(
        Code.COVER,
        swap("E/package.opf", b' properties="cover-image"', b""),
        all_of(
            swap("E/package.opf", b' properties="cover-image"', b""),
            swap(
                "E/package.opf",
                b"</metadata>",
                b'<meta name="cover" content="cover-image"/></metadata>',
            ),
        ),
    ),
    "small cover": case(
        Code.COVER, cover(image(624, 1000, "JPEG")), cover(image(625, 1000, "JPEG"))
    ),
    "huge cover": case(
        Code.COVER, cover(image(10_001, 1000, "PNG", "L")), nothing, Code.IMAGE_PIXELS
    ),
    "cover for print": case(
        Code.COVER, cover(image(700, 1100, "JPEG", "CMYK")), cover(image(700, 1100, "JPEG", "L"))
    ),
    "cover beside text": case(
        Code.COVER,
        swap(
            "E/nav.xhtml",
            b'epub:type="cover" href="cover.xhtml"',
            b'epub:type="cover" href="text.xhtml"',
        ),
    ),
    # Drawings
    "drawing alone": case(
        Code.SVG_FALLBACK,
        drawing(b'<p><img src="d.svg" alt="A line"/></p>'),
        drawing(
            b'<p><picture><source srcset="d.svg" type="image/svg+xml"/>'
            b'<img src="dot.png" alt="A line"/></picture></p>'
        ),
    ),
    "drawing without another item": case(
        Code.SVG_FALLBACK,
        drawing(b'<p><img src="d.svg" alt="A line"/></p>'),
        drawing(b'<p><img src="d.svg" alt="A line"/></p>', ' fallback="dot"'),
    ),
    "drawing as an object": case(
        Code.SVG_FALLBACK,
        drawing(b'<p><object data="d.svg" type="image/svg+xml">A line</object></p>'),
        drawing(
            b'<p><object data="d.svg" type="image/svg+xml"><img src="dot.png" alt="A line"/>'
            b"</object></p>"
        ),
    ),
    "drawing in the text": case(Code.SVG_FALLBACK, body(DRAWING), body(_SVG_IMAGE)),
    # Styles
    "style element": case(
        Code.STYLE_INLINE,
        swap("E/text.xhtml", b"</head>", b"<style>p { margin: 0 }</style></head>"),
        css(b"p { margin: 0 }"),
    ),
    "style attribute": case(
        Code.STYLE_INLINE,
        body(b'<p style="text-indent: 0">More.</p>'),
        body(_SVG_IMAGE.replace(b"<image ", b'<image style="opacity: 1" ')),
    ),
    "flexbox": case(
        Code.CSS_LAYOUT,
        css(b".first { display: flex }"),
        css(b"@supports (display: flex) { .first { display: flex } }"),
    ),
    "flexbox on small screens": case(
        Code.CSS_LAYOUT,
        css(b"@media (max-width: 30em) { .first { display: inline-flex } }"),
        css(b"@media print { .first { display: inline-flex } }"),
    ),
    "grid": case(
        Code.CSS_LAYOUT, css(b".first { DISPLAY: Grid }"), css(b".first { display: block }")
    ),
    "fixed position": case(
        Code.CSS_LAYOUT, css(b".first { position: fixed }"), css(b".first { position: relative }")
    ),
    "fixed type": case(
        Code.CSS_FIXED_SIZE, css(b"p { font-size: 12pt }"), css(b"p { font-size: 1.1em }")
    ),
    "fixed type in short": case(
        Code.CSS_FIXED_SIZE, css(b"p { font: 14px/1.4 serif }"), css(b"p { font: 1em/1.4 serif }")
    ),
    "fixed leading": case(
        Code.CSS_FIXED_SIZE, css(b"p { line-height: 18px }"), css(b"p { line-height: 0 }")
    ),
    "fixed width": case(
        Code.CSS_FIXED_SIZE,
        css(b"table { width: 500px }"),
        css(b"table { width: 300px; max-width: 500px }"),
    ),
    "margins of the page": case(
        Code.CSS_FIXED_SIZE,
        css(b"html, body { margin: 0 2cm }"),
        css(b"blockquote { margin: 0 12px } body { margin: 0 }"),
    ),
    "margins of pages": case(
        Code.CSS_FIXED_SIZE, css(b"@page { margin: 20px }"), css(b"@page { margin: 0 }")
    ),
    "ink": case(
        Code.CSS_COLOR,
        css(b"body { color: #222 }"),
        css(b"@media (prefers-color-scheme: dark) { body { color: #ddd } } a { color: inherit }"),
    ),
    "paper": case(
        Code.CSS_COLOR,
        css(b"html { background: white }"),
        css(b"html { background: transparent } .first { background: #eee }"),
    ),
    "outweighed reader": case(
        Code.CSS_OVERRIDE,
        css(b"p { font-family: serif !important }"),
        css(b"p { page-break-inside: avoid !important }"),
    ),
    # Pages
    "page not listed": case(
        Code.PAGE_LIST,
        all_of(swap("E/nav.xhtml", _PAGE_2, b""), swap("E/toc.ncx", _TARGET_2, b"")),
        all_of(
            swap("E/nav.xhtml", _PAGE_2, b""),
            swap("E/toc.ncx", _TARGET_2, b""),
            swap(
                "E/text.xhtml",
                b'<span epub:type="pagebreak" role="doc-pagebreak" id="page-2"\n'
                b'aria-label="2"></span>',
                b"",
            ),
        ),
    ),
    "pages in another order": case(
        Code.PAGE_LIST, swap("E/nav.xhtml", _PAGE_2 + _PAGE_3, _PAGE_3 + _PAGE_2)
    ),
    "page named twice": case(
        Code.PAGE_LIST,
        all_of(
            swap("E/nav.xhtml", b'#page-3">3<', b'#page-3">2<'),
            swap("E/text.xhtml", b'aria-label="3"', b'aria-label="2"'),
            swap("E/toc.ncx", b"<text>3<", b"<text>2<"),
        ),
    ),
    "page list without markers": case(
        Code.PAGE_LIST, swap("E/text.xhtml", b'id="page-3"', b'id="page-4"')
    ),
    "page that is no page": case(
        Code.PAGE_LIST,
        all_of(swap("E/nav.xhtml", b"#page-3", b"#two"), swap("E/toc.ncx", b"#page-3", b"#two")),
    ),
    "another page's label": case(
        Code.PAGE_LIST, swap("E/text.xhtml", b'aria-label="3"', b'aria-label="iii"')
    ),
    "page without a label": case(
        Code.PAGE_LIST,
        swap("E/text.xhtml", b' aria-label="3"></span>', b"></span>"),
        swap("E/text.xhtml", b' aria-label="3"></span>', b">3</span>"),
    ),
    "pages of the NCX": case(
        Code.PAGE_LIST,
        swap("E/toc.ncx", _TARGET_2, b""),
        swap("E/toc.ncx", NCX[NCX.index(b"<pageList>") : NCX.index(b"</ncx>")], b""),
    ),
    "pages of nothing": case(
        Code.PAGE_LIST,
        swap(
            "E/package.opf", b'<meta refines="#print" property="source-of">pagination</meta>', b""
        ),
        all_of(
            swap(
                "E/package.opf",
                b'<meta refines="#print" property="source-of">pagination</meta>',
                b"",
            ),
            swap(
                "E/package.opf",
                b"</metadata>",
                b'<meta property="pageBreakSource">A Small Book, PDF</meta></metadata>',
            ),
        ),
    ),
    "pages that nothing lists": case(
        Code.PAGE_LIST,
        swap("E/nav.xhtml", b'epub:type="page-list"', b'epub:type="lot"'),
        nothing,
        Code.ACCESSIBILITY_CLAIM,
    ),
    # Notes, contents, direction
    "call that does not pop up": case(
        Code.NOTE_SEMANTICS, swap("E/text.xhtml", b'epub:type="noteref" ', b"")
    ),
    "note that is not marked": case(
        Code.NOTE_SEMANTICS,
        swap("E/text.xhtml", b'epub:type="footnote" role="doc-footnote" ', b""),
        swap("E/text.xhtml", b'epub:type="footnote" role="doc-footnote"', b'epub:type="endnote"'),
    ),
    "call that leads nowhere": case(
        Code.NOTE_SEMANTICS, swap("E/text.xhtml", b'href="#note-1"', b'href="#note-2"')
    ),
    "note without a way back": case(
        Code.NOTE_SEMANTICS,
        swap("E/text.xhtml", b'<a href="#call-1" role="doc-backlink">back</a>', b""),
    ),
    "deep contents": case(
        Code.CONTENTS_DEPTH,
        swap("E/toc.ncx", b'#two"/></navPoint>', b'#two"/>' + _THIRD + b"</navPoint></navPoint>"),
        swap("E/toc.ncx", b'#two"/></navPoint>', b'#two"/></navPoint>' + _THIRD + b"</navPoint>"),
    ),
    "pages that turn the wrong way": case(
        Code.PAGE_PROGRESSION,
        _ARABIC,
        all_of(
            _ARABIC, swap("E/package.opf", b"<spine ", b'<spine page-progression-direction="rtl" ')
        ),
    ),
    # Accessibility
    "image without a word": case(
        Code.ALT_MISSING,
        all_of(
            swap("E/package.opf", b"alternativeText", b"readingOrder"),
            body(b'<p><img src="dot.png"/></p>'),
        ),
        body(b'<p><img src="dot.png" alt=""/></p>'),
    ),
    "words claimed for every image": case(
        Code.ACCESSIBILITY_CLAIM,
        body(b'<p><img src="dot.png"/></p>'),
        body(b'<p><img src="dot.png" alt="A second dot"/></p>'),
        Code.ALT_MISSING,
    ),
    "formulas claimed": case(
        Code.ACCESSIBILITY_CLAIM,
        meta(b"MathML"),
        all_of(meta(b"MathML"), body(b"<p>" + _MATH + b"</p>")),
    ),
    "ruby claimed": case(
        Code.ACCESSIBILITY_CLAIM,
        meta(b"rubyAnnotations"),
        all_of(meta(b"rubyAnnotations"), body(b"<p><ruby>a<rt>b</rt></ruby></p>")),
    ),
    "page numbers claimed": case(
        Code.ACCESSIBILITY_CLAIM,
        all_of(
            _NO_MARKERS,
            swap("E/nav.xhtml", b'epub:type="page-list"', b'epub:type="lot"'),
            swap("E/package.opf", b"pageNavigation", b"readingOrder"),
        ),
    ),
    "nothing said of hazards": case(
        Code.ACCESSIBILITY_METADATA,
        swap("E/package.opf", b'<meta property="schema:accessibilityHazard">none</meta>', b""),
    ),
    # What cannot be read at all, or is not known for an EPUB
    "no mimetype": case(Code.CONFORMANCE, drop("mimetype")),
    "mimetype of another kind": case(
        Code.CONFORMANCE, swap("mimetype", b"application/epub+zip", b"application/epub+zip\n")
    ),
    "document that is not XML": case(
        Code.UNREADABLE,
        swap("E/cover.xhtml", b"</p>", b""),
        swap("E/cover.xhtml", b"<p>", b"<p><br/>"),
    ),
    "entities": case(
        Code.UNREADABLE,
        swap("E/cover.xhtml", b"<!DOCTYPE html>", b'<!DOCTYPE html [<!ENTITY a "b">]>'),
        swap("E/cover.xhtml", b"<!DOCTYPE html>", b""),
    ),
}

# Found by EPUBCheck, with the start of the message's ID.
EPUBCHECKED: Mapping[str, tuple[str, Change]] = {
    "file that is not there": (
        "RSC-001",
        swap("E/package.opf", b'href="dot.png"', b'href="no.png"'),
    ),
    "link that leads nowhere": ("RSC-012", body(b'<p><a href="#nowhere">Link</a></p>')),
    "paragraph within one": ("RSC-005", body(b"<p>A <p>paragraph</p></p>")),
}
