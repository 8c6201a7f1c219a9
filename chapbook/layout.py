"""Lay out the reading PDF: the tree, the print template and the faces become pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace as with_changes
from xml.etree.ElementTree import Element

import tinyhtml5

from chapbook import __version__, fonts, weasy
from chapbook.design import Design
from chapbook.document import Layout, Manuscript, Publication
from chapbook.dom import (
    add_class,
    append,
    classes,
    contents,
    element,
    replace,
    strip_between_blocks,
    text_of,
    walk,
)
from chapbook.errors import DesignError, Finding, Place
from chapbook.formulas import NUMBER, draw_formulas
from chapbook.pagination import breaks
from chapbook.places import Places
from chapbook.present import View, shortened

PRINT_SHEETS = ("text.css", "print.css")
FRONT_MATTER = "frontmatter"  # the class by which authors mark a preface: # Preface {.frontmatter}
RUNNING_HEAD_TRACKING_EM = 0.04  # the letter-spacing of running heads in print.css


def lay_out(publication: Publication, design: Design) -> Layout:
    """The pages of *publication* as a reader, a printer and an archive hold them."""
    view = View.of(publication, design)
    markup = design.fill("print.html", view=view)
    page = tinyhtml5.parse(markup, namespace_html_elements=False)
    text = _slot(page)
    text.set(NUMBER, "0")
    body = deepcopy(publication.document.body)
    for number, node in enumerate(body.iter()):
        node.set(NUMBER, str(number))
    assets = {
        f"asset:{asset.href}": (asset.content, asset.media_type)
        for asset in publication.document.assets.values()
    }
    _place_notes(body, publication)
    for image in body.iter("img"):
        _place_image(image)
    for numbered in body.iter("ol"):
        _number(numbered)
    _name_headings(body)
    _part_front_matter(page, body)
    formulas, findings = draw_formulas(body, publication.document.manuscript)
    for part in (body.text or "", *contents(body)):
        append(text, part)
    characters = frozenset("".join(page.itertext()))
    faces = fonts.instances(design.families, characters)
    _name_running_heads(page, view, design, faces[0])
    sheet = weasy.Sheet(design.fixed_stylesheet(*PRINT_SHEETS) + view.width_rules, faces)
    laid_out = weasy.render(
        page,
        sheet,
        {**assets, **formulas},
        _dossier(publication),
        mend=lambda pages: _keep_calls_with_notes(text, publication, pages),
    )
    placed = (_placed(found, publication.document.manuscript) for found in laid_out.findings)
    return Layout(
        pdf=laid_out.pdf,
        page_count=laid_out.page_count,
        breaks=breaks(page, laid_out.beginnings),
        findings=(*findings, *placed),
    )


def _placed(found: Finding, manuscript: Manuscript) -> Finding:
    """*found* with the first line of the character that it is about, which layout cannot know."""
    code = re.search(r"\(U\+([0-9A-F]+)\)", found.message)
    offset = manuscript.text.find(chr(int(code[1], 16))) if code else -1
    return with_changes(found, where=Places(manuscript).at(offset)) if offset >= 0 else found


def _slot(page: Element) -> Element:
    for node in page.iter():
        if node.get("data-slot") == "text":
            del node.attrib["data-slot"]
            return node
    raise DesignError(
        'it has no element with data-slot="text"', where=Place("templates/print.html")
    )


def _place_image(image: Element) -> None:
    """Address the image; size it where its author did, or where a drawing has no size."""
    source = image.get("src", "")
    image.set("src", f"asset:{source}")
    if "sized" in classes(image) or source.lower().endswith(".svg"):
        image.set("style", f"width:{image.get('width')}px")


_NUMERALS = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}


def _number(numbered: Element) -> None:
    """Say in CSS how a list is numbered: WeasyPrint heeds HTML's attributes only with all hints."""
    items = [item for item in numbered if item.tag == "li"]
    is_reversed = "reversed" in numbered.attrib
    start, step = int(numbered.get("start", len(items) if is_reversed else 1)), 1
    if is_reversed:
        step = -1
        for item in items:
            item.set("style", "counter-increment: list-item -1")
    rules = {"counter-reset": f"list-item {start - step}"}
    if kind := _NUMERALS.get(numbered.get("type", "")):
        rules["list-style-type"] = kind
    numbered.set("style", "; ".join(f"{name}: {value}" for name, value in rules.items()))
    for item in items:
        if value := item.get("value"):
            item.set("style", f"counter-reset: list-item {value}; counter-increment: none")


def _place_notes(body: Element, publication: Publication) -> None:
    """Put each note's body at its call, whence the page's foot takes it."""
    notes = {f"#{note.id}": note for note in publication.document.notes}
    for parent, call in list(walk(body)):
        if call.tag != "a" or "noteref" not in classes(call):
            continue
        note = notes[call.get("href", "")]
        mark = element("a", str(note.number), class_="note-mark", href=f"#{note.ref_id}")
        foot = element("footnote", id=note.id)
        blocks = deepcopy(note.body)
        strip_between_blocks(blocks)  # at a page's foot WeasyPrint sets it as empty lines
        first = next(iter(blocks), None)
        if first is not None and first.tag == "p":
            mark.tail, first.text = f" {first.text or ''}", None
            first.insert(0, mark)
        else:
            blocks.insert(0, element("p", mark))
        foot.append(blocks)
        _bind(parent, call, foot)


def _bind(parent: Element, call: Element, foot: Element) -> None:
    """Set call and note in a span with the word before them, so that no line begins with a call."""
    index = list(parent).index(call)
    before = parent[index - 1] if index else None
    text = (parent.text if before is None else before.tail) or ""
    start = len(text) - len(re.split(r"\s", text)[-1])
    if before is None:
        parent.text = text[:start]
    else:
        before.tail = text[:start]
    bound = element("span", text[start:], class_="bound")
    replace(parent, call, bound)
    bound.extend((call, foot))


def _keep_calls_with_notes(
    text: Element, publication: Publication, pages: Mapping[str, int]
) -> bool:
    """Mark the blocks whose notes landed on a later page; True where there are new ones.

    To keep widows together WeasyPrint moves a note to the next page, whatever its policy; a block
    that does not break takes its note along.
    """
    strayed = {
        note.ref_id
        for note in publication.document.notes
        if pages.get(note.id) != pages.get(note.ref_id)
    }
    marked = False
    for block in text.iter() if strayed else ():
        breaks = block.tag in _KEPT_WHOLE and "whole" not in classes(block)
        if breaks and any(node.get("id") in strayed for node in block.iter("a")):
            add_class(block, "whole")
            marked = True
    return marked


_KEPT_WHOLE = frozenset("p li dd dt td th blockquote h2 h3 h4 h5 h6".split())


def _part_front_matter(page: Element, body: Element) -> None:
    """Mark the section with which a book's body matter begins, where front matter stands before."""
    sections = [node for node in body if node.tag == "section"]
    main = next((node for node in sections if FRONT_MATTER not in classes(node)), None)
    if main is None or main is sections[0]:
        return
    add_class(main, "body-matter")
    for node in page.iter("body"):
        add_class(node, "with-front-matter")


def _name_headings(body: Element) -> None:
    """Write each heading's words where bookmarks find them, without the calls of notes."""
    for section in body.iter("section"):
        if len(section):
            heading = deepcopy(section[0])
            for parent, node in list(walk(heading)):
                if "noteref" in classes(node) or node.tag == "footnote":
                    replace(parent, node)
            section[0].set("data-label", text_of(heading))


def _name_running_heads(page: Element, view: View, design: Design, face: fonts.Instance) -> None:
    """Write the running heads, shortened to fit the measure, where the stylesheet finds them."""
    measure_mm = design.length_mm("--page-width") - sum(
        design.length_mm(side) for side in ("--page-inner", "--page-outer")
    )
    size_mm = design.length_mm("--size-running-head")

    def fits(text: str) -> bool:
        width_em = face.small_caps_width_em(text) + RUNNING_HEAD_TRACKING_EM * len(text)
        return width_em * size_mm <= measure_mm

    for node in page.iter():
        if node.tag == "body":
            node.set("data-running-title", shortened(view.running_title, fits))
        elif label := node.get("data-label"):
            node.set("data-running", shortened(label, fits))


def _dossier(publication: Publication) -> weasy.Dossier:
    manuscript = publication.document.manuscript
    return weasy.Dossier(
        metadata=publication.metadata,
        moment=publication.edition.timestamp,
        generator=f"Chapbook {__version__}",
        source_name=f"{manuscript.stem}.md",
        source=manuscript.content,
    )
