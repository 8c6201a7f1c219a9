"""Subfigures: arranges several pictures under one caption, with letters (a), (b), (c).

The notation is that of Quarto and pandoc-crossref: a div whose id begins with `fig-` or `fig:`,
with pictures in it and a last paragraph that is the caption of all. A filter already makes it a
figure when pandoc runs (`chapbook.reading.lua_filters`).
"""

from __future__ import annotations

import re
from string import ascii_lowercase
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.dom import add_class, classes, element, replace, text_of, unwrap, walk

LETTERED = vocabulary.LETTERED
"""The class of a panel with a letter. Its number is that of the whole figure and its letter."""
_ID = re.compile(r"fig[-:]")
_GAP_PERCENT = 2  # of the measure: the margins of a panel in figures.css
_MOST_COLUMNS = 4  # more would be too small on a page of a book


def join_panels(body: Element) -> None:
    """Arrange the pictures of each figure, or div of figures, with several pictures."""
    for _, figure in list(walk(body)):
        if figure.tag == "figure" or (figure.tag == "div" and _ID.match(figure.get("id", ""))):
            _join(figure)


def panel_letter(number: int) -> str:
    """Return the letter of a panel; *number* is counted from 0."""
    return ascii_lowercase[number % len(ascii_lowercase)]


def _join(figure: Element) -> None:
    asked = figure.get("data-layout-ncol", "")
    columns = int(asked) if re.fullmatch(r"\d{1,2}", asked) else 1
    for paragraph in list(figure):
        if _holds_images_alone(paragraph) and len(paragraph) + len(list(figure.iter("img"))) == 2:
            unwrap(figure, paragraph)  # a picture with its caption
        elif _holds_images_alone(paragraph):
            columns = max(columns, len(paragraph))
            replace(figure, paragraph, *map(_framed, list(paragraph)))
    panels = [child for child in figure if child.tag == "figure"]
    if len(panels) > 1:
        figure.tag = "figure"
        _arrange(figure, panels, columns=min(max(1, columns), _MOST_COLUMNS))


def _arrange(figure: Element, panels: list[Element], columns: int) -> None:
    """Set *panels* side by side if wanted, and give them letters if there is a common caption."""
    widths = [_asked_percent(panel) for panel in panels]
    is_beside = columns > 1 or any(widths)
    is_captioned = figure.find("figcaption") is not None
    for number, panel in enumerate(panels):
        add_class(panel, vocabulary.PANEL)
        panel.tail = None  # a space between panels would take room
        if is_beside:
            add_class(
                panel, f"{vocabulary.WIDTH}{(widths[number] or 100 // columns) - _GAP_PERCENT}"
            )
        if is_captioned:
            _letter(panel, panel_letter(number))
    if is_beside:
        add_class(figure, vocabulary.SIDE_BY_SIDE)


def _asked_percent(panel: Element) -> int:
    """Return the image's share of the measure, which becomes that of its panel; 0 for none."""
    for image in panel.iter("img"):
        for name in classes(image):
            if re.fullmatch(rf"{vocabulary.WIDTH}\d{{1,3}}", name):
                image.set("class", " ".join(other for other in classes(image) if other != name))
                return max(_GAP_PERCENT + 1, int(name.removeprefix(vocabulary.WIDTH)))
    return 0


def _holds_images_alone(node: Element) -> bool:
    if node.tag != "p" or not len(node) or (node.text or "").strip():
        return False
    return all(child.tag == "img" and not (child.tail or "").strip() for child in node)


def _framed(image: Element) -> Element:
    """Return a figure of *image*; its alternative text is the caption, as for single images."""
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
