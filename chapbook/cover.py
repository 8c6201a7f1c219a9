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

# The title's place on the page of templates/cover.css, and the sizes it may have there.
_TITLE_WIDTH_PX, _TITLE_HEIGHT_PX = 472, 420
_TITLE_SIZES_PX = (120, 96, 76, 58, 44, 34, 26)
_TITLE_LEADING = 1.08
_HYPHENATED_FROM_PX = 44  # a word that is too long for this size is hyphenated instead

# Widths in em, for a book face; what is not named is a small letter. Rounded up: a word that does
# not fit its line would be broken.
_WIDTHS = {" ": 0.25, "—": 0.9, "…": 0.9}
_WIDTHS |= dict.fromkeys("fijlrtIJ.,:;!'’‘()[]|-", 0.31)
_WIDTHS |= dict.fromkeys("mwMW@&%", 0.88)
_CAPITAL, _SMALL, _FULL = 0.67, 0.49, 1.0
_FULL_WIDTH_FROM = 0x2E80  # CJK and what follows it


@dataclass(frozen=True, slots=True)
class Cover:
    """A JPEG of `COVER_WIDTH_PX` by `COVER_HEIGHT_PX`."""

    jpeg: bytes
    findings: tuple[Finding, ...]


def draw_cover(publication: Publication, design: Design) -> Cover:
    """The cover of *publication*, from `templates/cover.html` and `templates/cover.css`."""
    view = View.of(publication, design)
    size = title_size_px(view.metadata.title)
    hyphenated = size <= _HYPHENATED_FROM_PX
    markup = design.fill("cover.html", view=view, title_size_px=size, hyphenated=hyphenated)
    page = tinyhtml5.parse(markup, namespace_html_elements=False)
    sheet = weasy.Sheet(
        css=design.fixed_stylesheet("cover.css"),
        faces=fonts.instances(_families(design), frozenset("".join(page.itertext()))),
    )
    drawn = weasy.draw(page, sheet)
    return Cover(_rasterize(drawn.pdf), drawn.findings)


def title_size_px(title: str) -> int:
    """The largest size at which *title* fits its place, no word of it broken while it is large.

    >>> title_size_px("Emma"), title_size_px("Security Assistance")
    (120, 96)
    """
    words = [sum(map(_width, word)) for word in title.split()]
    for size in _TITLE_SIZES_PX:
        measure = _TITLE_WIDTH_PX / size
        most_lines = int(_TITLE_HEIGHT_PX / (size * _TITLE_LEADING))
        unbroken = size <= _HYPHENATED_FROM_PX or max(words, default=0) <= measure
        if unbroken and _count_lines(words, measure) <= most_lines:
            return size
    return _TITLE_SIZES_PX[-1]


def _width(character: str) -> float:
    if character in _WIDTHS:
        return _WIDTHS[character]
    if ord(character) >= _FULL_WIDTH_FROM:
        return _FULL
    return _CAPITAL if character.isupper() or character.isdecimal() else _SMALL


def _count_lines(words: list[float], measure: float) -> int:
    lines, used = 1, 0.0
    for word in words:
        if used and used + _WIDTHS[" "] + word > measure:
            lines, used = lines + 1, 0.0
        used += word + (_WIDTHS[" "] if used else 0)
    return lines


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
