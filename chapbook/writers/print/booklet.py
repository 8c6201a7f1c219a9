"""The booklet: two pages side by side on sheets that are printed on both sides, folded and stapled.

The pages are those of the reading PDF, with the same numbers. If they are larger than half a sheet,
they are scaled down. A second file explains how to print and fold the booklet. (pdfimpose could
impose too, but needs a second library to write PDFs, and cannot fit pages to a sheet.)
"""

from __future__ import annotations

import io
from copy import deepcopy
from decimal import Decimal
from typing import Any

from chapbook import weasy
from chapbook.design import fonts
from chapbook.design.template_context import View
from chapbook.design.templates import Design
from chapbook.layout.page_layout import PRINT_SHEETS, blank_boxes, dossier, lay_out
from chapbook.model.document import Artefact, Layout, Publication, Written
from chapbook.model.dom import parse_html
from chapbook.model.errors import Code, Finding, OutputError, Place, warning
from chapbook.printing.imposition import PAGES_PER_SHEET, Side, saddle_stitch
from chapbook.printing.trims import MM_PER_INCH, TRIMS, TrimSize
from chapbook.weasy.press import typeset_for_press

SUFFIX, HOW_TO_SUFFIX = "-booklet.pdf", "-booklet-how-to.pdf"
MOST_SHEETS = 20  # for an office stapler: Chapbook's advice
_BLACK = {"--color-ink": "#000", "--color-muted": "#000"}
_SHEET_MM = 0.1  # the thickness of a sheet of 80 g/m², the paper of home and office
_POINTS_PER_MM = 72 / MM_PER_INCH


def write_booklet(publication: Publication, design: Design) -> Artefact:
    """Return the pages imposed for duplex printing on the short edge, and instructions."""
    metadata = publication.metadata
    layout = publication.layout or lay_out(publication, design)
    sheet = TRIMS[metadata.printing.sheet]
    sides = saddle_stitch(layout.page_count, _SHEET_MM, rtl=metadata.direction == "rtl")
    pages = _in_black(publication, design, layout)
    content = _impose(pages.pdf, sides, sheet, metadata.full_title, metadata.lang)
    sheets = len(sides) // 2
    how_to = _how_to(publication, design, sheets)
    extent = "1 sheet" if sheets == 1 else f"{sheets:,} sheets"
    findings = (
        *layout.findings,
        *blank_boxes(pages.findings, publication),
        *_thickness(publication, sheets),
    )
    return Artefact("booklet", SUFFIX, content, extent, findings, (how_to,))


def _in_black(publication: Publication, design: Design, layout: Layout) -> Written:
    """Return the pages with all text in black, so that an office printer does not count color."""
    if layout.tree is None or layout.geometry is None:
        raise OutputError("nothing was laid out")
    inked = design.with_tokens({**layout.geometry.tokens, **_BLACK})
    view = View.of(publication, inked)
    css = inked.fixed_stylesheet(*PRINT_SHEETS) + view.width_rules
    faces = fonts.instances(
        inked.families, "".join(layout.tree.itertext()), publication.metadata.lang
    )
    sheet = weasy.Sheet(css, faces)
    pdf_dossier = dossier(publication)
    return typeset_for_press(deepcopy(layout.tree), sheet, layout.pictures, pdf_dossier, None)


def _thickness(publication: Publication, sheets: int) -> list[Finding]:
    if sheets <= MOST_SHEETS:
        return []
    message = f"a booklet of {sheets} sheets is too thick to be folded and stapled as one"
    remedy = f"up to {MOST_SHEETS} can be; have it bound: --format press --format cover"
    where = Place(publication.document.manuscript.name)
    return [warning(Code.BOOKLET_THICK, f"{message} ({remedy})", where)]


# Imposition ---------------------------------------------------------------------------------------


def _impose(pdf: bytes, sides: tuple[Side, ...], sheet: TrimSize, title: str, lang: str) -> bytes:
    """Return the pages of *pdf* on landscape sheets, as a new file without links and outline."""
    import pikepdf

    imposed = pikepdf.new()
    width, height = (edge * _POINTS_PER_MM for edge in (sheet.height_mm, sheet.width_mm))
    with pikepdf.open(io.BytesIO(pdf)) as pages:
        forms = [imposed.copy_foreign(page.as_form_xobject()) for page in pages.pages]
    for side in sides:
        imposed.add_blank_page(page_size=(Decimal(f"{width:.3f}"), Decimal(f"{height:.3f}")))
        placed = ((side.left, 0.0, 1), (side.right, width / 2, -1))
        marks = b"".join(
            _place(imposed.pages[-1], f"/Page{number + 1}", forms[number], half, shift)
            for number, start, direction in placed
            if number is not None
            for half in [(start, width / 2, height)]
            for shift in [direction * side.creep_mm * _POINTS_PER_MM]
        )
        imposed.pages[-1].contents_add(marks)
    _ask_for_duplex(imposed, title, lang)
    packed = io.BytesIO()
    streams = pikepdf.ObjectStreamMode.generate
    imposed.save(packed, deterministic_id=True, object_stream_mode=streams)
    return packed.getvalue()


def _place(
    page: Any, name: str, form: Any, half: tuple[float, float, float], shift: float
) -> bytes:
    """Return the operators that draw *form* in the middle of its half of the *page*."""
    import pikepdf

    start, wide, high = half
    left, bottom, right, top = (float(edge) for edge in form.BBox)
    scale = min(1.0, wide / (right - left), high / (top - bottom))
    across = start + (wide - scale * (right - left)) / 2 - scale * left + shift
    up = (high - scale * (top - bottom)) / 2 - scale * bottom
    page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name(name))
    return (
        f"q {start:.3f} 0 {wide:.3f} {high:.3f} re W n "
        f"{scale:.5f} 0 0 {scale:.5f} {across:.3f} {up:.3f} cm {name} Do Q\n"
    ).encode()


def _ask_for_duplex(pdf: Any, title: str, lang: str) -> None:
    """Set the print dialog's defaults for a booklet (ISO 32000-1, 12.2, table 150)."""
    import pikepdf

    pdf.Root.ViewerPreferences = pikepdf.Dictionary(
        Duplex=pikepdf.Name.DuplexFlipShortEdge,
        PrintScaling=pikepdf.Name("/None"),
        PickTrayByPDFSize=True,
        DisplayDocTitle=True,
    )
    pdf.Root.Lang = pikepdf.String(lang)
    pdf.docinfo["/Title"] = pikepdf.String(title)


# The instructions ---------------------------------------------------------------------------------


def _how_to(publication: Publication, design: Design, sheets: int) -> Artefact:
    metadata = publication.metadata
    sheet = metadata.printing.sheet
    view = View.of(publication, design)
    markup = design.fill(
        "booklet.html",
        view=view,
        file=f"{publication.document.manuscript.stem}{SUFFIX}",
        paper=sheet.upper() if sheet == "a4" else sheet.title(),
        sheets=sheets,
        last=sheets * PAGES_PER_SHEET,
        rtl=metadata.direction == "rtl",
    )
    page = parse_html(markup)
    size = f"@page {{ size: {TRIMS[sheet].width_mm}mm {TRIMS[sheet].height_mm}mm }}"
    families = dict.fromkeys(map(design.family, ("--face-text", "--face-display")))
    faces = fonts.instances(families, "".join(page.itertext()), metadata.lang)
    drawn = weasy.draw(page, weasy.Sheet(design.fixed_stylesheet("booklet.css") + size, faces), {})
    return Artefact("booklet", HOW_TO_SUFFIX, drawn.pdf, "1 page", drawn.findings)
