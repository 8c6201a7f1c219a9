"""Subfigures: several pictures under one caption, lettered (a), (b), (c).

They are written as Quarto and pandoc-crossref have them: a div whose id begins with `fig-` or
`fig:`, with pictures in it and, last, a paragraph that is the caption of all.
"""

from __future__ import annotations

import re
from string import ascii_lowercase
from xml.etree.ElementTree import Element

from chapbook.dom import (
    BLOCK_ELEMENTS,
    add_class,
    append,
    classes,
    contents,
    element,
    replace,
    text_of,
    unwrap,
    walk,
)

PANEL = "panel"
_ID = re.compile(r"fig[-:]")
_GAP_PERCENT = 2  # of the measure: the margins of a panel in figures.css
_MOST_COLUMNS = 4  # on a page of a book, more cannot be seen


def join_panels(body: Element) -> None:
    """Make one figure of each div of pictures with a caption."""
    for _, division in list(walk(body)):
        if division.tag == "div" and _ID.match(division.get("id", "")):
            _join(division)


def _join(division: Element) -> None:
    asked = division.get("data-layout-ncol", "")
    columns = min(max(1, int(asked)), _MOST_COLUMNS) if re.fullmatch(r"\d{1,2}", asked) else 1
    for paragraph in list(division):
        if _holds_images_alone(paragraph):
            columns = max(columns, min(len(paragraph), _MOST_COLUMNS))
            replace(division, paragraph, *map(_framed, list(paragraph)))
    panels = [child for child in division if child.tag == "figure"]
    if not panels:
        return
    caption = _caption(division)
    division.tag = "figure"
    if caption is not None:
        division.append(caption)
    if len(panels) == 1:
        if panels[0].find("figcaption") is None:
            unwrap(division, panels[0])
        return
    widths = [_asked_percent(panel) for panel in panels]
    beside = columns > 1 or any(widths)
    for number, panel in enumerate(panels):
        add_class(panel, PANEL)
        panel.tail = None  # a space between them would take room
        if beside:
            add_class(panel, f"width-{(widths[number] or 100 // columns) - _GAP_PERCENT}")
        _letter(panel, ascii_lowercase[number % len(ascii_lowercase)])
    if beside:
        add_class(division, "side-by-side")


def _asked_percent(panel: Element) -> int:
    """The share of the measure that the image asks for, which becomes its panel's; 0 for none."""
    for image in panel.iter("img"):
        for name in classes(image):
            if re.fullmatch(r"width-\d{1,3}", name):
                image.set("class", " ".join(each for each in classes(image) if each != name))
                return max(_GAP_PERCENT + 1, int(name.removeprefix("width-")))
    return 0


def _holds_images_alone(node: Element) -> bool:
    if node.tag != "p" or not len(node) or (node.text or "").strip():
        return False
    return all(child.tag == "img" and not (child.tail or "").strip() for child in node)


def _framed(image: Element) -> Element:
    """A figure of *image*; what its brackets say is the caption, as of any image by itself."""
    image.tail = None
    figure = element("figure", image, id=image.attrib.pop("id", None))
    if words := image.get("alt", "").strip():
        figure.append(element("figcaption", words))
    return figure


def _caption(division: Element) -> Element | None:
    """Take the caption of all out of *division*: its last words, in a paragraph or bare."""
    parts = contents(division)
    for child in list(division):
        division.remove(child)
    words: list[Element | str] = []
    while parts and (isinstance(parts[-1], str) or parts[-1].tag not in BLOCK_ELEMENTS):
        words.insert(0, parts.pop())
    caption = element("figcaption", *words)
    if not text_of(caption):
        last = parts[-1] if parts else None
        if isinstance(last, Element) and last.tag == "p" and text_of(last):
            parts.pop()
            caption = element("figcaption", last.text or "", *contents(last))
        else:
            parts += [caption.text or "", *contents(caption)]
    for part in parts:
        append(division, part)
    return caption if text_of(caption) else None


def _letter(panel: Element, letter: str) -> None:
    caption = panel.find("figcaption")
    if caption is None:
        caption = element("figcaption")
        panel.append(caption)
    label = element("span", f"({letter})", class_="label")
    if text_of(caption):
        label.tail, caption.text = f" {(caption.text or '').lstrip()}", None
    caption.insert(0, label)
