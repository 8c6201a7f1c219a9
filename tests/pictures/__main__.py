"""Take the README's pictures of the built essay: what a reader of each format sees.

make && python -m tests.pictures
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

from tests.validators import tools

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
ESSAY = ROOT / "build" / "security-assistance"
WIDTH_PX, HEIGHT_PX = 1000, 720
DESK = "#d9d6cf"
GAP_PX = 24


def on_desk(pages: list[Image.Image]) -> Image.Image:
    """*pages* side by side, as large as a desk of our size bears."""
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


def main() -> int:
    """Take all three."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pictures = {"pdf": of_pdf(), "epub": of_epub(folder), "html": of_html(folder)}
        for kind, picture in pictures.items():
            path = HERE / f"{kind}.png"
            picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(
                path, optimize=True
            )
            print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1000} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
