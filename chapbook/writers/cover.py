"""The cover's front: one art for the wrap, the EPUB and the marketing image.

A typographic page in the theme's faces and colors, or around the author's picture. Its measures
are in rem, of which every front is 60 wide, whatever it is drawn on.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

from chapbook import weasy
from chapbook.design import fonts
from chapbook.design.template_context import View
from chapbook.design.templates import Design
from chapbook.images.rasters import for_paper
from chapbook.layout.page_layout import placed_glyph
from chapbook.model.document import Asset, Publication
from chapbook.model.dom import parse_html
from chapbook.model.errors import Finding
from chapbook.writers.copyfitting import Width, count_lines, largest, longest_word_em

# Under the 3.2 million pixels that old e-readers bear, in the shape of Kindle's 1.6 to 1.
COVER_WIDTH_PX, COVER_HEIGHT_PX = 1200, 1920
MARKETING_WIDTH_PX, MARKETING_HEIGHT_PX = 1600, 2560  # the size that Kindle's guidelines call ideal
_SHAPE = 1.6
_PAGE_WIDTH_PT = 450  # the 600 CSS px of templates/cover.css
_QUALITY = 88  # artefacts beside large letters show below 80

WIDTH_REM = 60.0
COVER_SHEETS = ("cover-front.css", "cover.css")

# Places on the front, as templates/cover-front.css has them.
_INSET_REM, _FOOT_REM = 6.4, 17.0
_AUTHORS_SIZES_REM, _PLATED_AUTHORS_REM = (2.7, 2.3, 2.0), 8.0
_SUBTITLE_SIZES_REM = (3.2, 2.5)
_LONG_SUBTITLE = 120  # characters
_PLATE_REM, _PLATE_HEAD_REM, _PLATE_GAP_REM = 0.44, 8.0, 4.0  # of the height; above; below
_TITLE_SHARE = 0.4375  # of the height

_TITLE_SIZES_REM = (12.0, 9.6, 7.6, 5.8, 4.4, 3.4, 2.6)
_TITLE_LEADING = 1.08
_HYPHENATED_FROM_REM = 4.4  # a word that is too long for this size is hyphenated instead


@dataclass(frozen=True, slots=True)
class Front:
    """What the templates ask of a front besides the words. All measures are in rem."""

    height: float
    title_size: float
    subtitle_size: float
    authors: str
    authors_size: float
    inset: float  # of the words from both sides
    initial: str  # a large letter behind, in a shade of the ground
    picture: str | None = None  # the address of the author's picture
    plate: tuple[float, float] | None = None  # its width and height; None: it is the whole front

    @property
    def hyphenated(self) -> bool:
        """Whether the title's long words may be parted."""
        return self.title_size <= _HYPHENATED_FROM_REM


@dataclass(frozen=True, slots=True)
class Cover:
    """The front as a JPEG, and what was met in drawing it."""

    jpeg: bytes
    findings: tuple[Finding, ...]


def draw_cover(publication: Publication, design: Design, width_px: int = COVER_WIDTH_PX) -> Cover:
    """The front of *publication* in the shape of an e-book's, an RGB JPEG *width_px* wide."""
    view = View.of(publication, design)
    front = front_of(publication, design, WIDTH_REM * _SHAPE)
    markup = design.fill("cover.html", view=view, front=front)
    page = parse_html(markup)
    sheet = weasy.Sheet(
        css=design.fixed_stylesheet(*COVER_SHEETS),
        faces=cover_faces(design, page.itertext(), view.metadata.lang),
    )
    drawn = weasy.draw(page, sheet, cover_assets(publication))
    manuscript = publication.document.manuscript
    told = tuple(placed_glyph(found, manuscript) for found in drawn.findings)
    return Cover(_rasterize(drawn.pdf, width_px), told)


def front_of(
    publication: Publication, design: Design, height_rem: float, safe_rem: float = 0
) -> Front:
    """How the front of *publication* is set where it is *height_rem* high.

    Words and plate stay *safe_rem* from its edges.
    """
    inset = max(_INSET_REM, safe_rem)
    measure = WIDTH_REM - 2 * inset
    metadata = publication.metadata
    picture = publication.document.cover_image
    subtitle = metadata.subtitle or ""
    subtitle_size = _SUBTITLE_SIZES_REM[len(subtitle) > _LONG_SUBTITLE]
    width = heaviest(design, "--face-display", metadata.title + subtitle).width_em
    plate = (
        _plate(picture, height_rem, measure) if picture and metadata.cover_text == "set" else None
    )
    room = height_rem * _TITLE_SHARE
    if plate:
        lines = count_lines(subtitle, measure / subtitle_size, width) if subtitle else 0
        below = _PLATE_HEAD_REM + plate[1] + _PLATE_GAP_REM + lines * subtitle_size * 1.3 + 2.0
        room = height_rem - below - _FOOT_REM
    people = [person.name for person in metadata.authors]
    authors, authors_size = _authors(people, design, measure, _PLATED_AUTHORS_REM if plate else 16)
    return Front(
        height=height_rem,
        title_size=title_size(metadata.title, measure, room, width),
        subtitle_size=subtitle_size,
        authors=authors,
        authors_size=authors_size,
        inset=inset,
        initial="" if picture else _initial(metadata.title, design),
        picture=f"asset:{picture.href}" if picture else None,
        plate=plate,
    )


def _authors(
    people: list[str], design: Design, measure_rem: float, room_rem: float
) -> tuple[str, float]:
    """The authors and their size in rem; of very many the first ones, and an ellipsis."""
    width = heaviest(design, "--face-text", "".join(people) + ", …").width_em
    for count in range(len(people), 0, -1):
        names = ", ".join(people[:count]) + ("" if count == len(people) else ", …")

        def fits(size: float, names: str = names) -> bool:
            return count_lines(names, measure_rem / size, width) * size * 1.3 <= room_rem

        if size := largest(_AUTHORS_SIZES_REM, fits):
            return names, size
    return ", ".join(people[:1]), _AUTHORS_SIZES_REM[-1]


def title_size(title: str, measure_rem: float, room_rem: float, width: Width) -> float:
    """The largest size in rem at which *title* takes no more height than *room_rem*.

    No word of it is parted while it is large.
    """

    def fits(size: float) -> bool:
        measure = measure_rem / size
        whole = size <= _HYPHENATED_FROM_REM or longest_word_em(title, width) <= measure
        return whole and count_lines(title, measure, width) * size * _TITLE_LEADING <= room_rem

    return largest(_TITLE_SIZES_REM, fits) or _TITLE_SIZES_REM[-1]


def heaviest(design: Design, token: str, characters: str) -> fonts.Instance:
    """The heaviest upright face that *token* names, cut to *characters*, to measure texts by."""
    upright = [face for face in fonts.faces(design.family(token)) if face.style == "normal"]
    return fonts.cut(max(upright, key=lambda face: face.weight), characters + " ")


def cover_assets(publication: Publication) -> dict[str, tuple[bytes, str]]:
    """The author's picture by the address that templates give it."""
    picture = publication.document.cover_image
    return {f"asset:{picture.href}": for_paper(picture)} if picture else {}


def cover_faces(design: Design, texts: Iterable[str], lang: str) -> tuple[fonts.Instance, ...]:
    """The theme's text and display faces, cut to the characters of *texts*.

    Text before display: in the files both have one name, and fontconfig takes the first for both.
    """
    families = dict.fromkeys(map(design.family, ("--face-text", "--face-display")))
    return fonts.instances(families, "".join(texts), lang)


def _plate(picture: Asset, height_rem: float, measure_rem: float) -> tuple[float, float]:
    """The whole picture, as large as the measure and its share of the height allow."""
    shape = picture.height_px / picture.width_px
    height = min(measure_rem * shape, height_rem * _PLATE_REM)
    return height / shape, height


def _initial(title: str, design: Design) -> str:
    """The first letter of *title*, none where the face has no such letter."""
    start = next((at for at, character in enumerate(title) if character.isalnum()), None)
    if start is None:
        return ""
    letter = title[start].upper()
    face = fonts.faces(design.family("--face-display"))[0]
    return letter if fonts.covered(face, letter) == frozenset(letter) else ""


def _rasterize(pdf: bytes, width_px: int) -> bytes:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        bitmap = document[0].render(scale=width_px / _PAGE_WIDTH_PT)
        image = bitmap.to_pil()
        packed = io.BytesIO()
        image.save(packed, "JPEG", quality=_QUALITY, subsampling=0)
    finally:
        document.close()
    return packed.getvalue()
