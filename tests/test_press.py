"""The interior for a printer, read back from the finished file by readers that share no code."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from click.testing import CliRunner
from PIL import Image

from chapbook.cli import chapbook
from chapbook.cli.inputs import job
from chapbook.design.templates import Design
from chapbook.images import cmyk_profiles
from chapbook.images.cmyk_profiles import cmyk_profile
from chapbook.layout.page_layout import lay_out
from chapbook.model.document import Publication
from chapbook.model.errors import Code, SourceError, ToolchainError
from chapbook.pipeline import build, publish
from chapbook.writers.print.interior import write_press
from tests.printed import POINTS_PER_MM
from tests.validators import tools

INCH = 72.0
TRIM = (6 * INCH, 9 * INCH)
PRINTERS = ("home", "kdp", "ingram", "lulu", "press")
WITH_PDF_X = ("ingram", "press")
PAGES = 37  # of text: an odd number, so that a page is added

HEAD = """\
---
title: Everything *at once*
author: Ada Lovelace
lang: en
date: 2026-11-22
edition: "2.1"
identifier: urn:x-everything
print: {{{settings}}}
---
"""
TEXT = """\
# Pictures and links

![A raster with alpha](raster.png) and ![a drawing](drawing.svg) and ![a photograph](photo.jpg).

A [link](https://example.org/), one [within](#formulas-and-code), and a note.[^a]

# Formulas and code

Inline $e^{i\\pi} = -1$ and

$$\\sum_{n=1}^{\\infty} \\frac{1}{n^2} = \\frac{\\pi^2}{6}$$

```python
def f(x):
    return x
```

| a | b |
|---|--:|
| 1 | 2 |

> A quotation of *words* in **bold**.

[^a]: A note with its [link](https://example.org/note).
"""
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" '
    'height="60">{inner}</svg>'
)
SHAPES = (
    '<pattern id="p" width="9" height="9" patternUnits="userSpaceOnUse">'
    '<rect width="5" height="5" fill="#c03"/></pattern>'
    '<rect width="90" height="60" fill="teal"/><rect width="40" height="40" fill="url(#p)"/>'
    '<path d="M0 0L90 60" stroke="orange"/>'
)


def write_manuscript(
    folder: Path, settings: str, pages: int = PAGES, drawing: str = SHAPES
) -> Path:
    """A manuscript with all that a press could stumble over, of more than *pages* pages."""
    raster = Image.new("RGBA", (40, 30), (200, 20, 20, 90))
    raster.save(folder / "raster.png")
    Image.new("RGB", (40, 30), (20, 20, 200)).save(folder / "photo.jpg")
    (folder / "drawing.svg").write_text(DRAWING.format(inner=drawing), "utf-8")
    more = "\n\n\\newpage\n\n".join(f"Page {number} has its words." for number in range(pages))
    path = folder / "essay.md"
    path.write_text(f"{HEAD.format(settings=settings)}{TEXT}\n\n\\newpage\n\n{more}\n", "utf-8")
    return path


@dataclass(frozen=True)
class Interior:
    """The files for one printer."""

    printer: str
    reading: bytes
    content: bytes
    findings: tuple[str, ...]

    def opened(self) -> pikepdf.Pdf:
        return pikepdf.open(io.BytesIO(self.content))


def make(folder: Path, printer: str, more: str = "", drawing: str = SHAPES) -> Interior:
    needs_profile(printer)
    settings = f"layout: chapbook, trim: us-trade, printer: {printer}{more}"
    path = write_manuscript(folder, settings, drawing=drawing)
    built = build(job(str(path)), ["pdf", "press"])
    reading, press = built.artefacts
    messages = tuple(str(finding) for finding in built.findings)
    return Interior(printer, reading.content, press.content, messages)


def needs_profile(printer: str) -> None:
    if printer in WITH_PDF_X:
        tools.cmyk_profile()


@pytest.fixture(scope="module", params=PRINTERS)
def interior(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Interior:
    return make(tmp_path_factory.mktemp(request.param), request.param)


# Boxes and kind ---------------------------------------------------------------------------------


def corners(box: object) -> list[float]:
    return [float(edge) for edge in box]  # type: ignore[attr-defined]


def test_every_page_has_the_boxes_that_its_printer_takes(interior: Interior) -> None:
    bleed = 0.125 * INCH if interior.printer == "lulu" else 0.0
    wide, high = TRIM
    whole = [-bleed, -bleed, wide + bleed, high + bleed]
    with interior.opened() as pdf:
        for page in pdf.pages:
            assert corners(page.trimbox) == pytest.approx([0, 0, wide, high], abs=0.01)
            assert corners(page.mediabox) == pytest.approx(whole, abs=0.01)
            assert corners(page.bleedbox) == pytest.approx(whole, abs=0.01)
            assert "/Rotate" not in page
            assert float(page.get("/UserUnit", 1)) == 1
    with pypdfium2.PdfDocument(interior.content) as document:
        sizes = {document.get_page_size(number) for number in range(len(document))}
    assert [(round(across, 2), round(down, 2)) for across, down in sizes] == [
        (wide + 2 * bleed, high + 2 * bleed)
    ]


def test_marks_stand_outside_of_the_bleed_and_only_where_asked_for(tmp_path: Path) -> None:
    result = make(tmp_path, "press", ", marks: yes")
    margin, bleed = 12 * POINTS_PER_MM, 3 * POINTS_PER_MM
    with result.opened() as pdf:
        for number, page in enumerate(pdf.pages):
            left, bottom, right, top = corners(page.trimbox)
            assert (right - left, top - bottom) == pytest.approx(TRIM, abs=0.01)
            around = [left - margin, bottom - margin, right + margin, top + margin]
            assert corners(page.mediabox) == pytest.approx(around, abs=0.01)
            inner, outer = (left - bleed, right) if number % 2 else (left, right + bleed)
            wanted = [inner, bottom - bleed, outer, top + bleed]
            assert corners(page.bleedbox) == pytest.approx(wanted, abs=0.01)
    assert marks_of(result.content, margin) == 8


def marks_of(pdf: bytes, margin: float) -> int:
    """Return how many of the eight places at the corners of the first page have a mark."""
    with pypdfium2.PdfDocument(pdf) as document:
        image = document[0].render(scale=2).to_pil().convert("L")
    near, far = 2 * margin / 4, 2 * margin
    across = [(far, near), (image.width - far, near)]
    across += [(x, image.height - y) for x, y in across]
    along = [(near, far), (near, image.height - far)]
    along += [(image.width - x, y) for x, y in along]
    return sum(
        image.crop((round(x) - 3, round(y) - 3, round(x) + 4, round(y) + 4)).getextrema()[0] < 128
        for x, y in across + along
    )


def test_pdf_x_4_is_claimed_where_the_printer_wants_it_and_nowhere_else(interior: Interior) -> None:
    with interior.opened() as pdf:
        assert not pdf.is_encrypted
        if interior.printer not in WITH_PDF_X:
            assert pdf.pdf_version == "1.7"
            assert "/OutputIntents" not in pdf.Root
            return
        assert pdf.pdf_version == "1.6"  # ISO 15930-7, 6.1
        (intent,) = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFX"
        profile = intent.DestOutputProfile
        assert profile.N == 4
        assert profile.read_bytes() == cmyk_profile()
        assert profile.read_bytes()[16:20] == b"CMYK"  # ICC.1, 7.2.8: the data color space
        assert profile.read_bytes()[12:16] == b"prtr"  # ICC.1, 7.2.7: an output device
        assert pdf.docinfo["/Trapped"] in ("/False", "/True")
        assert len(pdf.trailer.ID) == 2
        xmp = pdf.Root.Metadata.read_bytes().decode()
        assert re.search(r"GTS_PDFXVersion[^P]*PDF/X-4\b", xmp)
        for name in ("CreateDate", "ModifyDate", "MetadataDate"):
            dates = re.findall(rf"xmp:{name}\W+([0-9TZ:+.-]+)", xmp)
            assert dates == ["2026-11-22T00:00:00Z"], name


def test_its_dates_are_the_edition_s(interior: Interior) -> None:
    with interior.opened() as pdf:
        for name in ("/CreationDate", "/ModDate"):
            assert str(pdf.docinfo[name]) == "D:20261122000000Z"


def test_qpdf_finds_no_fault(interior: Interior) -> None:
    with interior.opened() as pdf:  # qpdf as a library
        assert pdf.check_pdf_syntax() == []


# Ink --------------------------------------------------------------------------------------------


def streams(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Page | pikepdf.Stream]:
    """All that has operators: pages, forms, patterns, and the glyphs of Type 3 fonts."""
    yield from pdf.pages
    for each in pdf.objects:
        if isinstance(each, pikepdf.Stream) and (
            each.get("/Subtype") == "/Form" or each.get("/PatternType") == 1
        ):
            yield each
        if isinstance(each, pikepdf.Dictionary) and each.get("/Subtype") == "/Type3":
            for glyph in each.CharProcs.values():
                assert isinstance(glyph, pikepdf.Stream)
                yield glyph


def test_no_stream_has_a_color_and_all_text_is_full_black(interior: Interior) -> None:
    shown = grays = 0
    with interior.opened() as pdf:
        for stream in streams(pdf):
            saved: list[float] = []
            fill = 0.0  # ISO 32000-2, 8.4.1: black, where nothing is said
            for instruction in pikepdf.parse_content_stream(stream):
                operands, name = instruction.operands, str(instruction.operator)
                assert name not in {"rg", "RG", "k", "K", "sc", "SC", "sh", "BI", "ri"}, name
                if name in {"cs", "CS"}:
                    assert str(operands[0]) == "/Pattern"
                elif name == "q":
                    saved.append(fill)
                elif name == "Q":
                    fill = saved.pop()
                elif name == "g":
                    fill = float(operands[0])
                    grays += 0 < fill < 1
                elif name in {"Tj", "TJ", "'", '"'}:
                    assert fill == 0
                    shown += 1
    assert shown > PAGES
    assert grays, "no gray in a document with a teal drawing: nothing was measured"


def test_raster_pictures_are_gray_and_opaque(interior: Interior) -> None:
    with interior.opened() as pdf:
        pictures = [
            each
            for each in pdf.objects
            if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"
        ]
        assert len(pictures) == 2
        for picture in pictures:
            assert picture.ColorSpace == "/DeviceGray"
            assert "/SMask" not in picture
            assert "/Mask" not in picture
        tones = [
            pikepdf.PdfImage(each).as_pil_image().tobytes()[5 * int(each.Width) + 5]
            for each in pictures
        ]
    blue = round(20 * 0.299 + 20 * 0.587 + 200 * 0.114)
    red = round(255 - 90 / 255 * (255 - (200 * 0.299 + 20 * 0.587 + 20 * 0.114)))
    for tone, wanted in zip(sorted(tones), sorted((blue, red)), strict=True):
        assert abs(tone - wanted) <= 2


def test_nothing_is_transparent(interior: Interior) -> None:
    states = 0
    with interior.opened() as pdf:
        for each in pdf.objects:
            if not isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
                continue
            assert "/SMask" not in each
            assert "/Group" not in each, "a transparency group, where nothing is transparent"
            resources = each.get("/Resources", pikepdf.Dictionary())
            for state in resources.get("/ExtGState", pikepdf.Dictionary()).values():
                states += 1
                assert float(state.get("/ca", 1)) == float(state.get("/CA", 1)) == 1
                assert state.get("/BM", "/Normal") in ("/Normal", "/Compatible")
                assert state.get("/SMask", "/None") == "/None"
    assert states


def test_a_drawing_that_shows_through_is_reported_where_the_printer_forbids_it(
    tmp_path: Path,
) -> None:
    result = make(tmp_path, "kdp", drawing='<rect width="90" height="60" opacity="0.4"/>')
    (messages,) = [finding for finding in result.findings if f"[{Code.INK.value}]" in finding]
    assert "Amazon KDP does not accept transparency" in messages


# What a printer does not want -------------------------------------------------------------------


def test_it_has_no_links_bookmarks_annotations_or_scripts(interior: Interior) -> None:
    with interior.opened() as pdf:
        assert all("/Annots" not in page and "/AA" not in page for page in pdf.pages)
        unwanted = {"/Outlines", "/AcroForm", "/OpenAction", "/AA", "/Names", "/Dests"}
        assert not unwanted & set(pdf.Root.keys())
        assert not pdf.attachments
        with pdf.open_outline() as outline:
            assert list(outline.root) == []
    with pypdfium2.PdfDocument(interior.content) as document:
        assert list(document.get_toc()) == []


def test_every_font_is_embedded(interior: Interior) -> None:
    with interior.opened() as pdf:
        embedded = 0
        for each in pdf.objects:
            if not isinstance(each, pikepdf.Dictionary) or each.get("/Type") != "/Font":
                continue
            if each.Subtype in ("/Type0", "/Type3"):
                continue  # their descendants have the programs; a Type 3 font is its own
            descriptor = each.FontDescriptor
            assert any(f"/FontFile{kind}" in descriptor for kind in ("", "2", "3"))
            assert re.match(r"/[A-Z]{6}\+", str(descriptor.FontName)), "not a subset"
            embedded += 1
        assert embedded > 2


# Pages ------------------------------------------------------------------------------------------


def words_of_pages(pdf: bytes) -> list[list[str]]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range().split() for page in document]


def test_each_page_has_the_words_of_the_reading_copy_s_page(interior: Interior) -> None:
    reading = words_of_pages(interior.reading)[2:]  # without the cover and its back
    press = words_of_pages(interior.content)
    assert len(reading) > PAGES
    assert press[: len(reading)] == reading
    assert not any(press[len(reading) :]), "an added page has words"


def test_pages_are_added_as_the_binding_asks(interior: Interior) -> None:
    reading = len(words_of_pages(interior.reading)) - 2
    pages = words_of_pages(interior.content)
    if interior.printer == "home":
        assert len(pages) == reading
        return
    assert len(pages) % 2 == 0
    assert len(pages) - reading <= (2 if interior.printer == "ingram" else 1)
    if interior.printer == "ingram":
        assert pages[-1] == []


def laid_out(folder: Path, settings: str, page_count: int) -> tuple[Publication, Design]:
    """A short work for which the layout claims *page_count* pages."""
    path = write_manuscript(folder, settings, pages=1)
    publication = publish(job(str(path)))
    design = Design(job(str(path)).templates, publication.metadata.theme)
    layout = replace(lay_out(publication, design), page_count=page_count)
    return replace(publication, layout=layout), design


@pytest.mark.parametrize(
    ("settings", "count", "bounds", "remedy"),
    [
        ("printer: kdp", 22, "24 to 828 pages of white paper, and this has 22", "booklet"),
        ("printer: kdp", 829, "24 to 828 pages of white paper, and this has 830", "larger trim"),
        (
            "printer: kdp, paper: cream",
            790,
            "24 to 776 pages of cream paper, and this has 790",
            "paper to white or groundwood or premium-color",
        ),
        ("printer: kdp, paper: standard-color", 70, "72 to 600", "paper to white or cream"),
        ("printer: lulu", 802, "32 to 800", "volumes"),
        ("printer: press", 2, "4 to", "booklet"),
    ],
)
def test_what_a_printer_does_not_bind_is_one_line_that_says_what_would_do(
    tmp_path: Path, settings: str, count: int, bounds: str, remedy: str
) -> None:
    with pytest.raises(SourceError) as caught:
        write_press(*laid_out(tmp_path, settings, count))
    message = str(caught.value)
    assert bounds in message
    assert remedy in message.rpartition(" — ")[2]
    assert "\n" not in message
    assert "essay.md" in message


def test_a_refused_interior_leaves_no_file(tmp_path: Path) -> None:
    path = write_manuscript(tmp_path, "printer: kdp", pages=3)
    out = tmp_path / "build"
    command = ["build", str(path), "--format", "pdf", "--format", "press", "--out", str(out)]
    result = CliRunner().invoke(chapbook, command)
    assert result.exit_code == SourceError.exit_code
    assert "Amazon KDP binds 24 to 828 pages" in result.stderr
    assert not out.exists() or list(out.iterdir()) == []


def test_a_missing_profile_is_reported_with_the_command_that_installs_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cmyk_profiles, "_PLACES", (str(tmp_path / "none.icc"),))
    path = write_manuscript(tmp_path, "printer: press")
    with pytest.raises(ToolchainError) as caught:
        build(job(str(path)), ["press"])
    message = str(caught.value)
    assert "CMYK profile" in message
    assert "apt-get install libgs-common" in message
    assert "\n" not in message


def test_a_color_interior_keeps_its_colors_and_is_opaque(tmp_path: Path) -> None:
    result = make(tmp_path, "kdp", ", paper: premium-color")
    with result.opened() as pdf:
        pictures = [each for each in pdf.objects if isinstance(each, pikepdf.Stream)]
        pictures = [each for each in pictures if each.get("/Subtype") == "/Image"]
        assert len(pictures) == 2
        assert {str(each.ColorSpace) for each in pictures} == {"/DeviceRGB"}
        assert all("/SMask" not in each for each in pictures)
