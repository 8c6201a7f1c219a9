"""Formulas for print: MathML drawn as vector pictures, the TeX as their alternative text."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from xml.etree.ElementTree import Element, fromstring, tostring

from chapbook.document import Manuscript
from chapbook.dom import element, replace, unwrap, walk
from chapbook.errors import Code, Finding, warning
from chapbook.places import Places

NUMBER = "data-node"
"""Bears an element's number in the document through layout: a formula's picture has it too."""

_SIZE_PX = 14.0  # the formula's own size; the page scales it with its em


def draw_formulas(
    body: Element, manuscript: Manuscript
) -> tuple[dict[str, tuple[bytes, str]], list[Finding]]:
    """Replace every `math` in *body* by an image; the images by their addresses, and findings.

    A formula that cannot be drawn is shown as its TeX, never dropped.
    """
    drawn: dict[str, tuple[bytes, str]] = {}
    findings: list[Finding] = []
    places = Places(manuscript)
    for parent, node in list(walk(body)):
        if node.tag != "math":
            continue
        tex = tex_of(node)
        kind = "display" if node.get("display") == "block" else "inline"
        try:
            drawing = _draw(node)
        except Exception as cause:  # noqa: BLE001 - ziamath raises whatever it meets
            told = f"the formula “{tex[:60]}” cannot be drawn and is shown as TeX: {cause}"
            findings.append(warning(Code.MATH_SOURCE_SHOWN, told, places.of(tex)))
            replace(parent, node, element("code", tex, class_=f"math {kind}", **_number_of(node)))
            continue
        address = f"formula:{len(drawn) + 1}.svg"
        drawn[address] = (drawing.svg, "image/svg+xml")
        image = element("img", src=address, alt=tex, class_=f"math {kind}", **_number_of(node))
        image.set("style", drawing.style)
        replace(parent, node, image)
    return drawn, findings


def _number_of(node: Element) -> dict[str, str]:
    return {NUMBER: node.attrib[NUMBER]} if NUMBER in node.attrib else {}


def tex_of(math: Element) -> str:
    """The TeX that pandoc keeps as the formula's annotation, or the formula's words."""
    annotation = math.find(".//annotation")
    if annotation is not None and annotation.text:
        return annotation.text.strip()
    return " ".join("".join(math.itertext()).split())


@dataclass(frozen=True, slots=True)
class _Drawing:
    svg: bytes
    style: str  # its size and its depth below the baseline, in em of the text around it


def _draw(math: Element) -> _Drawing:
    import ziamath.zmath

    drawing = ziamath.zmath.Math(_presentation(math), size=_SIZE_PX, margin=0).svg()
    root = fromstring(drawing)
    _, top, width, height = (float(number) / _SIZE_PX for number in root.get("viewBox", "").split())
    depth = top + height
    style = f"width:{width:.4f}em;height:{height:.4f}em;vertical-align:{-depth:.4f}em"
    return _Drawing(drawing.encode(), style)


def _presentation(math: Element) -> str:
    """The formula without its annotations, which ziamath would draw."""
    bare = deepcopy(math)
    bare.tail = None
    for parent, node in list(walk(bare)):
        if node.tag == "annotation":
            parent.remove(node)
    for parent, node in list(walk(bare)):
        if node.tag == "semantics":
            unwrap(parent, node)
    return tostring(bare, encoding="unicode")
