"""Gutters at the page counts where a printer requires more, measured on finished pages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.cli.inputs import job
from chapbook.design.templates import Design
from chapbook.layout import page_layout as laying_out
from chapbook.layout.page_layout import designed_page, lay_out
from chapbook.model.document import Layout, Publication
from chapbook.pipeline import build, publish
from chapbook.printing.geometry import Page, fitted, padded
from chapbook.printing.settings import PrintSettings
from chapbook.printing.trims import TrimSize
from chapbook.printing.vendors import PRINTERS

INCH_MM = 25.4
RASTER_PPI = 150
RASTER_MM = INCH_MM / RASTER_PPI

# KDP's own, once more and by hand: up to so many pages, so many inches.
LEAST_IN = ((150, 0.375), (300, 0.5), (500, 0.625), (700, 0.75), (828, 0.875))
# The narrow page below is laid out on both sides of 150 and of 300; what is no longer than 500 and
# 700 takes a gutter that these have as well.
LONG = (501, 701)

LINE = "So many words stand here that they fill more than the whole of one line from edge to edge."


def write_pages(folder: Path, count: int, settings: str) -> Path:
    """A manuscript of exactly *count* pages, the title on the first."""
    path = folder / "pages.md"
    text = "title: Pages\nlang: en\nidentifier: urn:x-pages\ndate: 2026-11-01"
    pages = "\n\n\\newpage\n\n".join(f"{LINE} {number}" for number in range(1, count + 1))
    path.write_text(
        f"---\n{text}\nprint: {{layout: article, {settings}}}\n---\n\n{pages}\n", "utf-8"
    )
    return path


def least_gutter_mm(page_count: int) -> float:
    return next(inches for up_to, inches in LEAST_IN if page_count <= up_to) * INCH_MM


@pytest.mark.parametrize("count", LONG)
def test_a_gutter_is_wide_enough_on_every_page_of_the_finished_file(
    count: int, tmp_path: Path
) -> None:
    assert_margins(count, 6, 9, tmp_path)


def test_on_a_narrow_page_each_boundary_makes_the_gutter_wider(tmp_path: Path) -> None:
    """The smallest that KDP cuts: there the printer's least, not the design, is what counts."""
    gutters = [assert_margins(count, 4, 6, tmp_path) for count in (150, 151, 300, 301)]
    assert gutters[1] - gutters[0] == pytest.approx(0.125 * INCH_MM, abs=RASTER_MM)
    assert gutters[2] == pytest.approx(gutters[1], abs=RASTER_MM)
    assert gutters[3] - gutters[2] == pytest.approx(0.125 * INCH_MM, abs=RASTER_MM)


def assert_margins(count: int, wide_in: float, high_in: float, folder: Path) -> float:
    """Boxes, count and margins of a finished work of *count* pages; its gutter in mm."""
    path = write_pages(folder, count, f"printer: kdp, trim: {wide_in}x{high_in}in")
    (result,) = build(job(str(path)), ["press"]).artefacts
    bound = count + count % 2
    with pikepdf.open(io.BytesIO(result.content)) as pdf:
        assert len(pdf.pages) == bound
        for each in pdf.pages:
            for box in (each.mediabox, each.trimbox, each.cropbox):
                edges = [float(edge) for edge in box]
                assert edges == pytest.approx([0, 0, wide_in * 72, high_in * 72], abs=0.01)
    margins = list(measured_mm(result.content))
    assert [page for page, *_ in margins] == list(range(count)), "not a text of so many pages"
    least = least_gutter_mm(bound)
    for page, inner, outer in margins:
        assert inner >= least - RASTER_MM, f"page {page + 1}"
        assert outer >= 0.25 * INCH_MM - RASTER_MM, f"page {page + 1}"
    at_spine = [[inner for page, inner, _ in margins if page % 2 == side] for side in (0, 1)]
    for side in at_spine:
        assert max(side) - min(side) < 1, "pages of one side differ"
    recto, verso = map(min, at_spine)
    # The first letter has a side bearing, and both ends are rounded to a pixel.
    assert recto == pytest.approx(verso, abs=3 * RASTER_MM), "not mirrored"
    return recto


def measured_mm(pdf: bytes) -> Iterator[tuple[int, float, float]]:
    """Each page with ink, and its margins at the spine and at the fore edge, as rasterized."""
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document):
            image = page.render(scale=RASTER_PPI / 72, grayscale=True).to_pil().convert("L")
            if box := image.point(lambda tone: 255 if tone < 160 else 0).getbbox():
                left, right = (
                    pixels / RASTER_PPI * INCH_MM for pixels in (box[0], image.width - box[2])
                )
                yield (number, right, left) if number % 2 else (number, left, right)


# The loop ---------------------------------------------------------------------------------------


@pytest.fixture
def work(tmp_path: Path) -> tuple[Publication, Design]:
    asked = job(str(write_pages(tmp_path, 2, "printer: kdp, trim: 105x170mm")))
    publication = publish(asked)
    return publication, Design(asked.templates, publication.metadata.theme)


def claiming(counts: list[int], pages: list[Page], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each layout claim the next of *counts*, the last for ever; note its page in *pages*."""

    def claim(_publication: Publication, _design: Design, geometry: Page, _: object) -> Layout:
        pages.append(geometry)
        return Layout(counts[min(len(pages), len(counts)) - 1], geometry=geometry)

    monkeypatch.setattr(laying_out, "_lay_out", claim)


@pytest.mark.parametrize(
    ("counts", "layouts"),
    [
        ([100], 1),
        ([160, 148, 160, 148, 160], 2),  # oscillates: 148 pages keep the gutter of 160
        ([310, 290, 310], 2),
        ([160, 310, 520, 720], 5),  # each gutter makes the next one necessary
        ([160, 310, 520, 720, 9000], 5),
    ],
)
def test_the_loop_ends_and_the_wider_gutter_wins(
    work: tuple[Publication, Design],
    counts: list[int],
    layouts: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages: list[Page] = []
    claiming(counts, pages, monkeypatch)
    layout = lay_out(*work)
    assert len(pages) == layouts
    assert layout.geometry == pages[-1]
    inner = [page.inner_mm for page in pages]
    assert inner == sorted(inner)
    assert len(set(inner)) == len(inner), "laid out twice on one page"
    largest = max(counts[:layouts])
    assert pages[-1].inner_mm >= least_gutter_mm(min(largest, 828))


@given(counts=st.lists(st.integers(1, 900), min_size=1, max_size=9))
def test_whatever_the_counts_the_gutter_is_wide_enough_in_the_end(counts: list[int]) -> None:
    publication, design = _work_of_tests()
    pages: list[Page] = []
    with pytest.MonkeyPatch.context() as patch:
        claiming(counts, pages, patch)
        layout = lay_out(publication, design)
    assert len(pages) <= len(LEAST_IN)
    least = least_gutter_mm(min(padded(layout.page_count, 2), 828))
    assert pages[-1].inner_mm >= least


def _work_of_tests() -> tuple[Publication, Design]:
    if not _WORKS:
        essay = Path(__file__).parents[1] / "source" / "security-assistance.md"
        asked = job(str(essay))
        publication = publish(asked)
        metadata = replace(
            publication.metadata, printing=PrintSettings(printer="kdp", trim=TrimSize(105, 170))
        )
        document = replace(publication.document, metadata=metadata)
        _WORKS.append(
            (replace(publication, document=document), Design(asked.templates, metadata.theme))
        )
    return _WORKS[0]


_WORKS: list[tuple[Publication, Design]] = []


# The page ---------------------------------------------------------------------------------------


def shipped_page() -> Page:
    return designed_page(_work_of_tests()[1])


@given(
    width=st.floats(100, 220),
    shape=st.floats(1.0, 1.8),
    count=st.integers(0, 1200),
    printer=st.sampled_from(sorted(PRINTERS)),
)
def test_no_margin_is_below_the_printer_s_least_and_words_have_room(
    width: float, shape: float, count: int, printer: str
) -> None:
    settings = PrintSettings(
        printer=printer, trim=TrimSize(round(width, 2), round(width * shape, 2))
    )
    page = fitted(shipped_page(), settings, count)
    rules = PRINTERS[printer]
    assert page.trim == settings.trim
    assert page.inner_mm >= rules.gutter_mm(count)
    for margin in (page.outer_mm, page.top_mm, page.bottom_mm):
        assert margin >= rules.margin_mm(bleeds=True)
    em_mm = page.text_pt * INCH_MM / 72
    assert page.measure_mm > 12 * em_mm, "no line of text has room"
    assert page.trim.height_mm - page.top_mm - page.bottom_mm > 5 * em_mm
    assert page.measure_mm < 36 * em_mm, "a line is longer than can be read"
    assert 8.5 <= page.text_pt <= 11.5


@given(width=st.floats(100, 220), printer=st.sampled_from(sorted(PRINTERS)), data=st.data())
def test_more_pages_never_make_the_gutter_narrower(
    width: float, printer: str, data: st.DataObject
) -> None:
    fewer, more = sorted(data.draw(st.tuples(st.integers(0, 900), st.integers(0, 900))))
    settings = PrintSettings(printer=printer, trim=TrimSize(round(width, 2), 220))
    narrow, wide = (fitted(shipped_page(), settings, count) for count in (fewer, more))
    assert narrow.inner_mm <= wide.inner_mm


def test_the_design_s_own_page_is_left_as_it_is_at_home() -> None:
    page = shipped_page()
    assert fitted(page, PrintSettings(), 0) == page
