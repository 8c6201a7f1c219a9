"""The cover for a printer: back, spine and front on one sheet, as wide as the page count requires.

It also returns the front alone, as a picture for shops.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from chapbook import weasy
from chapbook.design.fonts import Instance
from chapbook.design.template_context import View, shortened
from chapbook.design.templates import Design
from chapbook.images.cmyk_profiles import cmyk_profile
from chapbook.images.process_colors import in_process_colors, separated_picture
from chapbook.layout.page_layout import designed_page, dossier, lay_out
from chapbook.model.document import Artefact, Publication
from chapbook.model.dom import parse_html
from chapbook.model.errors import Code, Finding, Place, SourceError, error, warning
from chapbook.printing.barcode import Barcode, draw_barcode, price_add_on
from chapbook.printing.geometry import fitted
from chapbook.printing.trims import MM_PER_INCH
from chapbook.printing.vendors import PRINTERS
from chapbook.printing.wrap import INK_EM, SpineUnknown, Wrap, measure_wrap, reads_upwards
from chapbook.weasy.press import typeset_for_press
from chapbook.writers.copyfitting import Width, count_lines, largest
from chapbook.writers.cover import (
    MARKETING_HEIGHT_PX,
    MARKETING_WIDTH_PX,
    WIDTH_REM,
    Front,
    cover_assets,
    cover_faces,
    draw_cover,
    front_of,
    heaviest,
)
from chapbook.writers.print.interior import bound_page_count

WRAP_SHEETS = ("cover-front.css", "press-cover.css")
_MOST_INK_PERCENT = 300.0  # if the printer gives no limit
_BARCODE = "asset:barcode.svg"
_MM_PER_PT = MM_PER_INCH / 72

# Places on the back, as templates/press-cover.css has them.
_HEAD_REM = 16.0  # the rule and what is below it, down to the first line
_FOOT_REM = 8.4
_BARCODE_MARGIN_MM, _ISBN_LINE_MM, _GAP_MM = 2.0, 4.5, 7.0
_FOOT_LINES_MM = 11.0  # publisher and price, if there is no barcode
_BLURB_SIZES_PT = (12.0, 11.0, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0)
_BLURB_LEADING = 1.45

_SPINE_SIZES_PT = (18.0, 16.0, 14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0)
_SPINE_GAP_EM = 2.0  # between title and author


@dataclass(frozen=True, slots=True)
class Spine:
    """The words on the spine, and their size."""

    title: str
    author: str
    size_pt: float
    rise_em: float  # by which the line is set higher, so that its ink is in the middle
    upwards: bool


@dataclass(frozen=True, slots=True)
class Back:
    """The words and the barcode on the back, and the size of the words."""

    blurb: str | None
    blurb_size_pt: float
    barcode: Barcode | None


def write_cover(publication: Publication, design: Design) -> Artefact:
    """Return the wrap as a PDF, and the front as a JPEG of 1600 × 2560 pixels for shops.

    Raises SourceError if only the printer's template gives the width of the spine.
    """
    view = View.of(publication, design)
    wrap, pages = _measure(publication, design)
    rem_mm = wrap.trim.width_mm / WIDTH_REM
    front = front_of(publication, design, wrap.height_mm / rem_mm, wrap.safe_mm / rem_mm)
    face = heaviest(design, "--face-text", _all_words(view))
    back, unfit = _back(publication, wrap, front, face.width_em)
    spine = _spine(view, wrap, face)
    values = {"wrap": wrap, "front": front, "back": back, "spine": spine, "rem_mm": rem_mm}
    markup = design.fill("press-cover.html", view=view, **values)
    page = parse_html(markup)
    sheet = weasy.Sheet(
        css=design.fixed_stylesheet(*WRAP_SHEETS) + _page_rule(wrap),
        faces=cover_faces(design, page.itertext(), view.metadata.lang),
    )
    pdf, left = _printed(publication, design, page, sheet, back)
    counted = "1 page" if pages == 1 else f"{pages:,} pages"
    extent = f"for {counted}, spine {wrap.spine_width_mm:.1f} mm"
    findings = (*left, *unfit, *_resolution(publication, wrap, front))
    image = _marketing_image(publication, design)
    return Artefact("cover", "-cover.pdf", pdf, extent, findings, (image,))


def _printed(
    publication: Publication, design: Design, page: Element, sheet: weasy.Sheet, back: Back
) -> tuple[bytes, tuple[Finding, ...]]:
    """Return *page* for its printer, in process colors if the printer wants PDF/X."""
    printer = PRINTERS[publication.metadata.printing.printer]
    profile = cmyk_profile() if printer.wants_pdf_x else None
    most_ink = printer.ink_percent.figure if printer.ink_percent else _MOST_INK_PERCENT
    assets = cover_assets(publication)
    if profile:
        ground = design.color("--cover-ground")
        assets = {
            name: (content, media_type)
            if media_type == "image/svg+xml"
            else separated_picture(content, profile, most_ink, ground)
            for name, (content, media_type) in assets.items()
        }
    if back.barcode:
        assets[_BARCODE] = (back.barcode.svg, "image/svg+xml")
    drawn = typeset_for_press(page, sheet, assets, dossier(publication), profile)
    if profile is None:
        return drawn.pdf, drawn.findings
    pdf, unconverted = in_process_colors(drawn.pdf, profile, most_ink)
    where = Place(publication.document.manuscript.name)
    messages = (
        f"on the cover, {color} stays in RGB, which PDF/X does not allow" for color in unconverted
    )
    return pdf, (*drawn.findings, *(error(Code.INK, message, where) for message in messages))


def _marketing_image(publication: Publication, design: Design) -> Artefact:
    cover = draw_cover(publication, design, MARKETING_WIDTH_PX)
    extent = f"{MARKETING_WIDTH_PX} × {MARKETING_HEIGHT_PX} pixels"
    return Artefact("cover", "-cover.jpg", cover.jpeg, extent, cover.findings)


def _measure(publication: Publication, design: Design) -> tuple[Wrap, int]:
    """Return the wrap for the finished pages, and the number of pages."""
    metadata = publication.metadata
    settings = metadata.printing
    printer = PRINTERS[settings.printer]
    layout = publication.layout or lay_out(publication, design)
    pages = bound_page_count(publication, layout)
    page = layout.geometry or fitted(designed_page(design), settings, pages)
    try:
        wrap = measure_wrap(settings, printer, page.trim, pages, rtl=metadata.direction == "rtl")
    except SpineUnknown as unknown:
        message = f"only a template of {printer.title} has the width of the spine of {pages} pages"
        remedy = "set spine-width below print:, such as 12.5 mm"
        where = Place(publication.document.manuscript.name)
        raise SourceError(message, where=where, remedy=remedy) from unknown
    return wrap, pages


def _page_rule(wrap: Wrap) -> str:
    bleed = wrap.bleed
    return (
        f"@page {{ size: {wrap.width_mm:.4f}mm {wrap.height_mm:.4f}mm;"
        f" bleed-top: {bleed.top_mm:.4f}mm; bleed-bottom: {bleed.bottom_mm:.4f}mm;"
        f" bleed-left: {bleed.outer_mm:.4f}mm; bleed-right: {bleed.outer_mm:.4f}mm }}"
    )


def _all_words(view: View) -> str:
    metadata = view.metadata
    texts = (metadata.abstract, metadata.full_title, metadata.running_title, view.authors, "…")
    return "".join(filter(None, texts))


# The back -----------------------------------------------------------------------------------------


def _back(
    publication: Publication, wrap: Wrap, front: Front, width: Width
) -> tuple[Back, list[Finding]]:
    metadata = publication.metadata
    name = Place(publication.document.manuscript.name)
    unfit = []
    rem_mm = wrap.trim.width_mm / WIDTH_REM
    measure_mm = (WIDTH_REM - 2 * front.inset) * rem_mm
    barcode = None
    if metadata.printed_isbn:
        barcode = draw_barcode(metadata.printed_isbn, price_add_on(metadata.printing.price or ""))
        if barcode.width_mm + 2 * _BARCODE_MARGIN_MM > measure_mm:
            message = (
                f"the back is too narrow for the barcode, which takes {barcode.width_mm:.0f} mm"
            )
            unfit.append(warning(Code.COVER, message, name))
            barcode = None
    foot_mm = _FOOT_LINES_MM
    if barcode:
        foot_mm = barcode.height_mm + _ISBN_LINE_MM + 2 * _BARCODE_MARGIN_MM
    room_mm = wrap.height_mm - (_HEAD_REM + _FOOT_REM) * rem_mm - foot_mm - _GAP_MM

    def fits(size_pt: float) -> bool:
        em_mm = size_pt * _MM_PER_PT
        lines = count_lines(metadata.abstract or "", measure_mm / em_mm, width)
        return lines * em_mm * _BLURB_LEADING <= room_mm

    size_pt = largest(_BLURB_SIZES_PT, fits)
    if size_pt is None:
        message = "the abstract is too long for the back of the cover, which stays without it"
        unfit.append(warning(Code.COVER, f"{message}: shorten it", name))
    blurb = metadata.abstract if size_pt else None
    return Back(blurb, size_pt or _BLURB_SIZES_PT[-1], barcode), unfit


# The spine ----------------------------------------------------------------------------------------


def _spine(view: View, wrap: Wrap, face: Instance) -> Spine | None:
    """Return the title and authors as far as they fit, as large as possible."""
    if wrap.spine_size_pt is None:
        return None
    room_mm = wrap.height_mm - 2 * wrap.safe_mm
    low, high = face.ink_em(view.metadata.title + view.running_title + view.authors)
    largest_pt = wrap.spine_size_pt * min(1.0, INK_EM / (high - low or 1.0))
    sizes = [size for size in _SPINE_SIZES_PT if size <= largest_pt]
    if not sizes:
        return None
    upwards = reads_upwards(view.metadata.lang, rtl=wrap.right_to_left)

    def fits(title: str, author: str, size_pt: float) -> bool:
        em = face.width_em(title) + (_SPINE_GAP_EM + face.width_em(author) if author else 0)
        return em * size_pt * _MM_PER_PT <= room_mm

    titles = (view.metadata.title, view.running_title)
    wordings = [(title, author) for author in (view.authors, "") for title in titles]
    last = shortened(view.running_title, lambda text: fits(text, "", sizes[-1])), ""
    title, author = next((wording for wording in wordings if fits(*wording, sizes[-1])), last)
    size_pt = largest(sizes, lambda size: fits(title, author, size)) or sizes[-1]
    return Spine(title, author, size_pt, face.middle_em - (high + low) / 2, upwards)


# The picture --------------------------------------------------------------------------------------


def _resolution(publication: Publication, wrap: Wrap, front: Front) -> list[Finding]:
    """Return a finding if the picture has too few pixels for its printed size."""
    picture = publication.document.cover_image
    wanted = PRINTERS[publication.metadata.printing.printer].image_ppi
    if picture is None or wanted is None or picture.media_type == "image/svg+xml":
        return []
    if front.plate:
        width_mm = front.plate[0] * wrap.trim.width_mm / WIDTH_REM
    else:
        width_at_full_height_mm = wrap.height_mm * picture.width_px / picture.height_px
        width_mm = max(wrap.trim.width_mm, width_at_full_height_mm)
    ppi = picture.width_px / (width_mm / MM_PER_INCH)
    if ppi >= wanted.figure:
        return []
    message = (
        f"the cover-image has {ppi:.0f} pixels an inch at its printed width of {width_mm:.0f} mm"
    )
    message += f"; {wanted.figure:g} are required ({wanted.source})"
    return [warning(Code.COVER, message, Place(publication.document.manuscript.name))]
