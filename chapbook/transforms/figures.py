"""Figures: makes figures of images, and sets their credits, places and sizes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace as with_changes
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.document import Asset, Document
from chapbook.model.dom import add_class, append, classes, element, replace
from chapbook.model.errors import Code, Finding, warning
from chapbook.reading.allowlist import PLACES
from chapbook.reading.source_positions import Places
from chapbook.transforms.panels import join_panels

FULL_PAGE = "full-page"
_OWN = ("data-credit", "data-fig-alt", "data-layout-ncol")
_PLACES = PLACES | {FULL_PAGE}
_BESIDE_PERCENT = 40  # of the measure, for a picture beside the text without a given width
_NARROW_PX = 160  # a narrower picture keeps its width
_CAPTION_PX = 96  # the least width for a caption


def compose_figures(document: Document) -> Document:
    """Make figures of several pictures with one caption, and of images by themselves."""
    join_panels(document.body)
    return _with(document, _placed(document))


def print_credits(document: Document) -> Document:
    """Print each image's credit below it. Lists of captions, made before, do not have credits."""
    with_credits = _with(document, _credits(document))
    for node in document.body.iter():
        for name in _OWN:
            node.attrib.pop(name, None)
    return with_credits


def describe_figures(document: Document) -> Document:
    """Give every image its size, so that a page does not jump while it loads."""
    for tree in (document.body, *(note.body for note in document.notes)):
        for image in tree.iter("img"):
            if asset := document.assets.get(image.get("src", "")):
                _size(image, asset)
            image.attrib.setdefault("alt", "")
    for figure in document.body.iter("figure"):
        add_class(figure, vocabulary.FIGURE)
        if PLACES.intersection(classes(figure)):
            _set_beside(figure)
    return document


def _with(document: Document, findings: Iterator[Finding]) -> Document:
    return with_changes(document, findings=(*document.findings, *findings))


# Credits and places -----------------------------------------------------------------------------


def _credits(document: Document) -> Iterator[Finding]:
    """Put credits into captions, and yield a finding for each image within a line."""
    places = Places(document.manuscript)
    parents = _parents(document.body)
    for image in list(document.body.iter("img")):
        words = " ".join(image.get("data-credit", "").split())
        if not words:
            continue
        figure = _figure_of(image, parents)
        if figure is None:
            message = f"the credit “{words}” is not printed: its image is within a line"
            where = places.of_attribute("credit", words)
            yield warning(Code.ATTRIBUTE_REFUSED, f"{message}; give it a paragraph", where)
            continue
        caption = figure.find("figcaption")
        if caption is None:
            caption = element("figcaption")
            figure.append(caption)
        elif len(caption) or (caption.text or "").strip():
            append(caption, " ")
        append(caption, element("span", words, class_=vocabulary.CREDIT))


def _parents(body: Element) -> dict[Element, Element]:
    return {child: parent for parent in body.iter() for child in parent}


def _figure_of(image: Element, parents: dict[Element, Element]) -> Element | None:
    """Return the figure of *image*; make one of its paragraph if it is alone there; else None."""
    around = image
    while around in parents:
        around = parents[around]
        if around.tag == "figure":
            return around
    parent = parents[image]
    is_alone = len(parent) == 1 and not f"{parent.text or ''}{image.tail or ''}".strip()
    if not is_alone or parent.tag not in _HOLDERS:
        return None
    if parent.tag == "p":
        parent.tag = "figure"
        return parent
    figure = element("figure")
    replace(parent, image, figure)
    figure.append(image)
    parents |= {image: figure, figure: parent}
    return figure


_HOLDERS = frozenset("article aside blockquote dd details div li p section td th".split())


def _placed(document: Document) -> Iterator[Finding]:
    """Give each figure the place class of its image.

    An image in a paragraph with words can be set beside them if it comes first. After a word, it
    would have to move text that is already set (WeasyPrint prints one over the other).
    """
    places = Places(document.manuscript)
    parents = _parents(document.body)
    for image in list(document.body.iter("img")):
        where = places.of(
            image.get("src", "")
        )  # for every image, since each call finds the next one
        if parents[image].tag == "p":
            _figure_of(image, parents)  # a picture alone in its paragraph
        for name in sorted(_PLACES.intersection(classes(image))):
            figure = _figure_of(image, parents)
            opens = parents[image][0] is image and not (parents[image].text or "").strip()
            if figure is not None and len(list(figure.iter("img"))) == 1:
                add_class(figure, name)
            elif opens and name in PLACES and figure is None:
                continue
            else:
                message = (
                    f"the image “{image.get('src')}” cannot be placed {{.{name}}} within a line"
                )
                remedy = "put it first in its paragraph, or give it one of its own"
                yield warning(Code.ATTRIBUTE_REFUSED, f"{message}: {remedy}", where)
            image.set("class", " ".join(other for other in classes(image) if other != name))


def _set_beside(figure: Element) -> None:
    """Make *figure* as wide as its image, with its caption; the text flows around it."""
    image = figure.find(".//img")
    if image is None:
        return
    names = classes(image)
    asked = next((name for name in names if name.startswith(vocabulary.WIDTH)), None)
    if asked:
        image.set(
            "class", " ".join(f"{vocabulary.WIDTH}100" if name == asked else name for name in names)
        )
    elif vocabulary.SIZED in names:
        asked = f"{vocabulary.WIDTH}{image.get('width')}px"
    elif int(image.get("width", "300")) <= _NARROW_PX:
        asked = f"{vocabulary.WIDTH}{max(_CAPTION_PX, int(image.get('width', '')))}px"
    add_class(figure, asked or f"{vocabulary.WIDTH}{_BESIDE_PERCENT}")


# Sizes ------------------------------------------------------------------------------------------


def _size(image: Element, asset: Asset) -> None:
    """Complete the size that the author gave by the image's own proportions."""
    asked_width, asked_height = (_pixels(image.get(side)) for side in ("width", "height"))
    if asked_width and not asked_height:
        asked_height = max(1, round(asked_width * asset.height_px / asset.width_px))
    elif asked_height and not asked_width:
        asked_width = max(1, round(asked_height * asset.width_px / asset.height_px))
    if asked_width:
        add_class(image, vocabulary.SIZED)
    image.set("width", str(asked_width or asset.width_px))
    image.set("height", str(asked_height or asset.height_px))


def _pixels(value: str | None) -> int | None:
    digits = (value or "").removesuffix("px").strip()
    return int(digits) if digits.isdecimal() and int(digits) else None
