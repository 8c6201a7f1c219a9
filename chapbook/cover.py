"""The cover: a typographic page in the theme's faces and colors, as a picture for shelves."""

from __future__ import annotations

import io
from dataclasses import dataclass

import tinyhtml5

from chapbook import fonts, weasy
from chapbook.design import Design
from chapbook.document import Publication
from chapbook.errors import Finding
from chapbook.present import View

# Under the 3.2 million pixels that old e-readers bear, in the shape of Kindle's 1.6 to 1.
COVER_WIDTH_PX, COVER_HEIGHT_PX = 1200, 1920
_PAGE_WIDTH_PT = 450  # the 600 CSS px of templates/cover.css
_QUALITY = 88  # artefacts beside large letters show below 80

# How many characters of display type fit a line, and how many lines are allowed, per size.
_FITS = ((8, 4), (10, 5), (13, 6), (17, 7), (24, 10))


@dataclass(frozen=True, slots=True)
class Cover:
    """A JPEG of `COVER_WIDTH_PX` by `COVER_HEIGHT_PX`."""

    jpeg: bytes
    findings: tuple[Finding, ...]


def draw_cover(publication: Publication, design: Design) -> Cover:
    """The cover of *publication*, from `templates/cover.html` and `templates/cover.css`."""
    view = View.of(publication, design)
    markup = design.fill("cover.html", view=view, fit=f"fit-{fit(view.metadata.title)}")
    page = tinyhtml5.parse(markup, namespace_html_elements=False)
    sheet = weasy.Sheet(
        css=design.fixed_stylesheet("cover.css"),
        faces=fonts.instances(_families(design), frozenset("".join(page.itertext()))),
    )
    drawn = weasy.draw(page, sheet)
    return Cover(_rasterize(drawn.pdf), drawn.findings)


def fit(title: str) -> int:
    """Which of the cover's sizes sets *title*: 1, the largest, to 5.

    >>> fit("Emma"), fit("Security Assistance")
    (1, 2)
    """
    for number, (measure, most_lines) in enumerate(_FITS, 1):
        lines, used = 1, 0
        words = title.split()
        for word in words:
            if used and used + 1 + len(word) > measure:
                lines, used = lines + 1, 0
            used += len(word) + (1 if used else 0)
        if lines <= most_lines and all(len(word) <= measure for word in words):
            return number
    return len(_FITS)


def _families(design: Design) -> tuple[str, ...]:
    wanted = (design.tokens["--face-display"], design.tokens["--face-text"])
    return tuple(dict.fromkeys(face.split(",")[0].strip().strip("\"'") for face in wanted))


def _rasterize(pdf: bytes) -> bytes:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        bitmap = document[0].render(scale=COVER_WIDTH_PX / _PAGE_WIDTH_PT)
        image = bitmap.to_pil()
        packed = io.BytesIO()
        image.save(packed, "JPEG", quality=_QUALITY, subsampling=0)
    finally:
        document.close()
    return packed.getvalue()
