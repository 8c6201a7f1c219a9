"""The printed page, measured on the finished PDF."""

from __future__ import annotations

import io
import re
import statistics
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import page as page_validation
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from chapbook.cli.inputs import job
from chapbook.design.templates import load_templates
from chapbook.model.errors import Severity
from chapbook.pipeline import Built, Job, build
from chapbook.reading.manuscript import decode
from tests.printed import Line, letters, page_sizes_mm, read_lines

ROOT = Path(__file__).parents[1]
ESSAY = ROOT / "source" / "security-assistance.md"

# The text block of the shipped tokens: A5, margins mirrored.
INNER_MM, OUTER_MM, TOP_MM, BOTTOM_MM = 17, 20, 20, 23
WIDTH_MM, HEIGHT_MM = 148, 210
BODY_LEADING = 4.64  # the height of a line of text, in mm, as PDFium measures it


def typeset(text: str, **templates: str) -> Built:
    """The PDF of the Markdown *text*, some *templates* replaced."""
    files: Mapping[str, str] = {**load_templates(None), **templates}
    job = Job(decode("text.md", "text", text.encode()), None, {}, files)
    return build(job, ["pdf"])


def essay(times: int = 1) -> str:
    head, _, text = ESSAY.read_text("utf-8").rpartition("---\n")
    text = re.sub(r"\A\s*# .*\n", "", text)  # its title
    return f"{head}---\n{text * times}"


@pytest.fixture(scope="module")
def one() -> bytes:
    return typeset(essay()).artefacts[0].content


@pytest.fixture(scope="module")
def ten() -> bytes:
    return typeset(essay(10)).artefacts[0].content


def body_lines(pdf: bytes) -> list[Line]:
    """The lines between running head and folio."""
    return [
        line for line in read_lines(pdf) if TOP_MM - 1 < line.top_mm < HEIGHT_MM - BOTTOM_MM - 1
    ]


def paragraphs(markdown: str) -> list[tuple[bool, str]]:
    """The blocks of a text of headings and paragraphs: whether a heading, and its letters."""
    text = markdown.rpartition("---\n")[2]
    blocks = [block.strip() for block in text.split("\n\n") if block.strip()]
    return [
        (block.startswith("#"), letters(block.lstrip("# ").replace("'", "’"))) for block in blocks
    ]


def test_one_file_is_pdf_a_3a_and_pdf_ua_1(one: bytes, tmp_path: Path) -> None:
    path = tmp_path / "one.pdf"
    path.write_bytes(one)
    assert failed_rules(path, "ua1") == []
    # The validator forbids a Filter on the metadata, which ISO 19005-3 no longer does; and it takes
    # a stream's last byte for part of the line end where that byte is a carriage return.
    assert set(failed_rules(path, "3a")) <= {"PDFA3A-METADATA-FILTER-001"} | falsely_long(one)


def test_what_is_set_apart_in_a_link_is_part_of_the_link(tmp_path: Path) -> None:
    path = tmp_path / "links.pdf"
    text = "# A *b* {#sec:a}\n\n[*in* **links**](https://example.org), and [@sec:a]{.page}.\n"
    path.write_bytes(typeset(f"---\ntitle: T\nlang: en\n---\n\n{text}").artefacts[0].content)
    assert failed_rules(path, "ua1") == []


def falsely_long(pdf: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        streams = (item for item in document.objects if isinstance(item, pikepdf.Stream))
        ends = [stream.read_raw_bytes()[-1:] for stream in streams]
    return {"PDFA3A-STREAM-LENGTH-001"} if b"\r" in ends else set()


def failed_rules(path: Path, profile: str) -> list[str]:
    import json

    report = json.loads(page_validation.validate_pdf(str(path), profile=profile).to_json())
    return [failure["rule_id"] for failure in report["failures"]]


def test_it_claims_both_in_one_rdf_and_carries_its_source(one: bytes) -> None:
    with pikepdf.open(io.BytesIO(one)) as pdf:
        xmp = pdf.Root.Metadata.read_bytes().decode()
        assert xmp.count("<rdf:RDF") == 1
        with pdf.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "3"
            assert metadata["pdfaid:conformance"] == "A"
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["xmpMM:VersionID"] == "1.0.0"
        (attached,) = pdf.attachments.values()
        assert attached.relationship == "/Source"
        assert attached.get_file().read_bytes() == essay().encode()
        assert str(pdf.Root.Lang) == "en"
        assert pdf.Root.MarkInfo.Marked


def test_it_has_bookmarks_for_title_and_sections(one: bytes) -> None:
    with pikepdf.open(io.BytesIO(one)) as pdf, pdf.open_outline() as outline:
        (root,) = outline.root
        assert root.title == "Security Assistance"
        assert [item.title for item in root.children][-1] == "Conclusion"
        assert len(root.children) == 4


def test_every_font_is_embedded_and_a_subset(ten: bytes) -> None:
    with pikepdf.open(io.BytesIO(ten)) as pdf:
        fonts = {
            str(font.BaseFont): font.DescendantFonts[0].FontDescriptor
            for page in pdf.pages
            for font in page.resources.Font.values()
        }
        assert all(re.match(r"/[A-Z]{6}\+Source-Serif-4", name) for name in fonts)
        assert all("/FontFile2" in descriptor for descriptor in fonts.values())


def test_the_page_is_a5_with_mirrored_margins(ten: bytes) -> None:
    for width, height in page_sizes_mm(ten):
        assert (width, height) == pytest.approx((WIDTH_MM, HEIGHT_MM), abs=0.01)
    lines = body_lines(ten)
    for number in range(1, max(line.page for line in lines)):
        recto = number % 2 == 0
        left = min(line.left_mm for line in lines if line.page == number)
        right = max(line.right_mm for line in lines if line.page == number)
        assert left == pytest.approx(INNER_MM if recto else OUTER_MM, abs=0.3)
        # The ink of an “f” at a line's end extends 0.32 mm beyond its advance.
        assert WIDTH_MM - right == pytest.approx(OUTER_MM if recto else INNER_MM, abs=0.35)


def test_a_line_has_60_to_70_characters(ten: bytes) -> None:
    full = [
        len(line.text)
        for line in body_lines(ten)
        if line.right_mm - line.left_mm > 110 and line.height_mm == pytest.approx(4.64, abs=0.1)
    ]
    assert len(full) > 300
    assert 60 <= statistics.mean(full) <= 70
    assert 60 <= statistics.median(full) <= 70


def test_running_heads_fit_and_the_first_page_has_none(ten: bytes) -> None:
    heads = [line for line in read_lines(ten) if line.top_mm < TOP_MM - 3]
    assert min(head.page for head in heads) == 1
    assert {head.text for head in heads if head.page % 2} == {"Security Assistance"}
    assert any(head.text.startswith("How Security Assistance Ethos") for head in heads)
    assert all(head.right_mm - head.left_mm <= WIDTH_MM - INNER_MM - OUTER_MM for head in heads)
    assert len({head.page for head in heads}) == len(heads), "a running head has one line"


@pytest.mark.parametrize(
    "heading",
    ["A VERY LONG HEADING IN CAPITALS " * 5, "a long heading in small letters " * 5, "W" * 90],
)
def test_a_long_heading_is_shortened_to_fit_the_running_head(heading: str) -> None:
    text = f"# First\n\nWords.\n\n# {heading}\n\n" + "Words to fill the page. " * 400
    heads = [line for line in read_lines(typeset(text).artefacts[0].content) if line.top_mm < 17]
    long = [head for head in heads if head.text[0] in heading]
    assert long
    assert all(head.right_mm - head.left_mm <= WIDTH_MM - INNER_MM - OUTER_MM for head in long)
    assert all(head.left_mm >= INNER_MM - 0.5 for head in long)


def test_every_page_has_its_folio_at_the_outer_edge(ten: bytes) -> None:
    folios = [line for line in read_lines(ten) if line.top_mm > HEIGHT_MM - BOTTOM_MM]
    assert [line.text for line in folios] == [str(number + 1) for number in range(len(folios))]
    for line in folios:
        at_edge = line.left_mm if line.page % 2 else WIDTH_MM - line.right_mm
        assert at_edge == pytest.approx(OUTER_MM, abs=0.5)


def test_no_widow_no_orphan_no_stranded_heading(ten: bytes) -> None:
    blocks = paragraphs(essay(10))
    starts = {}
    position = 0
    for is_heading, text in blocks:
        for offset in range(len(text)):
            starts[position + offset] = (position, is_heading)
        position += len(text)
    lines = [line for line in body_lines(ten) if line.page or line.top_mm > 80]
    assert letters("".join(line.text for line in lines)) == "".join(text for _, text in blocks)
    placed: list[tuple[int, int, bool]] = []  # page, block, whether a heading: a row a line
    position = 0
    for line in lines:
        block, is_heading = starts[position]
        placed.append((line.page, block, is_heading))
        position += len(line.letters)
    for before, after in pairwise(placed):
        if before[0] != after[0]:
            assert not before[2], f"a heading stands at the foot of page {before[0] + 1}"
    for block in {block for _, block, _ in placed}:
        pages = [page for page, of, _ in placed if of == block]
        if len(set(pages)) > 1:
            assert pages.count(pages[0]) >= 2, f"an orphan on page {pages[0] + 1}"
            assert pages.count(pages[-1]) >= 2, f"a widow on page {pages[-1] + 1}"


def test_notes_stand_at_the_foot_of_the_page_of_their_call() -> None:
    sentence = "A sentence with its own note.[^{0}] " + "More words to fill the page. " * 12
    text = "\n\n".join(sentence.format(number) for number in range(1, 31))
    text += "".join(f"\n\n[^{number}]: Body {number} of a note." for number in range(1, 31))
    pdf = typeset(text).artefacts[0].content
    lines = read_lines(pdf)
    last_note_size = 3.9  # notes are set smaller than 4 mm high
    for number in range(1, 31):
        (note,) = [line for line in lines if f"Body {number} of a note" in line.text]
        assert note.height_mm < last_note_size
        above = [line for line in lines if line.page == note.page and line.top_mm < note.top_mm]
        calls = [line for line in above if re.search(rf"note\.\s?{number}(?!\d)", line.text)]
        raised = [line for line in above if line.text == str(number)]
        assert calls or raised, f"note {number} is not on the page of its call"


@pytest.mark.parametrize(
    ("lang", "word", "broken"),
    [
        ("en", "internationalization", "internation"),
        ("de", "Donaudampfschifffahrtsgesellschaft", "Donau"),
        ("fr", "anticonstitutionnellement", "anticons"),
    ],
)
def test_words_are_hyphenated_in_the_language_of_the_text(
    lang: str, word: str, broken: str
) -> None:
    text = " ".join(f"{'x' * (number % 9)} {word}" for number in range(90))
    pdf = typeset(f"---\nlang: {lang}\n---\n\n{text}").artefacts[0].content
    ends = {line.text.rpartition(" ")[2] for line in body_lines(pdf) if line.text[-1] in "-\u2010"}
    assert any(end.startswith(broken) or broken.startswith(end[:-1]) for end in ends), ends


def test_acronyms_are_never_hyphenated() -> None:
    pdf = typeset("UNIFIL and COVID-19 are words. " * 80).artefacts[0].content
    assert not [line for line in body_lines(pdf) if re.search(r"\bUNI[-\u2010]$", line.text)]


def test_a_token_changes_the_page() -> None:
    tokens = load_templates(None)["tokens.css"].replace("148mm", "120mm")
    built = typeset(essay(), **{"tokens.css": tokens})
    assert page_sizes_mm(built.artefacts[0].content)[0][0] == pytest.approx(120, abs=0.01)


@pytest.mark.parametrize("theme", ["serif", "plain"])
def test_both_themes_lay_out_without_a_finding(theme: str) -> None:
    built = typeset(essay().replace("lang: en", f"lang: en\ntheme: {theme}"))
    assert [finding for finding in built.findings if finding.severity is not Severity.NOTE] == []
    with pikepdf.open(io.BytesIO(built.artefacts[0].content)) as pdf:
        names = {str(font.BaseFont) for font in pdf.pages[0].resources.Font.values()}
    family = {"serif": "Source-Serif-4", "plain": "Source-Sans-3"}[theme]
    assert all(family in name for name in names)


def test_a_character_without_a_glyph_is_an_error() -> None:
    built = typeset("A sign in cuneiform: 𒀀.")
    errors = [each.message for each in built.findings if each.severity is Severity.ERROR]
    assert any("𒀀" in message for message in errors)


def test_formulas_are_drawn_with_their_tex_as_alternative_text() -> None:
    built = typeset("Euler: $e^{i\\pi}+1=0$.\n\n$$\\sum_{k=1}^n k = \\frac{n(n+1)}{2}$$\n")
    with pikepdf.open(io.BytesIO(built.artefacts[0].content)) as pdf:
        texts = [str(item.Alt) for item in pdf.objects if is_figure(item)]
    assert texts == [r"e^{i\pi}+1=0", r"\sum_{k=1}^n k = \frac{n(n+1)}{2}"]


def is_figure(item: pikepdf.Object) -> bool:
    return isinstance(item, pikepdf.Dictionary) and item.get("/S") == pikepdf.Name.Figure


def test_copied_words_keep_their_hyphens(one: bytes) -> None:
    with pypdfium2.PdfDocument(one) as pdf:
        text = pdf[1].get_textpage().get_text_range()
    assert "de-escalation" in text


def test_a_stylesheet_that_asks_for_the_network_is_refused_and_reported() -> None:
    asks = load_templates(None)["print.css"] + "body { background: url(http://127.0.0.1:9/x.png) }"
    built = typeset("Words.", **{"print.css": asks})
    assert any("127.0.0.1" in finding.message for finding in built.findings)


WIDE_TABLE = "| " + " | ".join(f"Column {n}" for n in range(12)) + " |\n" + "|---" * 12 + "|\n"
WIDE_TABLE += ("| " + " | ".join(["considerable words"] * 12) + " |\n") * 3


@pytest.mark.parametrize(
    "text",
    [
        WIDE_TABLE,
        "# Donaudampfschifffahrtsgesellschaftskapitänsmützenband\n\nWords.",
        "# A heading with internationalizationsandlocalizationsofeverykind\n\nWords.",
        "```\n" + "a_very_long_name_without_a_space_" * 12 + "\n```",
        "A [link](https://example.org/"
        + "deeper/" * 30
        + ") <https://example.org/"
        + "x/" * 90
        + ">",
    ],
    ids=["table", "title", "heading", "code", "link"],
)
def test_nothing_leaves_the_text_block(text: str) -> None:
    for line in body_lines(typeset(text).artefacts[0].content):
        inner, outer = (INNER_MM, OUTER_MM) if line.page % 2 == 0 else (OUTER_MM, INNER_MM)
        assert line.left_mm >= inner - 0.5, line.text
        assert line.right_mm <= WIDTH_MM - outer + 0.5, line.text


def test_no_line_begins_with_the_call_of_a_note() -> None:
    sentence = "word " * 7 + "[link](#a).^[A note.] "
    text = "# A {#a}\n\n" + "\n\n".join("x" * n + " " + sentence * 5 for n in range(1, 30))
    lines = body_lines(typeset(text).artefacts[0].content)
    for number in {line.page for line in lines}:
        on_page = [line for line in lines if line.page == number]
        notes_mm = min(line.top_mm for line in on_page if line.text == "A note.") - 2
        calls = [line for line in on_page if line.text.isdecimal() and line.top_mm < notes_mm]
        left_mm = INNER_MM if number % 2 == 0 else OUTER_MM
        assert calls
        assert not [call.text for call in calls if call.left_mm < left_mm + 1]


def test_a_long_listing_breaks_across_pages_and_a_short_one_does_not() -> None:
    filler = "Words to fill the page. " * 90 + "\n\n"
    for lines, pages in ((60, 2), (12, 1)):
        listing = "```\n" + "\n".join(f"line_{n}" for n in range(lines)) + "\n```\n"
        result = body_lines(typeset(filler + listing).artefacts[0].content)
        on = {line.page for line in result if line.text.startswith("line_")}
        assert len(on) == pages


def test_an_image_may_be_called_whatever_a_file_system_allows(tmp_path: Path) -> None:
    names = ["a space.png", "über.png", "per%cent.png", "plus+and&.png"]
    for shade, name in enumerate(names):
        Image.new("RGB", (30, 20), (0, 60 * shade, 99)).save(tmp_path / name)
    lines = [f"![{name}](<{quote(name)}>)" for name in names]
    (tmp_path / "named.md").write_text("# Names\n\n" + "\n\n".join(lines), "utf-8")
    built = build(job(str(tmp_path / "named.md")), ["pdf"])
    assert [finding.message for finding in built.findings if "layout" in finding.message] == []
    with pikepdf.open(io.BytesIO(built.artefacts[0].content)) as pdf:
        drawn = [each for each in pdf.objects if _is_picture(each)]
        assert len(drawn) == len(names)


def _is_picture(item: pikepdf.Object) -> bool:
    return isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image"
