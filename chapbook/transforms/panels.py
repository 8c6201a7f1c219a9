"""Subfigures: several pictures under one caption, lettered (a), (b), (c).

They are written as Quarto and pandoc-crossref have them: a div whose id begins with `fig-` or
`fig:`, with pictures in it and, last, a paragraph that is the caption of all, which makes it a
figure already in pandoc's run (`chapbook.reading.lua_filters`).
"""

from __future__ import annotations

import re
from string import ascii_lowercase
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.dom import add_class, classes, element, replace, text_of, unwrap, walk

LETTERED = vocabulary.LETTERED
"""The class of a panel that has a letter: its number is that of the whole, and its letter."""
_ID = re.compile(r"fig[-:]")
_GAP_PERCENT = 2  # of the measure: the margins of a panel in figures.css
_MOST_COLUMNS = 4  # on a page of a book, more cannot be seen


def join_panels(body: Element) -> None:
    """Arrange the pictures of each figure, or div of figures, that holds several."""
    for _, whole in list(walk(body)):
        if whole.tag == "figure" or (whole.tag == "div" and _ID.match(whole.get("id", ""))):
            _join(whole)


def panel_letter(number: int) -> str:
    """The letter of a panel, counted from 0."""
    return ascii_lowercase[number % len(ascii_lowercase)]


def _join(whole: Element) -> None:
    asked = whole.get("data-layout-ncol", "")
    columns = int(asked) if re.fullmatch(r"\d{1,2}", asked) else 1
    for paragraph in list(whole):
        if _holds_images_alone(paragraph) and len(paragraph) + len(list(whole.iter("img"))) == 2:
            unwrap(whole, paragraph)  # a picture with its caption
        elif _holds_images_alone(paragraph):
            columns = max(columns, len(paragraph))
            replace(whole, paragraph, *map(_framed, list(paragraph)))
    panels = [child for child in whole if child.tag == "figure"]
    if len(panels) > 1:
        whole.tag = "figure"
        _arrange(whole, panels, columns=min(max(1, columns), _MOST_COLUMNS))


def _arrange(whole: Element, panels: list[Element], columns: int) -> None:
    """Set *panels* side by side where that is asked for; letter them below one caption."""
    widths = [_asked_percent(panel) for panel in panels]
    is_beside = columns > 1 or any(widths)
    is_captioned = whole.find("figcaption") is not None
    for number, panel in enumerate(panels):
        add_class(panel, vocabulary.PANEL)
        panel.tail = None  # a space between them would take room
        if is_beside:
            add_class(
                panel, f"{vocabulary.WIDTH}{(widths[number] or 100 // columns) - _GAP_PERCENT}"
            )
        if is_captioned:
            _letter(panel, panel_letter(number))
    if is_beside:
        add_class(whole, vocabulary.SIDE_BY_SIDE)


def _asked_percent(panel: Element) -> int:
    """The share of the measure that the image asks for, which becomes its panel's; 0 for none."""
    for image in panel.iter("img"):
        for name in classes(image):
            if re.fullmatch(rf"{vocabulary.WIDTH}\d{{1,3}}", name):
                image.set("class", " ".join(each for each in classes(image) if each != name))
                return max(_GAP_PERCENT + 1, int(name.removeprefix(vocabulary.WIDTH)))
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


def _letter(panel: Element, letter: str) -> None:
    add_class(panel, LETTERED)
    caption = panel.find("figcaption")
    if caption is None:
        caption = element("figcaption")
        panel.append(caption)
    label = element("span", f"({letter})", class_=vocabulary.LABEL)
    if text_of(caption):
        label.tail, caption.text = f" {(caption.text or '').lstrip()}", None
    caption.insert(0, label)
