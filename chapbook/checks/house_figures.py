"""The house's rules for pictures, in the terms of the outline.

What an author says in attributes becomes words or takes words away: the text that stands for an
image, its credit, and the letters of pictures under one caption.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from chapbook.checks.tree import Node

if TYPE_CHECKING:
    from chapbook.checks.house_style import House

_RUNS = frozenset("span link emphasis call picture break".split())
_HOLDERS = frozenset("root block item cell quote".split())


def say_alternatives(root: Node, _: House) -> None:
    """What only adorns has no words; Quarto's `fig-alt` goes before what the brackets say."""
    for image in _images(root):
        image.attributes["alt"] = image.get("fig-alt") or image.get("alt")
        if image.get("adorns"):
            image.attributes["alt"] = ""


def letter_panels(root: Node, _: House) -> None:
    """A div of pictures is a figure: its last words are the caption, each picture has a letter."""
    for node in list(root.walk()):
        if node.kind == "block" and any(re.match("fig[-:]", name) for name in node.ids):
            _join(node)


def print_credits(root: Node, _: House) -> None:
    """A credit stands at its caption's end; within a line there is none."""
    for parent in reversed(list(root.walk())):  # a figure in a figure first
        for image in list(_images(parent)) if parent.kind == "figure" else ():
            _credit(parent, image)
        only = parent.children[0] if _is_alone(parent) else None
        if isinstance(only, Node) and only.get("credit"):
            figure = Node("figure", [only])
            parent.children[0] = figure
            _credit(figure, only)


def _images(root: Node) -> Iterator[Node]:
    return (node for node in root.walk() if node.get("kind") == "image")


def _is_alone(parent: Node) -> bool:
    if parent.kind not in _HOLDERS or not parent.children:
        return False
    first, *rest = parent.children
    is_image = isinstance(first, Node) and first.kind == "picture"
    return is_image and not any(isinstance(each, Node) or each.strip() for each in rest)


def _credit(figure: Node, image: Node) -> None:
    if words := image.attributes.pop("credit", ""):
        caption = _caption_of(figure)
        if caption is None:
            caption = Node("caption")
            figure.add(caption)
        caption.children += [" ", words]


def _caption_of(figure: Node) -> Node | None:
    nodes = (child for child in figure.children if isinstance(child, Node))
    return next((node for node in nodes if node.kind == "caption"), None)


def _join(division: Node) -> None:
    for paragraph in list(_nodes(division)):
        if paragraph.get("paragraph") and _holds_images_alone(paragraph):
            at = division.children.index(paragraph)
            division.children[at : at + 1] = map(_framed, _nodes(paragraph))
    panels = [node for node in _nodes(division) if node.kind == "figure"]
    if not panels:
        return
    division.kind = "figure"
    if words := _last_words(division):
        division.add(Node("caption", words))
    for number, panel in enumerate(panels if len(panels) > 1 else ()):
        letter = chr(ord("a") + number % 26)
        caption = _caption_of(panel)
        if caption is None:
            caption = Node("caption")
            panel.add(caption)
        caption.children.insert(0, f"({letter}) ")


def _nodes(node: Node) -> list[Node]:
    return [child for child in node.children if isinstance(child, Node)]


def _holds_images_alone(paragraph: Node) -> bool:
    nodes = _nodes(paragraph)
    texts = [child for child in paragraph.children if isinstance(child, str)]
    return (
        bool(nodes)
        and all(node.get("kind") == "image" for node in nodes)
        and not "".join(texts).strip()
    )


def _framed(image: Node) -> Node:
    figure = Node("figure", [image], ids=image.ids)
    image.ids = []
    if image.get("alt"):
        figure.add(Node("caption", [image.get("alt")]))
    return figure


def _last_words(division: Node) -> list[Any]:
    """Take the last words out of *division*: a paragraph, or what stands bare at its end."""
    start = len(division.children)
    while start and _is_run(division.children[start - 1]):
        start -= 1
    words = division.children[start:]
    if not Node("span", words).words():
        nodes = _nodes(division)
        last = nodes[-1] if nodes else None
        if last is None or not last.get("paragraph") or not last.words():
            return []
        start, words = division.children.index(last), last.children
    del division.children[start:]
    return words


def _is_run(child: Node | str) -> bool:
    return isinstance(child, str) or child.kind in _RUNS
