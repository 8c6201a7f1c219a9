"""The booklet, read back from the finished file: pages, places and settings for print dialogs."""

import io
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from chapbook.cli.inputs import job
from chapbook.model.errors import Code
from chapbook.pipeline import Built, build
from tests.printed import POINTS_PER_MM

PARAGRAPH = "Booklets are folded by hand, and a paragraph fills a part of page after page. " * 9


def build_booklet(folder: Path, paragraphs: int, block: str = "lang: en\n") -> Built:
    text = "".join(f"Paragraph number {n} begins here. {PARAGRAPH}\n\n" for n in range(paragraphs))
    path = folder / "essay.md"
    path.write_text(f"---\ntitle: A Booklet\n{block}---\n\n{text}", "utf-8")
    return build(job(str(path)), ["pdf", "booklet"])


def file(built: Built, suffix: str) -> bytes:
    return next(each.content for each in built.artefacts if each.suffix == suffix)


def texts(pdf: bytes) -> list[str]:
    """The letters of every page of a reading copy."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [letters(page.get_textpage().get_text_range()) for page in document]


def letters(text: str) -> str:
    """Return *text* without spaces and hyphens, which PDFium guesses."""
    return "".join(character for character in text if character.isalnum())


def halves(pdf: bytes) -> list[tuple[str, str]]:
    """The letters on the left and right half of every side of a booklet."""
    with pypdfium2.PdfDocument(pdf) as document:
        sides = []
        for page in document:
            text, (width, height) = page.get_textpage(), page.get_size()
            left = text.get_text_bounded(0, 0, width / 2, height)
            right = text.get_text_bounded(width / 2, 0, width, height)
            sides.append((letters(left), letters(right)))
        return sides


def in_reading_order(sides: list[tuple[str, str]]) -> list[str]:
    """Return the halves in reading order: each sheet is inside the one before."""
    pages: list[str] = []
    for front, back in reversed(list(zip(sides[::2], sides[1::2], strict=True))):
        pages = [front[1], back[0], *pages, back[1], front[0]]
    return pages


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build_booklet(tmp_path_factory.mktemp("booklet"), 34)


def test_folded_pages_are_the_reading_copys_in_their_order(built: Built) -> None:
    pages = texts(file(built, ".pdf"))
    assert len(pages) > 6
    result = in_reading_order(halves(file(built, "-booklet.pdf")))
    assert result[: len(pages)] == pages
    assert result[len(pages) :] == [""] * (-len(pages) % 4)


@pytest.mark.parametrize(("sheet", "millimeters"), [("a4", (297, 210)), ("letter", (279.4, 215.9))])
@pytest.mark.parametrize("trim", ["a5", "us-trade", "a6", "letter"])
def test_pages_lie_within_their_halves_of_the_sheet(
    tmp_path: Path, sheet: str, millimeters: tuple[float, float], trim: str
) -> None:
    built = build_booklet(tmp_path, 9, f"lang: en\nprint: {{paper-size: {sheet}, trim: {trim}}}\n")
    pages = texts(file(built, ".pdf"))
    booklet = file(built, "-booklet.pdf")
    assert in_reading_order(halves(booklet))[: len(pages)] == pages
    with pypdfium2.PdfDocument(booklet) as document:
        for page in document:
            size = [edge / POINTS_PER_MM for edge in page.get_size()]
            assert size == pytest.approx(millimeters, abs=0.01)
            text = page.get_textpage()
            for index in range(text.count_chars()):
                left, bottom, right, top = text.get_charbox(index)
                assert 0 <= left <= right <= page.get_width()
                assert 0 <= bottom <= top <= page.get_height()


def test_inner_pages_move_towards_the_fold(built: Built) -> None:
    """The same folio's place, compared on the outermost and the innermost sheet."""

    def folio_left(page: int, label: str) -> float:
        with pypdfium2.PdfDocument(file(built, "-booklet.pdf")) as document:
            result = document[page].get_textpage().search(label).get_next()
            assert result
            return float(document[page].get_textpage().get_charbox(result[0])[0] / POINTS_PER_MM)

    sides = halves(file(built, "-booklet.pdf"))
    sheets = len(sides) // 2
    assert sheets >= 3
    heads = [folio_left(2 * sheet + 1, "A BOOKLET") for sheet in range(sheets)]
    steps = [inner - outer for outer, inner in pairwise(heads)]
    assert steps == pytest.approx([0.1] * (sheets - 1), abs=0.01)


def test_all_words_are_pure_black(built: Built) -> None:
    with pikepdf.open(io.BytesIO(file(built, "-booklet.pdf"))) as pdf:
        fills = {
            tuple(map(float, operands))
            for page in pdf.pages
            for form in page.resources.XObject.values()
            for operands, operator in text_colors(form)
        }
    assert fills == {(0.0, 0.0, 0.0)}


def text_colors(form: pikepdf.Object) -> list[tuple[list[pikepdf.Object], str]]:
    """The fill colors in which text of *form* is shown."""
    result, color = [], None
    for instruction in pikepdf.parse_content_stream(form):
        operator = str(instruction.operator)
        if operator in {"rg", "g", "k"}:
            color = ([*instruction.operands], operator)
        elif operator in {"Tj", "TJ"} and color:
            result.append(color)
    return result


def test_print_dialogs_get_what_a_booklet_needs(built: Built) -> None:
    with pikepdf.open(io.BytesIO(file(built, "-booklet.pdf"))) as pdf:
        wanted = pdf.Root.ViewerPreferences
        assert wanted.Duplex == "/DuplexFlipShortEdge"
        assert wanted.PrintScaling == "/None"
        assert str(pdf.docinfo["/Title"]) == "A Booklet"
        assert "/Names" not in pdf.Root
        assert all("/Annots" not in page for page in pdf.pages)
        assert pdf.check_pdf_syntax() == []


def test_the_instructions_name_file_paper_and_sheets(built: Built) -> None:
    (text,) = texts(file(built, "-booklet-how-to.pdf"))
    sheets = len(halves(file(built, "-booklet.pdf"))) // 2
    for words in ("essaybookletpdf", "A4", f"paper{sheets}", f"{4 * sheets}1"):
        assert words in text


@pytest.mark.parametrize(
    "lang", ["de", "fr", "es", "tr", "it", "pt", "ru", "ja", "zh", "ko", "hi", "he", "fa", "ur"]
)
def test_it_explains_how_in_the_works_language_on_one_page(tmp_path: Path, lang: str) -> None:
    built = build_booklet(tmp_path, 1, f"lang: {lang}\n")
    pages = texts(file(built, "-booklet-how-to.pdf"))
    assert len(pages) == 1
    assert "Howtoprint" not in pages[0]


def test_a_booklet_too_thick_to_staple_is_reported(tmp_path: Path) -> None:
    built = build_booklet(tmp_path, 300)
    (findings,) = [each for each in built.findings if each.code is Code.BOOKLET_THICK]
    assert "sheets is too thick" in findings.message


def test_booklets_have_the_same_bytes_each_time(built: Built, tmp_path: Path) -> None:
    again = build_booklet(tmp_path, 34)
    for suffix in ("-booklet.pdf", "-booklet-how-to.pdf"):
        assert file(again, suffix) == file(built, suffix)
