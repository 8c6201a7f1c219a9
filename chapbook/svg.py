"""SVG made harmless: a picture in a book is still, loads nothing, and is of bounded size."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

Node: TypeAlias = Any
"""An element of lxml."""

_SVG = "{http://www.w3.org/2000/svg}"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_ACTIVE = frozenset(
    "script foreignobject iframe audio video handler listener set animate animatemotion "
    "animatetransform animatecolor discard".split()
)
# What in CSS can load beside `url()`: rules, functions, and whatever hides behind an escape.
_LOADING = re.compile(
    r"@import|@font-face|@namespace|\\|(?:image-set|image|src|cross-fade|element)\s*\(",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_URL = re.compile(r"url\(([^)]*)", re.IGNORECASE)
_STILL_PICTURE = re.compile(r"\s*data:image/(?:png|jpeg|gif|webp);base64,", re.IGNORECASE)
_REFERENCE = re.compile(r"url\(\s*['\"]?\s*#([^'\")]+?)\s*['\"]?\s*\)", re.IGNORECASE)

MOST_ELEMENTS = 200_000
"""As many as are drawn: those that `use`, patterns and markers repeat are counted each time."""


class AssetRefused(Exception):
    """The manuscript asks for something that it may not have. `str()` says why."""


class Broken(Exception):
    """The file is no image that we can show. `str()` says what it is instead."""


def judge_svg(content: bytes) -> tuple[str, bytes, int, int]:
    """The media type, the cleaned bytes, and the width and height in CSS pixels.

    Raises Broken where *content* is no SVG, AssetRefused where it is a trap.
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
    _clean(root)
    try:
        drawn = _drawn(root)
    except RecursionError as error:
        raise AssetRefused("its elements refer to each other too deeply") from error
    if drawn > MOST_ELEMENTS:
        raise AssetRefused(f"it draws more than {MOST_ELEMENTS:,} elements")
    width, height = _size(root)
    cleaned = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return "image/svg+xml", cleaned, width, height


def _clean(root: Node) -> None:
    """Take out what runs or loads."""
    for number, node in enumerate(list(root.iter())):
        if number > MOST_ELEMENTS:
            raise AssetRefused(f"it has more than {MOST_ELEMENTS:,} elements")
        parent = node.getparent()
        if parent is not None and not _is_harmless(node):
            parent.remove(node)
            continue
        for attribute, value in list(node.attrib.items()):
            if attribute == _XML_BASE or not _may_stay(attribute.rpartition("}")[2].lower(), value):
                del node.attrib[attribute]


def _is_harmless(node: Node) -> bool:
    name = str(node.tag)
    local = name.removeprefix(_SVG).lower()
    if name == local or "}" in local or local in _ACTIVE:
        return False  # of another namespace, where XHTML's scripts and Inkscape's notes live
    return local != "style" or not _loads("".join(node.itertext()))


def _loads(css: str) -> bool:
    """Whether *css* could fetch something: whatever is not plainly inside the picture."""
    bare = _COMMENT.sub("", css)
    addresses = _URL.findall(bare)
    inside = all(address.strip(" \t\r\n'\"").startswith("#") for address in addresses)
    return not inside or _LOADING.search(bare) is not None


def _may_stay(local: str, value: str) -> bool:
    if local.startswith("on"):
        return False
    if local == "href":
        return value.lstrip().startswith("#") or _STILL_PICTURE.match(value) is not None
    return not _loads(value)


def _drawn(root: Node) -> int:
    """How many elements are drawn, with all that is drawn by reference; a circle draws too many."""
    by_id = {node.get("id"): node for node in root.iter() if node.get("id")}
    _still_styles(root, by_id)
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


def _still_styles(root: Node, by_id: Mapping[str, Node]) -> None:
    """Let a stylesheet refer to gradients alone: patterns in patterns cannot be counted there."""

    def kept(found: re.Match[str]) -> str:
        target = by_id.get(found[1])
        return found[0] if target is not None and target.tag.endswith("Gradient") else "none"

    for style in root.iter(f"{_SVG}style"):
        style.text = _REFERENCE.sub(kept, style.text or "")


def _referred(node: Node, by_id: Mapping[str, Node]) -> list[Node]:
    names = []
    for attribute, value in node.attrib.items():
        if attribute.rpartition("}")[2] == "href" and not str(node.tag).endswith("}a"):
            names.append(value.strip().removeprefix("#"))
        names += _REFERENCE.findall(value)
    return [by_id[name] for name in names if name in by_id]


def _size(root: Node) -> tuple[int, int]:
    """The picture's size in CSS pixels: its own, its view box's, or CSS's default of 300 × 150."""
    lengths = [
        re.fullmatch(r"\s*(\d{1,6}(?:\.\d{0,9})?)(?:px)?\s*", root.get(side, ""))
        for side in ("width", "height")
    ]
    if all(lengths):
        width, height = (float(length[1]) for length in lengths if length)
    else:
        box = re.findall(r"-?\d{1,6}(?:\.\d{1,9})?", root.get("viewBox", ""))
        width, height = (float(box[2]), float(box[3])) if len(box) == 4 else (300.0, 150.0)
    return max(1, round(width)), max(1, round(height))
