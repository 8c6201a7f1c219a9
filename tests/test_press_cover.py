"""The cover wrap and its picture, measured on the finished files by independent readers."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from click.testing import CliRunner
from PIL import Image, ImageChops, ImageDraw

from chapbook.cli import chapbook
from chapbook.cli.inputs import job
from chapbook.design.templates import Design
from chapbook.model.document import Artefact, Layout
from chapbook.model.errors import Code, SourceError
from chapbook.pipeline import build, publish
from chapbook.writers.print.cover_wrap import write_cover
from tests.printed import POINTS_PER_MM
from tests.validators import tools

ABSTRACT = "It is written for readers who want to know where assistance succeeds, and why it fails."
BLOCK: Mapping[str, str] = {
    "title": "Security Assistance",
    "subtitle": "Promoting Peacekeeping",
    "author": "Ada Example",
    "publisher": "A Small Press",
    "isbn": "978-0-306-40615-7",
    "identifier": "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    "lang": "en",
    "abstract": ABSTRACT,
    "print": "{trim: us-trade, printer: kdp, price: USD 19.99}",
}
BLEED_MM, TRIM_MM = 3.175, (152.4, 228.6)


def written(folder: Path, pages: int, **changes: str | None) -> Artefact:
    """The cover of a manuscript with this block, as if its text had so many pages."""
    block = {key: value for key, value in {**BLOCK, **changes}.items() if value is not None}
    rows = "".join(f"{key.replace('_', '-')}: {value}\n" for key, value in block.items())
    path = folder / "essay.md"
    path.write_text(f"---\n{rows}---\n\n# One\n\nText.\n", "utf-8")
    publication = replace(publish(job(str(path))), layout=Layout(pages))
    templates = job(str(path)).templates
    return write_cover(publication, Design(templates, publication.metadata.theme))


@pytest.fixture(scope="module")
def cover(tmp_path_factory: pytest.TempPathFactory) -> Artefact:
    return written(tmp_path_factory.mktemp("cover"), 400)


def rendered(pdf: bytes, ppi: int = 300) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        page: Image.Image = document[0].render(scale=ppi / 72).to_pil()
        return page.convert("RGB")


def picture(folder: Path, width: int = 2400, height: int = 1600) -> None:
    drawn = Image.new("RGB", (width, height), "teal")
    ImageDraw.Draw(drawn).rectangle((0, 0, width // 4, height // 4), fill="yellow")
    drawn.save(folder / "front.png")


def test_the_wrap_has_the_boxes_that_its_printer_asks_for(cover: Artefact) -> None:
    spine_mm = 400 * 0.002252 * 25.4
    with pikepdf.open(io.BytesIO(cover.content)) as pdf:
        assert len(pdf.pages) == 1
        media, trim, bleed = (
            [float(edge) / POINTS_PER_MM for edge in box]
            for box in (pdf.pages[0].mediabox, pdf.pages[0].trimbox, pdf.pages[0].bleedbox)
        )
    wide, high = 2 * TRIM_MM[0] + spine_mm, TRIM_MM[1]
    assert [trim[2] - trim[0], trim[3] - trim[1]] == pytest.approx([wide, high], abs=0.01)
    assert media == pytest.approx(bleed, abs=0.01)
    assert [one - other for one, other in zip(trim, media, strict=True)] == pytest.approx(
        [BLEED_MM, BLEED_MM, -BLEED_MM, -BLEED_MM], abs=0.01
    )


def test_the_ground_runs_over_every_edge(cover: Artefact) -> None:
    page = rendered(cover.content, 72)
    ground = page.getpixel((5, 5))
    edges = [
        *((x, y) for x in range(2, page.width - 2) for y in (1, page.height - 3)),
        *((x, y) for y in range(2, page.height - 2) for x in (1, page.width - 3)),
    ]
    assert ground != (255, 255, 255)
    assert all(page.getpixel(edge) != (255, 255, 255) for edge in edges)


def test_a_scanner_reads_isbn_and_price_from_the_printed_back(cover: Artefact) -> None:
    result = zxingcpp.read_barcodes(
        rendered(cover.content), ean_add_on_symbol=zxingcpp.EanAddOnSymbol.Read
    )
    assert "978030640615751999" in {each.text for each in result}


def test_the_printed_edition_may_have_an_isbn_of_its_own(tmp_path: Path) -> None:
    settings = "{trim: us-trade, printer: kdp, isbn: 978-3-16-148410-0}"
    output = written(tmp_path, 400, print=settings)
    result = zxingcpp.read_barcodes(rendered(output.content))
    assert {each.text for each in result} == {"9783161484100"}


def test_a_wrong_isbn_is_reported_and_no_barcode_is_drawn(tmp_path: Path) -> None:
    settings = "{trim: us-trade, printer: kdp, isbn: 978-3-16-148410-1}"
    result = written(tmp_path, 400, isbn=None, print=settings)
    messages = [str(each) for each in publish(job(str(tmp_path / "essay.md"))).document.findings]
    assert any("978-3-16-148410-1” is not an ISBN-13" in each for each in messages)
    assert zxingcpp.read_barcodes(rendered(result.content)) == []


def test_the_epub_has_the_same_front(tmp_path: Path) -> None:
    picture(tmp_path)
    source = tmp_path / "essay.md"
    source.write_text("---\ntitle: A\nlang: en\ncover-image: front.png\n---\n\nText.\n")
    result = {
        each.suffix: each.content for each in build(job(str(source)), ["epub", "cover"]).artefacts
    }
    with zipfile.ZipFile(io.BytesIO(result[".epub"])) as packed:
        embedded = Image.open(io.BytesIO(packed.read("EPUB/cover.jpg"))).convert("RGB")
    shown = Image.open(io.BytesIO(result["-cover.jpg"])).convert("RGB").resize(embedded.size)
    differing = ImageChops.difference(shown, embedded).convert("L").histogram()
    assert sum(differing[64:]) < 0.01 * embedded.width * embedded.height  # edges of letters


def test_words_keep_away_from_edges_and_folds(cover: Artefact) -> None:
    spine_mm = 400 * 0.002252 * 25.4
    safe = 6.35
    panels = (
        (safe, TRIM_MM[0] - safe),
        (TRIM_MM[0] + 1.5875, TRIM_MM[0] + spine_mm - 1.5875),
        (TRIM_MM[0] + spine_mm + safe, 2 * TRIM_MM[0] + spine_mm - safe),
    )
    boxes = characters_mm(cover.content)
    assert len(boxes) > 150
    for left, bottom, right, top in boxes:
        assert any(start <= left and right <= end for start, end in panels)
        assert safe <= bottom
        assert top <= TRIM_MM[1] - safe


def characters_mm(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """The ink of every character but the large one in the ground, from the trimmed corner."""
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[0].get_textpage()
        boxes = [text.get_charbox(index) for index in range(text.count_chars())]
    in_mm = [tuple(edge / POINTS_PER_MM for edge in box) for box in boxes]
    return [
        (left, bottom, right, top)
        for left, bottom, right, top in in_mm
        if right > left and top - bottom < 60
    ]


@pytest.mark.parametrize("title", ["Quiet Wings", "EMMA", "ÅÇg Ĵy"])
@pytest.mark.parametrize("pages", [110, 150, 400])
def test_ink_on_the_spine_is_in_its_middle_and_clear_of_the_folds(
    tmp_path: Path, title: str, pages: int
) -> None:
    result = written(tmp_path, pages, title=title, author=title)
    page = rendered(result.content, 600)
    ground = page.getpixel((10, 10))
    per_mm = 600 / 25.4
    start, width = (BLEED_MM + TRIM_MM[0]) * per_mm, pages * 0.002252 * 25.4 * per_mm
    spine = page.crop((round(start), 0, round(start + width), page.height))
    box = ImageChops.difference(spine, Image.new("RGB", spine.size, ground)).getbbox()
    assert box is not None
    before, after = box[0] / per_mm, (spine.width - box[2]) / per_mm
    assert min(before, after) >= 1.58
    assert before == pytest.approx(after, abs=0.12)


@pytest.mark.parametrize(("pages", "expected"), [(400, 2), (24, 1)])
def test_the_spine_bears_the_title_where_it_is_wide_enough(
    tmp_path: Path, pages: int, expected: int
) -> None:
    with pypdfium2.PdfDocument(written(tmp_path, pages).content) as document:
        text = document[0].get_textpage().get_text_range()
    assert "".join(text.split()).count("SecurityAssistance") == expected


def test_the_title_comes_before_the_authors_where_the_spine_is_short(tmp_path: Path) -> None:
    many = ", ".join(f"Author Number {number}" for number in range(9))
    result = written(tmp_path, 400, author=f"[{many}]")
    with pypdfium2.PdfDocument(result.content) as document:
        text = "".join(document[0].get_textpage().get_text_range().split())
    assert text.count("SecurityAssistance") == 2
    assert text.count("AuthorNumber0") == 1


def test_the_spine_is_measured_by_the_pages_that_are_bound(tmp_path: Path) -> None:
    """A chapbook's own cover page is no page of its interior, and an odd page has a verso."""
    text = "".join(f"# Heading {n}\n\n{ABSTRACT * 40}\n\n" for n in range(30))
    path = tmp_path / "essay.md"
    path.write_text(
        f"---\ntitle: A\nlang: en\nprint: {{layout: chapbook, printer: kdp}}\n---\n\n{text}"
    )
    result = {each.suffix: each for each in build(job(str(path)), ["press", "cover"]).artefacts}
    with pikepdf.open(io.BytesIO(result["-press.pdf"].content)) as pdf:
        pages = len(pdf.pages)
    with pikepdf.open(io.BytesIO(result["-cover.pdf"].content)) as pdf:
        box = [float(edge) / POINTS_PER_MM for edge in pdf.pages[0].trimbox]
    assert pages % 2 == 0
    assert box[2] - box[0] == pytest.approx(2 * 148 + pages * 0.002252 * 25.4, abs=0.01)


def test_every_word_of_the_abstract_is_on_the_back(cover: Artefact) -> None:
    with pypdfium2.PdfDocument(cover.content) as document:
        text = document[0].get_textpage().get_text_range()
    assert " ".join(ABSTRACT.split()) in " ".join(text.split())


@pytest.mark.parametrize("words", [60, 200, 320])
def test_the_blurb_never_runs_into_the_barcode(tmp_path: Path, words: int) -> None:
    abstract = "Peacekeeping succeeds where people want it. " * (words // 6)
    output = written(tmp_path, 400, abstract=abstract)
    assert output.findings == ()
    boxes = characters_mm(output.content)
    assert len(boxes) > len("".join(abstract.split()))
    result = zxingcpp.read_barcodes(rendered(output.content))
    assert {each.text for each in result} >= {"9780306406157"}


def test_a_blurb_that_cannot_fit_is_reported_and_left_out(tmp_path: Path) -> None:
    result = written(tmp_path, 400, abstract="Peacekeeping succeeds where people want it. " * 300)
    assert [finding.code for finding in result.findings] == [Code.COVER]
    assert "abstract is too long" in result.findings[0].message


def test_of_very_many_authors_the_front_names_the_first(tmp_path: Path) -> None:
    picture(tmp_path)
    many = ", ".join(f"Author Number {number}" for number in range(40))
    result = written(tmp_path, 24, author=f"[{many}]", cover_image="front.png")
    with pypdfium2.PdfDocument(result.content) as document:
        text = " ".join(document[0].get_textpage().get_text_range().split())
    assert "Author Number 0, Author Number 1" in text
    assert "…" in text
    assert "Author Number 39" not in text


def test_the_picture_for_shops_is_what_they_ask_for(cover: Artefact) -> None:
    (image,) = cover.companions
    assert image.suffix == "-cover.jpg"
    with Image.open(io.BytesIO(image.content)) as opened:
        assert (opened.format, opened.mode, opened.size) == ("JPEG", "RGB", (1600, 2560))


def test_the_authors_picture_stands_on_the_front_and_nowhere_else(tmp_path: Path) -> None:
    picture(tmp_path)
    result = written(tmp_path, 400, cover_image="front.png")
    assert result.findings == ()
    page = rendered(result.content, 72)
    teal = [x for x in range(page.width) if page.getpixel((x, 200)) == (0, 128, 128)]
    assert min(teal) > page.width / 2
    assert max(teal) < page.width - 18


def test_a_finished_front_covers_it_to_the_bleed(tmp_path: Path) -> None:
    picture(tmp_path, 1600, 2560)
    result = written(tmp_path, 400, cover_image="front.png", cover_text="none")
    page = rendered(result.content, 72)
    assert page.getpixel((page.width - 3, page.height - 3)) == (0, 128, 128)
    with pypdfium2.PdfDocument(result.content) as document:
        text = document[0].get_textpage().get_text_range()
    assert "".join(text.split()).count("SecurityAssistance") == 1  # the spine's


def test_a_picture_of_few_pixels_is_reported_with_its_resolution(tmp_path: Path) -> None:
    picture(tmp_path, 600, 400)
    result = written(tmp_path, 400, cover_image="front.png")
    (findings,) = result.findings
    assert findings.code is Code.COVER
    assert "pixels an inch" in findings.message
    assert "300" in findings.message


def test_a_picture_from_elsewhere_is_refused_and_the_cover_drawn_without(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    picture(tmp_path)
    result = written(inside, 400, cover_image="../front.png")
    plain = written(inside, 400)
    assert result.content == plain.content
    document = publish(job(str(inside / "essay.md"))).document
    assert document.cover_image is None


def test_a_refused_picture_is_reported_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "essay.md").write_text("---\ntitle: A\ncover-image: /etc/x.png\n---\n\nText.\n")
    findings = publish(job(str(tmp_path / "essay.md"))).document.findings
    (actual,) = [each for each in findings if each.code is Code.IMAGE_REFUSED]
    assert actual.where is not None
    assert actual.where.line == 3


def test_a_missing_picture_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"essay\.md:\d+: the image “front.png” is missing"):
        written(tmp_path, 400, cover_image="front.png")


def test_no_spine_is_guessed(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"only a template of IngramSpark .* spine-width"):
        written(tmp_path, 400, print="{trim: us-trade, printer: ingram}")


def test_a_spine_is_as_wide_as_the_printer_gives(tmp_path: Path) -> None:
    tools.cmyk_profile()
    result = written(tmp_path, 400, print="{trim: us-trade, printer: ingram, spine-width: 22 mm}")
    assert "spine 22.0 mm" in result.extent


def test_no_cover_is_made_for_a_book_that_its_printer_does_not_bind(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Amazon KDP binds 24 to 828 pages"):
        written(tmp_path, 22)


@pytest.fixture(scope="module")
def separated(tmp_path_factory: pytest.TempPathFactory) -> Artefact:
    """The cover for a printer that wants PDF/X, with a picture."""
    tools.cmyk_profile()
    folder = tmp_path_factory.mktemp("separated")
    picture(folder)
    settings = "{trim: us-trade, printer: ingram, spine-width: 22 mm}"
    return written(folder, 400, cover_image="front.png", print=settings)


def test_a_printer_that_wants_pdf_x_gets_process_colors_alone(separated: Artefact) -> None:
    assert separated.findings == ()
    with pikepdf.open(io.BytesIO(separated.content)) as pdf:
        (intent,) = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFX"
        operators = {str(each.operator) for each in pikepdf.parse_content_stream(pdf.pages[0])}
        pictures = [
            each.ColorSpace
            for each in pdf.objects
            if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"
        ]
    assert "k" in operators
    assert operators & {"rg", "RG", "g", "G"} == set()
    assert pictures == ["/DeviceCMYK"]


def test_a_scanner_reads_the_barcode_in_black_ink_too(separated: Artefact) -> None:
    result = zxingcpp.read_barcodes(rendered(separated.content))
    assert {each.text for each in result} == {"9780306406157"}


def test_separated_covers_have_the_same_bytes_each_time(
    separated: Artefact, tmp_path: Path
) -> None:
    picture(tmp_path)
    settings = "{trim: us-trade, printer: ingram, spine-width: 22 mm}"
    again = written(tmp_path, 400, cover_image="front.png", print=settings)
    assert again == separated


def test_words_on_the_back_are_set_in_the_face_for_text(cover: Artefact) -> None:
    with pikepdf.open(io.BytesIO(cover.content)) as pdf:
        names = {
            str(each.get("/FontName", ""))
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"
        }
    assert any("Display" not in name for name in names)
    assert any("Display" in name for name in names)


@pytest.mark.parametrize("pages", [24, 400])
def test_covers_have_the_same_bytes_each_time(tmp_path: Path, pages: int) -> None:
    one, other = written(tmp_path, pages), written(tmp_path, pages)
    assert one == other


def test_the_command_writes_both_files_and_knows_them_again(tmp_path: Path) -> None:
    picture(tmp_path)
    source = tmp_path / "essay.md"
    source.write_text("---\ntitle: A\nlang: en\ncover-image: front.png\n---\n\nText.\n")
    command = ["build", str(source), "--format", "cover", "--out", str(tmp_path / "out"), "--json"]
    report = json.loads(CliRunner().invoke(chapbook, command, catch_exceptions=False).stdout)
    assert [Path(each["path"]).name for each in report["outputs"]] == [
        "essay-cover.pdf",
        "essay-cover.jpg",
    ]
    again = json.loads(CliRunner().invoke(chapbook, command, catch_exceptions=False).stdout)
    assert [each["built"] for each in again["outputs"]] == [False, False]
    picture(tmp_path, 300, 300)
    changed = json.loads(CliRunner().invoke(chapbook, command, catch_exceptions=False).stdout)
    assert [each["built"] for each in changed["outputs"]] == [True, True]
