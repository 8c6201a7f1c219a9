"""Drawings with definitions look the same on every page, and in PDFium, MuPDF and poppler."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PIL import Image

from chapbook.cli import inputs
from chapbook.pipeline import build
from tests.drawn import by_mupdf, by_pdfium, by_poppler, difference, differing_pages

STOPS = '<stop offset="0" stop-color="red"/><stop offset="1" stop-color="blue"/>'
LINEAR = f'<linearGradient id="g">{STOPS}</linearGradient>'
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
DRAWINGS = {
    "linear": f'{LINEAR}<rect width="100" height="60" fill="url(#g)"/>',
    "radial": f'<radialGradient id="g">{STOPS}</radialGradient>'
    '<circle cx="50" cy="30" r="25" fill="url(#g)"/>',
    "turned": f'<linearGradient id="g" gradientTransform="rotate(45)">{STOPS}</linearGradient>'
    '<rect x="10" y="10" width="80" height="40" fill="url(#g)"/>',
    "transparent": f"{LINEAR}".replace('"blue"', '"blue" stop-opacity="0.3"')
    + '<rect width="100" height="60" fill="url(#g)"/>',
    "in a group": f'{LINEAR}<g opacity="0.5"><rect width="90" height="60" fill="url(#g)"/></g>',
    "as a line": f'{LINEAR}<rect x="10" y="10" width="80" height="40" fill="none" '
    'stroke-width="12" stroke="url(#g)"/>',
    "two of one": f'{LINEAR}<linearGradient id="h" xlink:href="#g" y2="1" x2="0"/>'
    '<rect width="30" height="60" fill="url(#h)"/>'
    '<rect x="35" width="30" height="60" fill="url(#h)"/>'
    '<rect x="70" width="30" height="60" fill="url(#g)"/>',
    "used": f'{LINEAR}<symbol id="u"><rect width="40" height="50" fill="url(#g)"/></symbol>'
    '<use xlink:href="#u"/><use xlink:href="#u" x="50"/>',
    "a mask": f'{LINEAR}<mask id="m" maskUnits="userSpaceOnUse" width="100" height="60">'
    '<circle cx="50" cy="30" r="25" fill="white"/></mask>'
    '<rect width="100" height="60" fill="url(#g)" mask="url(#m)"/>',
    "a clip": f'{LINEAR}<clipPath id="c"><circle cx="50" cy="30" r="25"/></clipPath>'
    '<rect width="100" height="60" fill="url(#g)" clip-path="url(#c)"/>',
    "a pattern": '<pattern id="p" width="0.25" height="0.5"><rect width="15" height="15" '
    'fill="plum"/></pattern><rect width="100" height="60" fill="url(#p)"/>',
}
DRAWINGS["reflected"] = (
    f'<linearGradient id="g" spreadMethod="reflect" x2="0.25">{STOPS}</linearGradient>'
    '<rect width="100" height="60" fill="url(#g)"/>'
)
TIMES = 3
assert len(DRAWINGS) % 2 == 0, "else a drawing would stand on left and on right pages"


@cache
def pdf() -> bytes:
    """A page for each drawing, after a page with the title; and all of them again, and again."""
    with TemporaryDirectory() as folder:
        for number, inside in enumerate(DRAWINGS.values()):
            drawing = (
                f'<svg xmlns="http://www.w3.org/2000/svg" {XLINK} width="100" height="60">'
                f"{inside}</svg>"
            )
            Path(folder, f"{number}.svg").write_text(drawing, "utf-8")
        pages = [
            f"\\newpage\n\n![A drawing]({number}.svg){{width=90%}}\n"
            for number in range(len(DRAWINGS))
        ]
        text = "---\ntitle: T\nlang: en\n---\n\nWords.\n\n" + "\n".join(pages * TIMES)
        (main := Path(folder, "main.md")).write_text(text, "utf-8")
        return build(inputs.job(str(main)), ["pdf"]).artefacts[0].content


@cache
def drawn() -> list[Image.Image]:
    return by_pdfium(pdf())[1:]


def test_mupdf_and_poppler_draw_what_pdfium_draws() -> None:
    assert len(drawn()) == TIMES * len(DRAWINGS)
    assert differing_pages(by_mupdf(pdf())[1:], drawn()) == []
    assert differing_pages(by_poppler(pdf())[1:], drawn()) == []


@pytest.mark.parametrize("number", range(len(DRAWINGS)), ids=[*DRAWINGS])
def test_a_drawing_looks_the_same_wherever_it_stands(number: int) -> None:
    first, second, third = drawn()[number :: len(DRAWINGS)]
    assert difference(first, first.point(lambda _: 255)) > 60
    assert differing_pages([second, third], [first, first]) == []
