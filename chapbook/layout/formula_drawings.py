"""Draws MathML as vector pictures for print, with the TeX as their alternative text."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from xml.etree.ElementTree import Element, fromstring, tostring

from chapbook.layout.patches import patched
from chapbook.layout.patches.nodes_mnode import WORDS
from chapbook.layout.shaping import is_beyond_formulas
from chapbook.model import vocabulary
from chapbook.model.document import Manuscript
from chapbook.model.dom import classes, element, replace, unwrap, walk
from chapbook.model.errors import Code, Finding, warning
from chapbook.reading.source_positions import Places

NUMBER = "data-node"
"""Holds an element's number in the document during layout; a formula's picture has it too."""

_FINEST_PT = 0.75  # KDP: a finer line may not be printed
_SMALLER = {"footnote": 0.83, "figcaption": 0.83, "caption": 0.83, "table": 0.92}  # as print.css
_OF_WIDE_TABLES = 0.72
_BLOCK = f"{vocabulary.MATH} {vocabulary.DISPLAY}"
_INLINE = f"{vocabulary.MATH} {vocabulary.INLINE}"
_SIZE_PX = 14.0  # the formula's own size; the page scales it with its em


def draw_formulas(
    body: Element, manuscript: Manuscript, text_pt: float, lang: str = "en"
) -> tuple[dict[str, tuple[bytes, str]], list[Finding]]:
    """Replace every `math` in *body* by an image; return the images by address, and findings.

    *text_pt* is the size of the text in points. A formula that cannot be drawn is shown as its TeX.
    """
    drawn: dict[str, tuple[bytes, str]] = {}
    findings: list[Finding] = []
    places = Places(manuscript)
    sizes = dict(_sizes(body, 1.0))
    for parent, node in list(walk(body)):
        if node.tag != "math":
            continue
        tex = tex_of(node)
        names = _BLOCK if node.get("display") == "block" else _INLINE
        try:
            drawing = _draw(node, _FINEST_PT / (text_pt * sizes[node]), lang)
        except Exception as cause:  # noqa: BLE001 - ziamath raises any exception
            message = f"the formula “{tex[:60]}” cannot be drawn, so its TeX is printed: {cause}"
            findings.append(warning(Code.MATH_SOURCE_SHOWN, message, places.of(tex)))
            replace(parent, node, element("code", tex, class_=names, **_number_of(node)))
            continue
        address = f"formula:{len(drawn) + 1}.svg"
        drawn[address] = (drawing.svg, "image/svg+xml")
        image = element("img", src=address, alt=tex, class_=names, **_number_of(node))
        image.set("style", drawing.style)
        replace(parent, node, image)
    return drawn, findings


def _sizes(node: Element, size_em: float) -> Iterator[tuple[Element, float]]:
    """Yield every formula in *node* with the size of the text around it, in em of the page's."""
    size_em = min(size_em, _SMALLER.get(node.tag, 1.0))
    if vocabulary.WIDE in classes(node):
        size_em = _OF_WIDE_TABLES
    if node.tag == "math":
        yield node, size_em
    for child in node:
        yield from _sizes(child, size_em)


def _number_of(node: Element) -> dict[str, str]:
    return {NUMBER: node.attrib[NUMBER]} if NUMBER in node.attrib else {}


def tex_of(math: Element) -> str:
    """Return the TeX that pandoc writes as the formula's annotation, or else the formula's text."""
    annotation = math.find(".//annotation")
    if annotation is not None and annotation.text:
        return annotation.text.strip()
    return " ".join("".join(math.itertext()).split())


@dataclass(frozen=True, slots=True)
class _Drawing:
    svg: bytes
    style: str  # size, and depth below the baseline, in em of the text around it


def _draw(math: Element, rule_em: float, lang: str) -> _Drawing:
    with patched() as ziamath:
        drawing = ziamath.Math(_presentation(math, lang), size=_SIZE_PX, margin=0).svg()
    root = fromstring(drawing)
    for node in root.iter():
        _thicken(node, rule_em * _SIZE_PX)
    left, top, width, height = map(float, root.get("viewBox", "").split())
    edge = rule_em * _SIZE_PX  # room for a thickened rule at the very edge
    top, height = top - edge, height + 2 * edge
    root.set("viewBox", f"{left} {top} {width} {height}")
    root.set("height", f"{height}")
    top, width, height = (number / _SIZE_PX for number in (top, width, height))
    depth = top + height
    style = f"width:{width:.4f}em;height:{height:.4f}em;vertical-align:{-depth:.4f}em"
    return _Drawing(tostring(root), style)


def _thicken(node: Element, least_px: float) -> None:
    """Make the rule of a fraction, root or table thick enough to be printed."""
    if "stroke-width" in node.attrib:
        node.set("stroke-width", f"{max(least_px, float(node.attrib['stroke-width'])):.4f}")
    elif node.tag.rpartition("}")[2] == "rect":
        sides = [("height", "y"), ("width", "x")]
        side, start = min(sides, key=lambda pair: float(node.get(pair[0], "0")))
        missing = least_px - float(node.get(side, "0"))
        if missing > 0:
            node.set(side, f"{least_px:.4f}")
            node.set(start, f"{float(node.get(start, '0')) - missing / 2:.4f}")


def _presentation(math: Element, lang: str) -> str:
    """Return the formula without annotations, which ziamath would draw; mark words in *lang*."""
    bare = deepcopy(math)
    bare.tail = None
    for parent, node in list(walk(bare)):
        if node.tag == "annotation":
            parent.remove(node)
    for parent, node in list(walk(bare)):
        if node.tag == "semantics":
            unwrap(parent, node)
    for node in bare.iter():
        if node.tag in _TOKENS and is_beyond_formulas(node.text or ""):
            node.tag = WORDS
            node.set("lang", lang)
    return tostring(bare, encoding="unicode")


_TOKENS = frozenset("mi mn mo ms mtext".split())
