"""Take the README's pictures of the built essay, and of the golden books as they are printed.

make && python -m tests.pictures
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw

from chapbook.cli import inputs
from chapbook.pipeline import build
from tests.made_book import write_made_book
from tests.test_books import write_chapbook
from tests.validators import tools

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
ESSAY = ROOT / "build" / "security-assistance"
WIDTH_PX, HEIGHT_PX = 1000, 720
DESK = "#d9d6cf"
GAP_PX = 24
SPREAD_PX = 520  # the height of an open book
FOLD = "#d2cfc8"
CHAPBOOK = (("", "i"), ("ii", "iii"), ("iv", "v"), ("2", "3"))
MADE_BOOK = (("ii", "iii"), ("x", "xi"), ("2", "3"), ("4", "5"))


def on_desk(pages: list[Image.Image]) -> Image.Image:
    """Return *pages* side by side, as large as our desk."""
    height = HEIGHT_PX - 2 * GAP_PX
    scaled = [
        page.convert("RGB").resize((round(page.width * height / page.height), height))
        for page in pages
    ]
    desk = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), DESK)
    left = (WIDTH_PX - sum(page.width for page in scaled)) // 2
    for page in scaled:
        desk.paste(page, (left, GAP_PX))
        left += page.width
    return desk


def of_pdf() -> Image.Image:
    """The first two pages."""
    with pypdfium2.PdfDocument(ESSAY.with_suffix(".pdf")) as pdf:
        return on_desk([pdf[number].render(scale=2.4).to_pil() for number in (0, 1)])


def of_epub(folder: Path) -> Image.Image:
    """Cover and first page in a reading system of six inches."""
    reader = tools.HERE / "read_epub.mjs"
    book = ESSAY.with_suffix(".epub")
    command = [tools.node(), reader, tools.chromium(), book, folder, "--", *tools.chromium_flags()]
    subprocess.run(list(map(str, command)), check=True, stdout=subprocess.DEVNULL)
    return on_desk([Image.open(folder / f"light-{number}.png") for number in (1, 2)])


def of_html(folder: Path) -> Image.Image:
    """The head of the page on a wide screen."""
    picture = folder / "page.png"
    subprocess.run(
        [
            str(tools.chromium()),
            *tools.chromium_flags(),
            "--hide-scrollbars",
            f"--window-size={WIDTH_PX * 14 // 10},{HEIGHT_PX * 14 // 10}",
            f"--screenshot={picture}",
            ESSAY.with_suffix(".html").as_uri(),
        ],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    return (
        Image.open(picture).convert("RGB").resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.LANCZOS)
    )


def of_book(manuscript: Path, spreads: tuple[tuple[str, str], ...]) -> Image.Image:
    """Some of its *spreads*, by the folios of their pages, two by two. A page "" is not there."""
    (result,) = build(inputs.job(str(manuscript)), ["pdf"]).artefacts
    with pypdfium2.PdfDocument(result.content) as pdf:
        numbers = {pdf.get_page_label(number): number for number in range(len(pdf))}
        wide, high = pdf.get_page_size(0)
        size = (round(wide * SPREAD_PX / high), SPREAD_PX)
        column, row = 2 * size[0] + 2 * GAP_PX, SPREAD_PX + GAP_PX
        desk = Image.new("RGB", (2 * column, len(spreads) // 2 * row + GAP_PX), DESK)
        for place, spread in enumerate(spreads):
            left, top = place % 2 * column + GAP_PX, place // 2 * row + GAP_PX
            if "" in spread:
                left -= size[0] // 2  # a book that is shut
            for side, label in enumerate(spread):
                if label:
                    page = pdf[numbers[label]].render(scale=3 * SPREAD_PX / high).to_pil()
                    small = page.convert("RGB").resize(size, Image.Resampling.LANCZOS)
                    desk.paste(small, (left + side * size[0], top))
            if "" not in spread:
                fold = left + size[0]
                ImageDraw.Draw(desk).line((fold, top, fold, top + SPREAD_PX - 1), fill=FOLD)
    return desk


def main() -> int:
    """Take them all."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pictures = {
            "chapbook": of_book(write_chapbook(folder, "a5"), CHAPBOOK),
            "book": of_book(write_made_book(folder, "us-trade"), MADE_BOOK),
            "pdf": of_pdf(),
            "epub": of_epub(folder),
            "html": of_html(folder),
        }
        for kind, picture in pictures.items():
            path = HERE / f"{kind}.png"
            picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
                path, optimize=True
            )
            print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
