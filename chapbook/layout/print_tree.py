"""Makes the tree that is laid out: the document's body in the print template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes
from xml.etree.ElementTree import Element, fromstring

from chapbook.design import fonts
from chapbook.design.template_context import View, shortened
from chapbook.design.templates import Design
from chapbook.images.rasters import SVG, for_paper
from chapbook.layout.address_breaks import allow_breaks
from chapbook.layout.book_parts import arrange
from chapbook.layout.formula_drawings import NUMBER, draw_formulas
from chapbook.model import vocabulary
from chapbook.model.document import Document, Publication
from chapbook.model.dom import (
    add_class,
    append,
    classes,
    contents,
    element,
    is_line_number,
    is_page_ref,
    parse_html,
    replace,
    strip_between_blocks,
    walk,
)
from chapbook.model.errors import DesignError, Finding, Place
from chapbook.model.plain_text import plain_text

PLAIN_IN_PRINT = frozenset(vocabulary.CODE[kind] for kind in ("name", "string", "removed"))
"""The kinds of code without weight or slant."""

RUNNING_HEAD_TRACKING_EM = 0.04  # the letter-spacing of running heads in print.css


Pictures = Mapping[str, tuple[bytes, str]]
"""The bytes and the media type of each `src` in a tree that is laid out."""


def pictures_of(document: Document) -> Pictures:
    """Return the images of *document* as they are printed."""
    return {f"asset:{asset.href}": for_paper(asset) for asset in document.assets.values()}


def characters(tree: Element, pictures: Pictures) -> str:
    """Return every character that layout sets: in *tree*, in running heads and in drawings."""
    drawings = (content for content, media_type in pictures.values() if media_type == SVG)
    inside = ("".join(fromstring(drawing).itertext()) for drawing in drawings)
    labels = (node.get("data-label", "") for node in tree.iter())  # for running heads
    return "".join([*tree.itertext(), *labels, *inside])


@dataclass(frozen=True, slots=True)
class PrintedTree:
    """The whole tree for layout; `text` is the element in it that holds the document's body.

    `pictures` are those of the text and of formulas.
    """

    page: Element
    text: Element
    pictures: Pictures
    findings: tuple[Finding, ...]


def printed_tree(publication: Publication, design: Design, pictures: Pictures) -> PrintedTree:
    """Return the tree of *publication*, with each word of the document once."""
    view = View.of(publication, design)
    markup = design.fill("print.html", view=view, setting=_setting(design))
    page = parse_html(markup)
    text = _slot(page)
    text.set(NUMBER, "0")
    body = deepcopy(publication.document.body)
    for number, node in enumerate(body.iter()):
        node.attrib.setdefault(NUMBER, str(number))  # a part of a text has the numbers already
    _place_notes(body, publication)
    allow_breaks(body)
    for image in body.iter("img"):
        _place_image(image)
    for listing in body.iter("pre"):
        _thin_out(listing)
    for numbered in body.iter("ol"):
        _number(numbered)
    for table in body.iter("table"):
        _name_caption(table)
    _name_headings(body)
    for title in page.iter("h1"):
        title.set("data-label", view.metadata.title)
    text_pt = design.length_mm("--page-size-text") / (25.4 / 72)
    formulas, findings = draw_formulas(
        body, publication.document.manuscript, text_pt, publication.metadata.lang
    )
    for part in (body.text or "", *contents(body)):
        append(text, part)
    arrange(text, view, publication.metadata.printing.layout)
    _name_page_refs(text)
    return PrintedTree(page, text, {**pictures, **formulas, **_marks(design)}, tuple(findings))


def _marks(design: Design) -> dict[str, tuple[bytes, str]]:
    """Return the drawings in the design's tokens, by their data URLs."""
    addresses = re.findall(
        r'url\("(data:image/svg\+xml,[^"]*)"\)', " ".join(design.tokens.values())
    )
    return {
        address: (unquote_to_bytes(address.partition(",")[2]), "image/svg+xml")
        for address in addresses
    }


def _setting(design: Design) -> str:
    """Return the faces and the size of the text, for the colophon."""
    faces = dict.fromkeys(design.family(f"--face-{name}") for name in ("text", "display"))
    families = " & ".join(dict.fromkeys(face.removesuffix(" Display") for face in faces))
    return f"{families}, {design.tokens['--page-size-text'].removesuffix('pt')} pt"


def _slot(page: Element) -> Element:
    for node in page.iter():
        if node.get("data-slot") == "text":
            del node.attrib["data-slot"]
            return node
    raise DesignError(
        'it has no element with data-slot="text"', where=Place("templates/print.html")
    )


def _place_image(image: Element) -> None:
    """Set the image's address, and its size if the author gave one or it is a drawing."""
    source = image.get("src", "")
    image.set("src", f"asset:{source}")
    if any(name.startswith(vocabulary.WIDTH) for name in classes(image)):
        return  # a share of the measure
    if vocabulary.SIZED in classes(image) or source.lower().endswith(".svg"):
        image.set("style", f"width:{image.get('width')}px")


def _thin_out(listing: Element) -> None:
    """Remove the spans of a listing that print sets plain, since each one must be shaped.

    Only the whole listing keeps its number, so that its characters can be counted.
    """
    parts = [listing.text or "", *contents(listing)]
    listing.text, listing[:] = None, []
    for part in parts:
        if isinstance(part, str):
            append(listing, part)
        elif part.get("class") in PLAIN_IN_PRINT and not len(part):
            append(listing, part.text or "")
        else:
            part.attrib.pop(NUMBER, None)  # notes have no numbers
            if is_line_number(part):
                part.tag = "line-number"  # tagged as a label: `weasy.structure`
            _thin_out(part)
            listing.append(part)


_NUMERALS = {"a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}


def _number(numbered: Element) -> None:
    """Number a list in CSS, since WeasyPrint ignores the attributes of HTML for it."""
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


def _name_caption(table: Element) -> None:
    """Move a table's id to its caption: WeasyPrint's links would lead to the rows below it."""
    caption = table.find("caption")
    if caption is not None and "id" not in caption.attrib and (name := table.attrib.pop("id", "")):
        caption.set("id", name)


def _place_notes(body: Element, publication: Publication) -> None:
    """Put each note's body at its call; layout moves it to the foot of the page."""
    notes = {f"#{note.id}": note for note in publication.document.notes}
    for parent, call in list(walk(body)):
        if call.tag != "a" or vocabulary.NOTEREF not in classes(call):
            continue
        note = notes[call.get("href", "")]
        mark = element("a", str(note.number), class_=vocabulary.NOTE_MARK, href=f"#{note.ref_id}")
        foot = element("footnote", id=note.id)
        blocks = deepcopy(note.body)
        strip_between_blocks(blocks)  # WeasyPrint would set it as empty lines in a note
        first = next(iter(blocks), None)
        if first is not None and first.tag == "p":
            mark.tail, first.text = f" {first.text or ''}", None
            first.insert(0, mark)
        else:
            blocks.insert(0, element("p", mark))
        foot.append(blocks)
        _bind(parent, call, foot)


def _bind(parent: Element, call: Element, foot: Element) -> None:
    """Put call and note into a span with the word before, so that no line begins with a call."""
    index = list(parent).index(call)
    before = parent[index - 1] if index else None
    text = (parent.text if before is None else before.tail) or ""
    start = len(text) - len(re.split(r"\s", text)[-1])
    if before is None:
        parent.text = text[:start]
    else:
        before.tail = text[:start]
    bound = element("span", text[start:], class_=vocabulary.BOUND)
    replace(parent, call, bound)
    bound.extend((call, foot))


def _name_page_refs(text: Element) -> None:
    """Mark for the stylesheet the target of each page reference, and those with roman folios.

    Print files have no links but need the page numbers, so the target has an attribute of its own.
    """
    parts = list(text)
    body_matter = (n for n, part in enumerate(parts) if vocabulary.BODY_MATTER in classes(part))
    front = parts[: next(body_matter, 0)]
    in_front = {node.get("id") for part in front for node in part.iter()}
    for node in text.iter("a"):
        if is_page_ref(node):
            target = node.get("href", "")
            # In its own element: WeasyPrint would make generated content in a link a second link.
            number = element("span", class_=vocabulary.PAGE_NUMBER, data_target=target)
            if target[1:] in in_front:
                add_class(number, vocabulary.IN_FRONT)
            node.append(number)


def _name_headings(body: Element) -> None:
    """Write each heading's text without note calls into an attribute, for bookmarks."""
    for section in body.iter("section"):
        if len(section):
            heading = deepcopy(section[0])
            for parent, node in list(walk(heading)):
                if vocabulary.NOTEREF in classes(node) or node.tag == "footnote":
                    replace(parent, node)
            section[0].set("data-label", plain_text(heading))


def name_running_heads(page: Element, view: View, design: Design, face: fonts.Instance) -> None:
    """Write the running heads, shortened to fit the measure, into attributes for the stylesheet."""
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
