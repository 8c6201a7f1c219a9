"""PDFs with one deliberate defect each, and the same PDFs without it, to measure preflight.

`python -m tests.preflight.corpus` measures recall and false alarms of each rule. `--accept` writes
the table into chapbook/preflight/README.md, where a test compares it with the measurement.
"""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from chapbook.model.errors import Code, Severity
from chapbook.preflight import PrintRequest, preflight
from chapbook.preflight.order import Order, Part
from chapbook.preflight.rules import RULES
from chapbook.printing.printer import Basis, Limit, Printer
from chapbook.printing.vendors import PRINTERS
from tests.preflight.specimens import (
    EIGHTH,
    INCH,
    Change,
    Layout,
    Wrap,
    annotated,
    bookmarked,
    claims_pdf_x,
    cmyk_jpeg,
    cover,
    finished,
    form,
    image,
    interior,
    layered,
    on_page,
    painting,
)

DOCUMENT = Path(__file__).parents[2] / "chapbook" / "preflight" / "README.md"

Files = Callable[[], Mapping[str, bytes]]


@dataclass(frozen=True)
class Pair:
    """Files with a defect for one rule of one printer, and the same files without it."""

    code: Code
    name: str
    printer: Printer
    defective: Files
    clean: Files
    paper: str = "white"

    def __str__(self) -> str:
        return f"{self.code.value}: {self.name}"


def alarms(files: Mapping[str, bytes], printer: Printer, paper: str) -> frozenset[Code]:
    """Return the rules that report a defect in *files*."""
    results = preflight(files, PrintRequest(printer, printer.papers[paper]))
    findings = (finding for result in results for finding in result.findings)
    return frozenset(each.code for each in findings if each.severity != Severity.NOTE)


# The books of each printer ----------------------------------------------------------------------

KDP, INGRAM, LULU, PRESS = (PRINTERS[name] for name in ("kdp", "ingram", "lulu", "press"))
_BOOK = Layout()
_BLED = replace(_BOOK, bleed=EIGHTH)
_LULU = replace(_BOOK, pages=32, inner=0.7 * INCH, outer=0.55 * INCH, top=0.6 * INCH)
_LULU = replace(_LULU, bottom=0.6 * INCH)
_INGRAM = replace(_LULU, blank_last=True)
_IS_X1A = claims_pdf_x("PDF/X-1a:2001")
_IS_X4 = claims_pdf_x("PDF/X-4")


def _book(layout: Layout = _BOOK, *changes: Change) -> Files:
    return lambda: {"book.pdf": interior(layout, *changes)}


def _kdp(code: Code, name: str, defect: Change, twin: Change | None = None) -> Pair:
    return Pair(code, name, KDP, _book(_BOOK, defect), _book(_BOOK, *([twin] if twin else [])))


def _kdp_layouts(code: Code, name: str, defect: Layout, twin: Layout = _BOOK) -> Pair:
    return Pair(code, name, KDP, _book(defect), _book(twin))


def _ingram(code: Code, name: str, defect: Change, twin: Change | None = None) -> Pair:
    clean = (_IS_X1A, *([twin] if twin else []))
    return Pair(code, name, INGRAM, _book(_INGRAM, _IS_X1A, defect), _book(_INGRAM, *clean))


def _lulu(code: Code, name: str, defect: Change, twin: Change | None = None) -> Pair:
    return Pair(code, name, LULU, _book(_LULU, defect), _book(_LULU, *([twin] if twin else [])))


def _press(code: Code, name: str, defect: tuple[Change, ...], twin: tuple[Change, ...]) -> Pair:
    return Pair(code, name, PRESS, _book(_BOOK, *defect), _book(_BOOK, *twin))


# One defect each --------------------------------------------------------------------------------


def _of_files() -> Iterator[Pair]:
    small = replace(KDP, largest_bytes=Limit(100_000, KDP.margins.source))
    yield Pair(Code.PRINT_FILE_SIZE, "a limit of 100 KB", small, _book(_BOOK, _padded), _book())
    yield Pair(Code.PRINT_ENCRYPTION, "an owner’s password", KDP, _locked, _book())
    yield Pair(Code.PRINT_PDF_X, "no claim", INGRAM, _book(_INGRAM), _book(_INGRAM, _IS_X1A))
    yield Pair(
        Code.PRINT_PDF_X,
        "another kind",
        INGRAM,
        _book(_INGRAM, _IS_X4),
        _book(_INGRAM, claims_pdf_x("PDF/X-3:2002")),
    )
    no_intent = claims_pdf_x("PDF/X-4", with_intent=False)
    yield _press(Code.PRINT_PDF_X, "no output intent", (no_intent,), (_IS_X4,))
    yield _kdp(Code.PRINT_FONTS, "one of the standard fonts", _with_font(_plain_helvetica()))
    yield _kdp(Code.PRINT_FONTS, "a composite font, in a form", _with_form_font)
    yield _kdp(Code.PRINT_ANNOTATIONS, "a link", annotated("Link"))
    yield _kdp(Code.PRINT_ANNOTATIONS, "a comment", annotated("Text"))
    yield _press(
        Code.PRINT_ANNOTATIONS, "a link at a press", (_IS_X4, annotated("Link")), (_IS_X4,)
    )
    yield _kdp(Code.PRINT_BOOKMARKS, "a bookmark", bookmarked)
    yield _kdp(Code.PRINT_INVISIBLE, "text not painted", painting("BT 3 Tr /F1 9 Tf (x) Tj ET"))
    yield _kdp(Code.PRINT_INVISIBLE, "a hidden layer", layered)
    behind = "BT /F1 9 Tf 100 300 Td (x) Tj ET 1 g 99 299 20 20 re f"
    yield _kdp(Code.PRINT_INVISIBLE, "text behind a white box", painting(behind))


def _padded(pdf: pikepdf.Pdf) -> None:
    noise = b"".join(
        hashlib.sha512(bytes([high, low])).digest() for high in range(32) for low in range(64)
    )
    pdf.Root.PieceInfo = pdf.make_stream(noise)


def _locked() -> Mapping[str, bytes]:
    with pikepdf.open(io.BytesIO(interior(_BOOK))) as pdf:
        return {"book.pdf": finished(pdf, encryption=pikepdf.Encryption(owner="o", user=""))}


def _plain_helvetica() -> Dictionary:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def _with_font(font: Dictionary) -> Change:
    return painting(
        "BT /F2 9 Tf 100 100 Td (Helvetica) Tj ET", Font={"F2": lambda pdf: pdf.make_indirect(font)}
    )


def _with_form_font(pdf: pikepdf.Pdf) -> None:
    part = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name("/Absent"))
    part.CIDSystemInfo = Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0)
    font = Dictionary(Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/Absent"))
    font.Encoding = Name("/Identity-H")
    font.DescendantFonts = Array([pdf.make_indirect(part)])
    result = form("BT /F2 9 Tf 100 100 Td <0041> Tj ET", Font={"F2": pdf.make_indirect(font)})
    painting("/X1 Do", XObject={"X1": result})(pdf)


def _of_pages() -> Iterator[Pair]:
    boxes = Code.PRINT_BOXES
    yield _kdp(boxes, "a page turned", on_page(3, "Rotate", 90), on_page(3, "Rotate", 0))
    yield _kdp(boxes, "a crop", on_page(3, "CropBox", Array([20, 20, 340, 556])))
    yield _kdp(boxes, "a unit", _unit)
    yield _kdp(boxes, "a TrimBox outside", on_page(3, "BleedBox", Array([9, 9, 351, 567])))
    narrow = replace(_BOOK, width=3.5 * INCH, inner=0.5 * INCH)
    yield _kdp_layouts(Code.PRINT_TRIM, "narrower than is cut", narrow, replace(_BOOK, width=288))
    yield _kdp_layouts(Code.PRINT_PAGE_COUNT, "too few pages", replace(_BOOK, pages=22))
    forty = _book(replace(_BOOK, pages=40))
    seventy = _book(replace(_BOOK, pages=72))
    count = Code.PRINT_PAGE_COUNT
    yield Pair(count, "too few for its paper", KDP, forty, seventy, paper="standard-color")
    yield Pair(count, "too few at Lulu", LULU, _book(replace(_LULU, pages=30)), _book(_LULU))
    yield _kdp_layouts(Code.PRINT_SIGNATURE, "an odd page", replace(_BOOK, pages=25))
    inked = painting("60 300 80 20 re f", page=32)
    yield _ingram(Code.PRINT_LAST_PAGE, "ink on the last page", inked)
    yield from _of_edges()


def _unit(pdf: pikepdf.Pdf) -> None:
    """Halve the numbers of a page's boxes and double its unit: its printed size stays the same."""
    page = pdf.pages[2].obj
    page.UserUnit = 2
    for box in ("/MediaBox", "/TrimBox"):
        page[box] = Array([float(side) / 2 for side in page[box]])
    page.Contents = pdf.make_stream(b"0.5 0 0 0.5 0 0 cm\n" + page.Contents.read_bytes())


def _of_edges() -> Iterator[Pair]:
    gutter, margins = Code.PRINT_GUTTER, Code.PRINT_MARGINS
    tight = replace(_BOOK, inner=0.38 * INCH)
    yield _kdp_layouts(gutter, "too narrow", replace(_BOOK, inner=0.3 * INCH), tight)
    yield _kdp_layouts(
        gutter, "for 152 pages", replace(tight, pages=152), replace(tight, pages=150)
    )
    one_verso = painting("330 300 20 20 re f", page=6)  # a verso is bound at its right
    yield _kdp(gutter, "on one verso", one_verso, painting("330 300 10 20 re f", page=5))
    lulu = replace(_LULU, inner=0.52 * INCH)
    yield Pair(gutter, "60 pages at Lulu", LULU, _book(replace(lulu, pages=60)), _book(lulu))
    for side, layout in (
        ("outside", replace(_BOOK, outer=0.2 * INCH)),
        ("at the foot", replace(_BOOK, bottom=0.2 * INCH)),
        ("at the head", replace(_BOOK, top=0.2 * INCH)),
    ):
        yield _kdp_layouts(margins, side, layout, replace(_BOOK, outer=0.26 * INCH))
    photo = painting("0.5 g 0 0 369 100 re f", page=5)
    near = replace(_BLED, outer=0.3 * INCH)
    yield Pair(margins, "text beside bleed", KDP, _book(near, photo), _book(_BLED, photo))
    short = painting("0.5 g 0 0 362 100 re f", page=5)  # 2 pt over the cut, 9 wanted
    yield Pair(Code.PRINT_BLEED, "too short", KDP, _book(_BLED, short), _book(_BLED, photo))
    edge = painting("0.5 g 0 200 360 100 re f", page=5)
    inside = painting("0.5 g 50 200 270 100 re f", page=5)
    yield Pair(Code.PRINT_BLEED, "none at all", KDP, _book(_BOOK, edge), _book(_BOOK, inside))
    crop = "0 G 1 w 2 27 m 20 27 l S 27 2 m 27 20 l S 400 27 m 412 27 l S"
    slug = replace(_BLED, slug=0.25 * INCH)
    marked = painting(crop, page=5)
    yield Pair(Code.PRINT_MARKS, "crop marks", KDP, _book(slug, marked), _book(slug))
    bled = replace(_INGRAM, bleed=EIGHTH, slug=0.25 * INCH)
    ours = _book(bled, _IS_X1A, marked), _book(bled, _IS_X1A)
    yield Pair(Code.PRINT_MARKS, "crop marks at Ingram", INGRAM, *ours)


def _of_paint() -> Iterator[Pair]:
    resolution, lines, small = Code.PRINT_RESOLUTION, Code.PRINT_LINES, Code.PRINT_TYPE
    fine, coarse = {"X1": image(300)}, {"X1": image(200)}
    inch = "72 0 0 72 100 100 cm /X1 Do"
    at_inch = painting(inch, XObject=fine)
    yield _kdp(resolution, "200 ppi", painting(inch, XObject=coarse), at_inch)
    twice = {"X2": form("2 0 0 2 0 0 cm /X1 Do", XObject=fine)}
    once = {"X2": form("/X1 Do", XObject=fine)}
    nested = "72 0 0 72 100 100 cm /X2 Do"
    enlarged = painting(nested, XObject=twice), painting(nested, XObject=once)
    yield _kdp(resolution, "enlarged in a form", *enlarged)
    inline = "{} 0 0 {} 100 100 cm BI /W 2 /H 2 /CS /G /BPC 8 ID 0000 EI"
    inlined = painting(inline.format(9, 9)), painting(inline.format(0.48, 0.48))
    yield _kdp(resolution, "an inline image", *inlined)
    yield _kdp(
        lines, "a stroke", painting("0.25 w 99 99 m 200 99 l S"), painting("1 w 99 99 m 200 99 l S")
    )
    yield _kdp(lines, "a hairline", painting("0 w 99 99 m 200 99 l S"))
    scaled = "0.1 0 0 0.1 100 100 cm {} w 0 0 m 900 0 l S"
    yield _kdp(lines, "scaled", painting(scaled.format(2)), painting(scaled.format(10)))
    filled = painting("100 100 100 0.3 re f"), painting("100 100 100 0.8 re f")
    yield _kdp(lines, "a thin rectangle", *filled)
    corners = "100 100 m 200 100 l 200 {0} l 100 {0} l h f"
    cornered = painting(corners.format(100.4)), painting(corners.format(101))
    yield _kdp(lines, "a thin polygon", *cornered)
    words = "BT /F1 {} Tf 100 150 Td (Small) Tj ET"
    yield _kdp(small, "6 pt", painting(words.format(6)), painting(words.format(7)))
    by_matrix = "BT /F1 1 Tf {0} 0 0 {0} 100 150 Tm (Small) Tj ET"
    yield _kdp(small, "by matrix", painting(by_matrix.format(5)), painting(by_matrix.format(8)))
    by_scale = "{0} 0 0 {0} 100 150 cm BT /F1 10 Tf (Small) Tj ET"
    yield _kdp(small, "by scale", painting(by_scale.format(0.5)), painting(by_scale.format(0.8)))
    outlined = "{0} 0 0 {0} 100 150 cm 0 0 m 0 1 l 0.8 0.5 l 0 0.2 0.3 0.3 0 0 c f"
    yield _kdp(
        small, "4 pt, as outlines", painting(outlined.format(4)), painting(outlined.format(9))
    )
    tiled = painting("/Pattern cs /P1 scn 99 99 50 50 re f", Pattern={"P1": _tile(50)})
    finer = painting("/Pattern cs /P1 scn 99 99 50 50 re f", Pattern={"P1": _tile(300)})
    yield _kdp(resolution, "in a pattern", tiled, finer)
    yield from _of_color()


def _tile(side: int) -> Callable[[pikepdf.Pdf], Any]:
    """A tiling pattern, a square inch large, of an image that is *side* pixels wide."""

    def make(pdf: pikepdf.Pdf) -> Any:
        tile = form("72 0 0 72 0 0 cm /X1 Do", XObject={"X1": image(side)})(pdf)
        del tile.Subtype
        tile.PatternType = 1
        tile.PaintType = tile.TilingType = 1
        tile.BBox = Array([0, 0, 72, 72])
        tile.XStep = tile.YStep = 72
        return tile

    return make


def _of_color() -> Iterator[Pair]:
    color, ink = Code.PRINT_COLOR, Code.PRINT_INK
    words = "BT {} /F1 10 Tf 100 150 Td (Black) Tj ET"
    rgb, gray = painting(words.format("0 0 0 rg")), painting(words.format("0 g"))
    yield _ingram(color, "black text in RGB", rgb, gray)
    place = "72 0 0 72 100 100 cm /X1 Do"
    in_rgb = {"X1": image(300, "/DeviceRGB", b"\x80\x80\x80")}
    grays = painting(place, XObject=in_rgb), painting(place, XObject={"X1": image(300)})
    yield _ingram(color, "a gray image in RGB", *grays)
    blue = painting("0 0 1 rg 100 100 50 50 re f")
    yield _ingram(color, "color in a black and white book", blue)
    in_cmyk = {"X1": image(300, "/DeviceCMYK", b"\x00\x00\x00\x80")}
    yield _lulu(color, "a CMYK image", painting(place, XObject=in_cmyk), grays[1])
    based = "/C1 cs 0 0 0 1 sc 100 100 50 50 re f"
    yield _lulu(
        color,
        "a CMYK profile",
        painting(based, ColorSpace={"C1": _profile(4)}),
        painting(based.replace("0 0 0 1", "0 0 0"), ColorSpace={"C1": _profile(3)}),
    )
    rich, pure = (painting(words.format(f"{inks} k")) for inks in (".6 .4 .4 1", "0 0 0 1"))
    yield _ingram(Code.PRINT_BLACK, "text in four inks", rich, pure)
    yield _kdp(Code.PRINT_BLACK, "text in four inks, by a space", *_by_space(words))
    fill = "{} k 100 100 50 50 re f"
    wet, dry = painting(fill.format(".5 .5 .5 1")), painting(fill.format("0 0 0 1"))
    yield _ingram(ink, "a fill of 250 %", wet, dry)
    soaked = {"X1": image(300, "/DeviceCMYK", b"\xb4\xb4\xb4\xb4")}
    drained = {"X1": image(300, "/DeviceCMYK", b"\x00\x00\x00\xb4")}
    yield _ingram(
        ink, "an image of 282 %", *(painting(place, XObject=x) for x in (soaked, drained))
    )
    jpegs = ({"X1": cmyk_jpeg(300, inks)} for inks in ((180, 180, 180, 180), (0, 0, 0, 180)))
    yield _ingram(ink, "a JPEG of 282 %", *(painting(place, XObject=x) for x in jpegs))
    fills = "/G1 gs .7 .6 .6 0 k 99 99 50 50 re f /G1 gs 0 0 0 .9 k 99 99 50 50 re f"
    over, knocked = (Dictionary(OP=prints, op=prints, OPM=1) for prints in (True, False))
    stacked = painting(fills, ExtGState={"G1": over}), painting(fills, ExtGState={"G1": knocked})
    yield _ingram(ink, "280 % by overprinting", *stacked)
    yield from _of_transparency(place)


def _by_space(words: str) -> tuple[Change, Change]:
    return (
        painting(words.format("/DeviceCMYK cs 0.5 0.5 0 0.9 scn")),
        painting(words.format("/DeviceCMYK cs 0 0 0 0.9 scn")),
    )


def _profile(components: int) -> Callable[[pikepdf.Pdf], Array]:
    def make(pdf: pikepdf.Pdf) -> Array:
        stream = pdf.make_stream(b"a profile that nobody reads here")
        stream.N = components
        stream.Alternate = Name("/DeviceCMYK" if components == 4 else "/DeviceRGB")
        return Array([Name.ICCBased, stream])

    return make


def _of_transparency(place: str) -> Iterator[Pair]:
    code = Code.PRINT_TRANSPARENCY
    fill = "/G1 gs 100 100 50 50 re f"
    opaque = painting(fill, ExtGState={"G1": Dictionary(ca=1, BM=Name.Normal)})
    faint = painting(fill, ExtGState={"G1": Dictionary(ca=0.5)})
    yield _kdp(code, "an opacity", faint, opaque)
    multiplied = painting(fill, ExtGState={"G1": Dictionary(BM=Name.Multiply)})
    yield _kdp(code, "a blend mode", multiplied, opaque)
    masked = {"X1": image(300, SMask=image(300))}
    yield _kdp(
        code,
        "a soft mask",
        painting(place, XObject=masked),
        painting(place, XObject={"X1": image(300)}),
    )
    inner = form(fill, ExtGState={"G1": Dictionary(CA=0.2)})
    yield _kdp(code, "in a form", painting("/X1 Do", XObject={"X1": inner}))


def _of_covers() -> Iterator[Pair]:
    hundred = replace(_BOOK, pages=100)
    right = Wrap()
    wide = replace(right, spine=right.spine + 6)
    yield _wrapped(Code.PRINT_SPINE_WIDTH, "2 mm too wide", hundred, wide, right)
    yield _wrapped(
        Code.PRINT_SPINE_WIDTH, "of another height", hundred, replace(right, height=590), right
    )
    sixty = replace(right, spine=60 * 0.002252 * INCH)
    titled = replace(sixty, spine_text=3)
    small = replace(_BOOK, pages=60)
    yield _wrapped(Code.PRINT_SPINE_TEXT, "on 60 pages", small, titled, sixty)
    off = replace(right, spine_text=1)
    centered = replace(right, spine_text=5.5)
    yield _wrapped(Code.PRINT_SPINE_TEXT, "at the fold", hundred, off, centered)
    near = replace(right, text=((5, 300),))
    yield _wrapped(Code.PRINT_SAFE_ZONE, "at the cut", hundred, near, right)
    low = replace(right, text=((40, 9),))
    yield _wrapped(
        Code.PRINT_SAFE_ZONE, "at the foot", hundred, low, replace(right, text=((40, 24),))
    )
    cut = replace(right, text=((-4, 300),))  # 4 pt are cut off, 5 remain to the edge of the sheet
    yield _wrapped(Code.PRINT_SAFE_ZONE, "across the cut", hundred, cut, right)
    yield _wrapped(Code.PRINT_BLEED, "no bleed on a cover", hundred, right, right, _shrunk)
    lulu = replace(_LULU, pages=100)
    spine = replace(right, spine=(100 / 444 + 0.06) * INCH, text=((60, 300),))
    narrow = replace(spine, spine=(100 / 444) * INCH)
    yield Pair(
        Code.PRINT_SPINE_WIDTH,
        "without the cover’s own",
        LULU,
        lambda: {"book.pdf": interior(lulu), "cover.pdf": cover(narrow)},
        lambda: {"book.pdf": interior(lulu), "cover.pdf": cover(spine)},
    )


def _wrapped(
    code: Code, name: str, book: Layout, defect: Wrap, twin: Wrap, *changes: Change
) -> Pair:
    return Pair(
        code,
        name,
        KDP,
        lambda: {"book.pdf": interior(book), "cover.pdf": cover(defect, *changes)},
        lambda: {"book.pdf": interior(book), "cover.pdf": cover(twin)},
    )


def _shrunk(pdf: pikepdf.Pdf) -> None:
    """Paint the tint only to the cut."""
    page = pdf.pages[0]
    left, bottom, right, top = (float(side) for side in page.obj.TrimBox)
    tint = f"0.85 g {left} {bottom} {right - left} {top - bottom} re f 0 g"
    page.obj.Contents = pdf.make_stream(tint.encode())


def corpus() -> tuple[Pair, ...]:
    """Return every pair."""
    return (*_of_files(), *_of_pages(), *_of_paint(), *_of_covers())


# The measure ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measured:
    """The result of one pair: whether the defect was found, and the false alarms."""

    pair: Pair
    is_seen: bool
    false_alarms: tuple[Code, ...]


def measure_all() -> tuple[Measured, ...]:
    """Run preflight on both files of every pair; the same files are measured only once."""
    known: dict[object, frozenset[Code]] = {}

    def of(files: Files, pair: Pair) -> frozenset[Code]:
        contents = files()
        key = (tuple(contents.items()), pair.printer.name, pair.printer.largest_bytes, pair.paper)
        if key not in known:
            known[key] = alarms(contents, pair.printer, pair.paper)
        return known[key]

    results = []
    for pair in corpus():
        seen, clean = of(pair.defective, pair), of(pair.clean, pair)
        wrong = (*sorted(seen - {pair.code}, key=str), *sorted(clean, key=str))
        results.append(Measured(pair, pair.code in seen, wrong))
    return tuple(results)


def table(results: tuple[Measured, ...]) -> str:
    """Return the table of recall and false alarms of each rule for the preflight README."""
    rows = ["| rule | defects seen | false alarms in clean files, or beside another defect |"]
    rows.append("|---|---:|---:|")
    for code in sorted({each.pair.code for each in results}, key=lambda code: code.value):
        mine = [each for each in results if each.pair.code is code]
        seen = sum(each.is_seen for each in mine)
        wrong = sum(each.false_alarms.count(code) for each in results)
        rows.append(f"| `{code.value}` | {seen} of {len(mine)} | {wrong} of {2 * len(results)} |")
    unseen = "; ".join(str(each.pair) for each in results if not each.is_seen)
    return "\n".join([*rows, "", f"Not seen: {unseen or 'none'}."])


_SIGNS = {
    Basis.OFFICIAL: "official",
    Basis.AGREED: "agreed",
    Basis.SINGLE: "vendor",
    Basis.ADVICE: "advice",
}


def rules_table() -> str:
    """Return the table of rules with their basis at each printer for the preflight README."""
    rows = [
        f"| rule | what it asks | {' | '.join(PRINTERS)} |",
        f"|---|---|{'---|' * len(PRINTERS)}",
    ]
    for rule in RULES:
        part = min(rule.parts, key=lambda part: part is Part.COVER)
        orders = (
            Order(each, part, next(iter(each.papers.values())), None, 100)
            for each in PRINTERS.values()
        )
        sources = (rule.source(order) for order in orders)
        signs = " | ".join(_SIGNS[source.basis] if source else "–" for source in sources)
        meaning = (rule.examine.__doc__ or "").rstrip(".")
        only = "" if len(rule.parts) > 1 else f" ({part.value})"
        rows.append(f"| `{rule.code.value}` | {meaning}{only} | {signs} |")
    return "\n".join(rows)


def main() -> None:
    """Measure all pairs, print what went wrong, and write the tables if `--accept` is given."""
    results = measure_all()
    for each in results:
        if not each.is_seen:
            print(f"unseen: {each.pair}")
        for code in each.false_alarms:
            print(f"false alarm: {code.value} at {each.pair}")
    print(table(results))
    if "--accept" in sys.argv:
        text = DOCUMENT.read_text("utf-8")
        for mark, rows in (("rules", rules_table()), ("corpus", table(results))):
            before, _, rest = text.partition(f"<!-- {mark} -->\n")
            after = rest.partition(f"<!-- /{mark} -->")[2]
            text = f"{before}<!-- {mark} -->\n\n{rows}\n\n<!-- /{mark} -->{after}"
        DOCUMENT.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
