"""Lays out the pages from the tree, the print template and the faces, without writing a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import replace as with_changes
from functools import cached_property
from xml.etree.ElementTree import Element

from chapbook import __version__, weasy
from chapbook.design import fonts
from chapbook.design.template_context import View
from chapbook.design.templates import SHARED_SHEETS, Design
from chapbook.layout import fine_typography
from chapbook.layout.faults import Paragraphs
from chapbook.layout.image_resolution import coarse_images
from chapbook.layout.page_locators import mark_repeated
from chapbook.layout.pagination import breaks
from chapbook.layout.print_tree import (
    Pictures,
    PrintedTree,
    characters,
    name_running_heads,
    pictures_of,
    printed_tree,
)
from chapbook.layout.wide_tables import fit_tables
from chapbook.model import vocabulary
from chapbook.model.document import Layout, Manuscript, Publication, Written
from chapbook.model.dom import add_class, classes, element
from chapbook.model.errors import Code, Finding, Place
from chapbook.printing.geometry import Page, fitted, padded
from chapbook.printing.trims import TrimSize
from chapbook.printing.vendors import PRINTERS
from chapbook.reading.source_positions import Places

PRINT_SHEETS = (*SHARED_SHEETS, "print.css")


def lay_out(publication: Publication, design: Design) -> Layout:
    """Return the pages of *publication*.

    The gutter depends on the page count, and the count on the gutter. The loop takes the largest
    count so far: the gutter becomes wider each time, and the printer has only a few gutters.
    """
    settings = publication.metadata.printing
    printer = PRINTERS[settings.printer]
    designed = designed_page(design)
    pictures = pictures_of(publication.document)
    count = 0
    layout = Layout(0)
    for _ in printer.margins.gutters:
        layout.close()  # its gutter was too narrow
        page = fitted(designed, settings, count)
        layout = _lay_out(publication, design.with_tokens(page.tokens), page, pictures)
        bound_count = padded(
            layout.page_count, printer.signature, last_is_blank=bool(printer.last_page_blank)
        )
        count = max(count, bound_count)
        if fitted(designed, settings, count) == page:
            break
    return layout


def designed_page(design: Design) -> Page:
    """Return the page that the design's tokens describe."""
    sides = {name: design.length_mm(f"--page-{name}") for name in _SIDES}
    trim = TrimSize(design.length_mm("--page-width"), design.length_mm("--page-height"))
    text_pt = design.length_mm("--page-size-text") / (25.4 / 72)
    return Page(trim, sides["top"], sides["bottom"], sides["inner"], sides["outer"], text_pt)


_SIDES = ("top", "bottom", "inner", "outer")


def _lay_out(
    publication: Publication, design: Design, geometry: Page, pictures: Pictures
) -> Layout:
    tree = printed_tree(publication, design, pictures)
    faces = fonts.instances(
        design.families, characters(tree.page, tree.pictures), publication.metadata.lang
    )
    view = View.of(publication, design)
    name_running_heads(tree.page, view, design, faces[0])
    manuscript = publication.document.manuscript
    fitted_tables = tuple(fit_tables(tree.text, geometry, faces[0], Places(manuscript)))
    sheet = weasy.Sheet(design.fixed_stylesheet(*PRINT_SHEETS) + view.width_rules, faces)
    typesetter = _Typesetter(tree, publication, design)
    pages = weasy.lay_out(tree.page, sheet, tree.pictures, mend=typesetter.mend)
    coarse = coarse_images(publication.document, pages.image_widths_mm)
    return Layout(
        page_count=pages.page_count,
        breaks=breaks(tree.page, pages.beginnings),
        tree=tree.page,
        pictures=tree.pictures,
        geometry=geometry,
        folios=pages.folios,
        findings=(*tree.findings, *fitted_tables, *coarse, *pages.findings, *typesetter.findings()),
        typeset=_ReadingPages(pages, publication),
    )


@dataclass(frozen=True, slots=True)
class _ReadingPages:
    """The pages of the reading PDF, and the publication that they are of."""

    pages: weasy.Pages
    publication: Publication

    def write(self) -> Written:
        written = self.pages.write(dossier(self.publication))
        self.close()
        return with_changes(written, findings=placed_glyphs(written.findings, self.publication))

    def close(self) -> None:
        self.pages.close()


class _Typesetter:
    """Reads the proofs of a text, and mends the faults that it can."""

    def __init__(self, tree: PrintedTree, publication: Publication, design: Design) -> None:
        self._text = tree.text
        self._design = design
        self._style = element("style")
        tree.page[0].append(self._style)
        self._publication = publication
        self._last: weasy.Proof | None = None
        self._attempts = fine_typography.Attempts()

    @cached_property
    def _places(self) -> Places:
        return Places(self._publication.document.manuscript)

    def mend(self, proof: weasy.Proof) -> bool:
        self._last = proof
        if proof.is_last:
            return False
        longer_before = set(self._attempts.longer)
        moved = _keep_calls_with_notes(self._text, self._publication, proof.pages)
        lines = Paragraphs(proof.lines, self._text)
        mended = fine_typography.mend(lines, self._chapters(), proof.lay_out, self._attempts)
        if self._attempts.longer != longer_before:
            self._lengthen_pages()
        folios = {name: proof.labels[page] for name, page in proof.pages.items()}
        repeats = mark_repeated(self._text, folios)
        return mended or moved or repeats

    def _lengthen_pages(self) -> None:
        """Give some pages one more line, taken from the bottom margin; the folio does not move."""
        leading_mm = self._design.length_mm("--page-size-text") * float(
            self._design.tokens["--leading"]
        )
        bottom = self._design.length_mm("--page-bottom") - leading_mm
        gap = self._design.length_mm("--folio-gap") - leading_mm
        folio = f"@bottom-center {{ padding-top: {gap:.3f}mm }}"
        self._style.text = "\n".join(
            f"@page :nth({page + 1}) {{ margin-bottom: {bottom:.3f}mm; {folio} }}"
            for page in sorted(self._attempts.longer)
        )

    def findings(self) -> Iterator[Finding]:
        if self._last is not None:
            lines = Paragraphs(self._last.lines, self._text)
            labels = dict(enumerate(self._last.labels))
            yield from fine_typography.findings(lines, self._chapters(), labels, self._place)

    def _place(self, *texts: str) -> Place:
        """Return the place of the first words of *texts*; of fewer words if markup splits them."""
        wordings = (text.split() for text in texts)
        return self._places.of(
            *(" ".join(words[:count]) for words in wordings for count in (8, 4, 2) if words)
        )

    def _chapters(self) -> list[Element]:
        if self._publication.metadata.printing.layout != "book":
            return [self._text]
        return [node for node in self._text if node.tag == "section"]


def placed_glyph(finding: Finding, manuscript: Manuscript) -> Finding:
    """Return *finding* with the place of its characters, which layout does not know."""
    codes = re.findall(r"\(U\+([0-9A-F]+)\)", finding.message)
    offsets = [manuscript.text.find(chr(int(code, 16))) for code in codes]
    first = min((offset for offset in offsets if offset >= 0), default=None)
    return finding if first is None else with_changes(finding, where=Places(manuscript).at(first))


def placed_glyphs(findings: Iterable[Finding], publication: Publication) -> tuple[Finding, ...]:
    """Return *findings*, each with the place where its characters first occur."""
    manuscript = publication.document.manuscript
    return tuple(placed_glyph(finding, manuscript) for finding in findings)


def blank_boxes(findings: Iterable[Finding], publication: Publication) -> tuple[Finding, ...]:
    """Return those of *findings* about characters that would be blank boxes."""
    missing = (finding for finding in findings if finding.code is Code.GLYPH_MISSING)
    return placed_glyphs(missing, publication)


def _keep_calls_with_notes(
    text: Element, publication: Publication, pages: Mapping[str, int]
) -> bool:
    """Mark the blocks whose notes are on a later page; return True if there are new ones.

    To avoid widows, WeasyPrint moves a note to the next page, whatever its policy. A block that
    does not break takes its note along.
    """
    strayed = {
        note.ref_id
        for note in publication.document.notes
        if pages.get(note.id) != pages.get(note.ref_id)
    }
    marked = False
    for block in text.iter() if strayed else ():
        breaks = block.tag in _KEPT_WHOLE and vocabulary.WHOLE not in classes(block)
        if breaks and any(node.get("id") in strayed for node in block.iter("a")):
            add_class(block, vocabulary.WHOLE)
            marked = True
    return marked


_KEPT_WHOLE = frozenset("p li dd dt td th blockquote h2 h3 h4 h5 h6".split())


def dossier(publication: Publication) -> weasy.Dossier:
    """Return what the PDF holds besides its pages: metadata and the manuscript's files."""
    manuscript = publication.document.manuscript
    # A single file is named like the PDF. Of several, each keeps the name that the others use.
    alone = {f"{manuscript.stem}.md": manuscript.content}
    return weasy.Dossier(
        metadata=publication.metadata,
        moment=publication.edition.timestamp,
        generator=f"Chapbook {__version__}",
        digest=manuscript.digest,
        sources=manuscript.files if manuscript.beside else alone,
    )
