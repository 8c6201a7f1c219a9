"""The interior for a printer: the pages of the reading PDF in black ink, with page boxes."""

from __future__ import annotations

import re
from copy import deepcopy
from xml.etree.ElementTree import Element

from chapbook.design import fonts
from chapbook.design.template_context import View
from chapbook.design.templates import Design
from chapbook.images.cmyk_profiles import cmyk_profile
from chapbook.images.grayscale import black_only, gray_picture, opaque_picture
from chapbook.layout.page_layout import PRINT_SHEETS, blank_boxes, dossier, lay_out
from chapbook.layout.print_tree import characters
from chapbook.model import vocabulary
from chapbook.model.document import Artefact, Layout, Publication
from chapbook.model.dom import classes, element, replace, walk
from chapbook.model.errors import Code, OutputError, Place, SourceError, error
from chapbook.printing.geometry import padded
from chapbook.printing.printer import Printer
from chapbook.printing.vendors import PRINTERS
from chapbook.weasy import Sheet
from chapbook.weasy.press import typeset_for_press
from chapbook.writers.print.prepress import finished

_BLACK = {
    "--color-ink": "#000",
    "--color-muted": "#000",  # a tint is printed in dots, which blur small letters
    "--color-accent": "#000",
    "--color-rule": "#999",
    "--color-tint": "#f2f2f2",
    "--color-paper": "#fff",
}
_COVER_PAGES = 2  # the cover of a chapbook and its verso, which the printer's cover replaces
_MARKS_MM = 12
_COLOR_PAPERS = ("standard-color", "premium-color")


def write_press(publication: Publication, design: Design) -> Artefact:
    """Return the interior of *publication* for the printer that its metadata names.

    Raises SourceError if the printer does not bind so many, or so few, pages.
    """
    settings = publication.metadata.printing
    printer = PRINTERS[settings.printer]
    layout = publication.layout or lay_out(publication, design)
    tree, missing = _interior(layout)
    count = _bound(publication, printer, layout.page_count - missing)
    for _ in range(count - (layout.page_count - missing)):
        tree[-1].append(element("div", class_=vocabulary.BLANK_PAGE))
    in_color = settings.paper in _COLOR_PAPERS
    if layout.geometry is None:
        raise OutputError("the pages have no geometry")
    inked = design.with_tokens({**layout.geometry.tokens, **({} if in_color else _BLACK)})
    sheet = Sheet(
        inked.fixed_stylesheet(*PRINT_SHEETS, "press.css")
        + View.of(publication, inked).width_rules
        + _boxes(printer, marks=settings.marks and printer.forbids_marks is None),
        fonts.instances(
            inked.families, characters(tree, layout.pictures), publication.metadata.lang
        ),
    )
    prepared = opaque_picture if in_color else gray_picture
    pictures = {name: prepared(*picture) for name, picture in layout.pictures.items()}
    profile = cmyk_profile() if printer.wants_pdf_x else None
    written = typeset_for_press(tree, sheet, pictures, dossier(publication), profile)
    if written.page_count != count:
        raise OutputError(
            f"the interior has {written.page_count} pages, but the reading PDF has {count}"
        )
    content, unconverted = (written.pdf, ()) if in_color else black_only(written.pdf)
    content, shows_through = finished(content, printer.bleed)
    messages = [
        f"for the press, {name} would be printed in color; make it gray" for name in unconverted
    ]
    if shows_through and printer.forbids_transparency:
        messages.append(
            f"{printer.title} does not accept transparency, but a drawing has it; make it opaque"
        )
    where = Place(publication.document.manuscript.name)
    findings = (
        *blank_boxes(written.findings, publication),
        *(error(Code.INK, message, where) for message in messages),
    )
    return Artefact("press", "-press.pdf", content, f"{count:,} pages", findings)


def bound_page_count(publication: Publication, layout: Layout) -> int:
    """Return the number of pages that the printer binds, including blank ones.

    Raises SourceError if the printer does not bind such a book.
    """
    nodes = layout.tree.iter() if layout.tree is not None else ()
    missing = _COVER_PAGES if any(vocabulary.COVER_PAGE in classes(node) for node in nodes) else 0
    printer = PRINTERS[publication.metadata.printing.printer]
    return _bound(publication, printer, layout.page_count - missing)


def _interior(layout: Layout) -> tuple[Element, int]:
    """Return the tree without its cover and links, and the number of pages removed."""
    if layout.tree is None:
        raise OutputError("nothing was laid out")
    tree = deepcopy(layout.tree)
    missing = 0
    for parent, node in list(walk(tree)):
        if vocabulary.COVER_PAGE in classes(node):
            replace(parent, node)
            missing = _COVER_PAGES
        elif node.tag == "a":
            node.attrib.pop("href", None)
    for style in tree.iter("style"):  # rules for pages by number
        style.text = re.sub(
            r":nth\((\d+)\)", lambda match: f":nth({int(match[1]) - missing})", style.text or ""
        )
    return tree, missing


def _bound(publication: Publication, printer: Printer, page_count: int) -> int:
    """Return the bound pages. Raises SourceError if the printer does not bind such a book."""
    settings = publication.metadata.printing
    count = padded(page_count, printer.signature, last_is_blank=printer.last_page_blank is not None)
    paper = printer.papers.get(settings.paper) or next(iter(printer.papers.values()))
    if paper.fewest <= count <= paper.most:
        return count
    fitting = [
        other.name for other in printer.papers.values() if other.fewest <= count <= other.most
    ]
    if fitting:
        remedy = f"set print: paper to {' or '.join(fitting)}"
    elif count < paper.fewest:
        remedy = "print it as a booklet (--format booklet), on a smaller trim size, or elsewhere"
    else:
        remedy = "choose a larger trim size, or part the work into volumes"
    bounds = f"{paper.fewest} to {paper.most:,}"
    raise SourceError(
        f"{printer.title} binds {bounds} pages of {paper.name} paper, and this has {count:,}",
        where=Place(publication.document.manuscript.name),
        remedy=remedy,
    )


def _boxes(printer: Printer, *, marks: bool) -> str:
    """Return the rules for crop marks or bleed; nothing in the interior itself bleeds.

    Outer and inner edges change sides with the page. The distance of marks from the trim is half of
    their margin.
    """
    if marks:
        return f"\n@page {{ marks: crop; bleed: {_MARKS_MM}mm }}\n"
    if not printer.bleeds_always:
        return ""
    bleed = printer.bleed
    across = f"bleed-top: {bleed.top_mm:g}mm; bleed-bottom: {bleed.bottom_mm:g}mm"
    sides = f"bleed-left: {bleed.outer_mm:g}mm; bleed-right: {bleed.inner_mm:g}mm"
    other = f"bleed-left: {bleed.inner_mm:g}mm; bleed-right: {bleed.outer_mm:g}mm"
    # A page turned to the left has its right edge at the top, and its top at the left.
    turned = f"bleed-right: {bleed.top_mm:g}mm; bleed-left: {bleed.bottom_mm:g}mm"
    left = f"bleed-top: {bleed.outer_mm:g}mm; bleed-bottom: {bleed.inner_mm:g}mm"
    right = f"bleed-top: {bleed.inner_mm:g}mm; bleed-bottom: {bleed.outer_mm:g}mm"
    return (
        f"\n@page {{ {across} }}\n@page :left {{ {sides} }}\n@page :right {{ {other} }}\n"
        f"@page turned:left {{ {turned}; {left} }}\n@page turned:right {{ {turned}; {right} }}\n"
    )
