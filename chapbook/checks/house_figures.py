"""The house's rules for pictures, in the terms of the outline.

What an author says in attributes becomes words or takes words away: the text that stands for an
image, its credit, and the letters of pictures under one caption.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chapbook.checks.house import House
from chapbook.checks.tree import Node

_HOLDERS = frozenset("root block item cell quote".split())


def say_alternatives(root: Node, _: House) -> None:
    """What only adorns has no words; Quarto's `fig-alt` goes before what the brackets say."""
    for image in _images(root):
        image.attributes["alt"] = image.get("fig-alt") or image.get("alt")
        if image.get("adorns"):
            image.attributes["alt"] = ""


def letter_panels(root: Node, _: House) -> None:
    """Each of several pictures under one caption has a letter."""
    for node in list(root.walk()):
        is_div = node.kind == "block" and any(re.match("fig[-:]", name) for name in node.ids)
        if node.kind == "figure" or is_div:
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


def _join(whole: Node) -> None:
    for paragraph in _nodes(whole):
        if not paragraph.get("paragraph") or not _holds_images_alone(paragraph):
            continue
        at = whole.children.index(paragraph)
        images = _nodes(paragraph)
        is_only = len(list(_images(whole))) == 1
        whole.children[at : at + 1] = images if is_only else map(_framed, images)
    panels = [node for node in _nodes(whole) if node.kind == "figure"]
    if len(panels) < 2:
        return
    whole.kind = "figure"
    for number, panel in enumerate(panels if _caption_of(whole) else ()):
        letter = panel.attributes["letter"] = chr(ord("a") + number % 26)
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
