"""Make SVG harmless: a picture in a book does not move, loads nothing, and has a bounded size.

Whatever a reader would miss in the cleaned drawing is reported.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from chapbook.images.svg_styles import REFERENCE, still_rules, still_style, still_value

Node: TypeAlias = Any
"""An element of lxml."""

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ACTIVE = frozenset(
    "script foreignobject iframe audio video handler listener set animate animatemotion "
    "animatetransform animatecolor discard".split()
)
_STILL_PICTURE = re.compile(
    r"\s*data:image/(png|jpe?g|gif|webp|avif);(?:[\w=-]+;)?base64,", re.IGNORECASE
)

_LONGEST = 60  # characters that a message quotes from a drawing

MOST_ELEMENTS = 200_000
"""The limit of drawn elements. What `use`, patterns and markers repeat is counted each time."""


@dataclass(slots=True)
class Losses:
    """The parts of the drawing that are lost by cleaning it, in words."""

    words: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    faces: bool = False

    def add_words(self, text: str) -> None:
        """Remember *text* if it has words."""
        if words := " ".join(text.split()):
            self.words.append(words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…")

    def messages(self) -> tuple[str, ...]:
        """Return a message with its remedy for each kind. It continues after the drawing's name."""
        messages = []
        if self.words:
            more = f" and {len(self.words) - 1} more" if len(self.words) > 1 else ""
            messages.append(
                f"loses words that are set as HTML, “{self.words[0]}”{more}: save it with SVG text "
                "(Mermaid: htmlLabels: false; draw.io: labels without formatted text)"
            )
        if self.pictures:
            messages.append(
                f"loses the picture “{self.pictures[0][:_LONGEST]}”, which is not in it: embed it"
            )
        if self.faces:
            messages.append(
                "is set in the house’s faces, not in those that it brings: make text paths"
            )
        return tuple(messages)


class AssetRefused(Exception):
    """The manuscript asks for something that is not allowed. `str()` gives the reason."""


class Broken(Exception):
    """The file is not an image that we can show. `str()` describes what it is instead."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """The cleaned bytes, the size in CSS pixels, and in words what the drawing lost."""

    content: bytes
    width_px: int
    height_px: int
    losses: tuple[str, ...] = ()


JudgePicture: TypeAlias = Callable[[bytes], object]
"""Checks a raster image. Raises Broken if it is not an image, AssetRefused if it is an attack."""


def judge_svg(content: bytes, judge_picture: JudgePicture) -> Drawing:
    """Return the SVG in *content*, made harmless. *judge_picture* checks its embedded pictures.

    Raises Broken if *content* is not SVG, and AssetRefused if it is an attack.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Broken(f"broken: {error}") from error
    if root.tag != f"{_SVG}svg":
        raise Broken("no SVG")
    if next(root.iter(etree.Entity), None) is not None:
        raise AssetRefused("it has entities, which can hold anything")
    try:
        losses = _clean(root, judge_picture)
        drawn = _drawn(root)
    except RecursionError as error:
        raise AssetRefused("its elements refer to each other too deeply") from error
    if drawn > MOST_ELEMENTS:
        raise AssetRefused(f"it draws more than {MOST_ELEMENTS:,} elements")
    cleaned = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Drawing(cleaned, *_size(root), losses)


def _clean(root: Node, judge_picture: JudgePicture) -> tuple[str, ...]:
    """Take out what runs or loads; what is missing then, in words."""
    lost = Losses()
    for number, node in enumerate(list(root.iter())):
        if number > MOST_ELEMENTS:
            raise AssetRefused(f"it has more than {MOST_ELEMENTS:,} elements")
        parent = node.getparent()
        if parent is not None and not _is_harmless(node):
            if _local(node) == "foreignobject" and not _has_fallback(node):
                lost.add_words("".join(node.itertext()))
            parent.remove(node)
            continue
        if _local(node) == "image" and not _is_embedded(node, judge_picture, lost):
            parent.remove(node)
            continue
        for attribute, value in list(node.attrib.items()):
            _clean_attribute(node, attribute, value)
    for switch in list(root.iter(f"{_SVG}switch")):
        _choose(switch)
    lost.faces = _still_styles(root)
    return lost.messages()


def _still_styles(root: Node) -> bool:
    """Clean the stylesheets, and return whether they contained faces.

    Stylesheets may refer to gradients only, because patterns within patterns cannot be counted
    there.
    """
    by_id = _by_id(root)

    def is_gradient(name: str) -> bool:
        return name in by_id and str(by_id[name].tag).endswith("Gradient")

    any_faces = False
    for style in root.iter(f"{_SVG}style"):
        style.text, had_faces = still_rules("".join(style.itertext()), is_gradient)
        any_faces |= had_faces
        for inner in list(style):
            style.remove(inner)
    return any_faces


def _local(node: Node) -> str:
    return str(node.tag).removeprefix(_SVG).lower()


def _is_harmless(node: Node) -> bool:
    local = _local(node)
    # Other namespaces hold XHTML scripts and Inkscape's notes, for example.
    return str(node.tag).startswith(_SVG) and local not in _ACTIVE


def _has_fallback(node: Node) -> bool:
    """Return whether *node* is one of several alternatives in a `switch`, as draw.io writes it."""
    parent = node.getparent()
    return _local(parent) == "switch" and any(_is_harmless(each) for each in parent)


def _choose(switch: Node) -> None:
    """Keep only the shown alternative of *switch*: WeasyPrint draws all of them, or none."""
    choices = [each for each in switch if each.get("systemLanguage") is None] or list(switch)
    for other in [each for each in switch if each is not next(iter(choices), None)]:
        switch.remove(other)
    switch.tag = f"{_SVG}g"


def _is_embedded(image: Node, judge_picture: JudgePicture, lost: Losses) -> bool:
    """Return whether the picture of *image* is embedded, and normalize its address.

    The address is written in the form that all programs can read.
    """
    name = _XLINK_HREF if image.get("href") is None else "href"
    address = image.get(name, "")
    if not (start := _STILL_PICTURE.match(address)):
        lost.pictures += [address] if address.strip() else []
        return False
    packed = re.sub(r"\s", "", address[start.end() :])
    try:
        judge_picture(b64decode(packed, validate=True))
    except (Broken, NotBase64):
        lost.pictures.append(f"{address[:24]}…")
        return False
    kind = start[1].lower().replace("jpg", "jpeg")
    image.set(name, f"data:image/{kind};base64,{packed}")
    return True


def _clean_attribute(node: Node, attribute: str, value: str) -> None:
    local = attribute.rpartition("}")[2].lower()
    kept: str | None = value
    if local.startswith("on") or attribute == _XML_BASE:
        kept = None
    elif local == "href":
        inside = value.lstrip().startswith("#") or _STILL_PICTURE.match(value) is not None
        kept = value if inside else None
    else:
        kept = still_style(value) if local == "style" else still_value(value)
    if kept is None:
        del node.attrib[attribute]
    elif kept != value:
        node.set(attribute, kept)


def _drawn(root: Node) -> int:
    """Return how many elements are drawn, including those drawn by reference.

    Circular references count as too many.
    """
    by_id = _by_id(root)
    known: dict[Node, int] = {}
    under_way: set[Node] = set()

    def count(node: Node) -> int:
        if node in under_way:
            return MOST_ELEMENTS + 1
        if node not in known:
            under_way.add(node)
            parts = [*node, *_referred(node, by_id)]
            known[node] = min(1 + sum(map(count, parts)), MOST_ELEMENTS + 1)
            under_way.remove(node)
        return known[node]

    return count(root)


def _by_id(root: Node) -> Mapping[str, Node]:
    return {node.get("id"): node for node in root.iter() if node.get("id")}


def _referred(node: Node, by_id: Mapping[str, Node]) -> list[Node]:
    names = []
    for attribute, value in node.attrib.items():
        if attribute.rpartition("}")[2] == "href" and not str(node.tag).endswith("}a"):
            names.append(value.strip().removeprefix("#"))
        names += REFERENCE.findall(value)
    return [by_id[name] for name in names if name in by_id]


def _size(root: Node) -> tuple[int, int]:
    """Return the picture's size in CSS pixels.

    It comes from the attributes, from the view box, or is CSS's default of 300 × 150. If only one
    side is given, the other follows from the view box.
    """
    width, height = (_pixels(root.get(side, "")) for side in ("width", "height"))
    numbers = re.findall(r"-?\d{1,6}(?:\.\d{1,9})?", root.get("viewBox", ""))
    box = [float(number) for number in numbers[2:]] if len(numbers) == 4 else []
    if (width is None or height is None) and not (box and min(box) > 0):
        return 300, 150
    if width is None and height is None:
        width, height = box
    elif width is None:
        width = (height or 0) * box[0] / box[1]
    elif height is None:
        height = width * box[1] / box[0]
    return _bounded(width), _bounded(height or 0)


def _bounded(pixels: float) -> int:
    return min(max(1, round(pixels)), _LARGEST_PX)


def _pixels(length: str) -> float | None:
    """Return a length in CSS pixels (CSS Values 4, 6).

    Return None if *length* is not a length, or depends on the page.
    """
    match = re.fullmatch(r"\s*(\d{1,6}(?:\.\d{0,9})?)(px|mm|cm|in|pt|pc|)\s*", length)
    return float(match[1]) * _PX[match[2]] if match else None


_PX = {"": 1, "px": 1, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96, "pt": 96 / 72, "pc": 16}
_LARGEST_PX = 100_000
