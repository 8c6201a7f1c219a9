"""Formulas for print: MathML drawn as vector pictures, the TeX as their alternative text."""

from __future__ import annotations

from xml.etree.ElementTree import Element, tostring

from chapbook.document import Manuscript
from chapbook.dom import element, replace, walk
from chapbook.errors import Code, Finding, warning
from chapbook.places import Places

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
        kind = node.get("display", "inline")
        try:
            svg, height_em, depth_em, width_em = _draw(node)
        except Exception as cause:  # noqa: BLE001 - ziamath raises whatever it meets
            told = f"the formula “{tex[:60]}” cannot be drawn and is shown as TeX: {cause}"
            findings.append(warning(Code.MATH_SOURCE_SHOWN, told, places.of(tex)))
            replace(parent, node, element("code", tex, class_=f"math {kind}"))
            continue
        address = f"formula:{len(drawn) + 1}.svg"
        drawn[address] = (svg, "image/svg+xml")
        style = f"height:{height_em:.4f}em;width:{width_em:.4f}em;vertical-align:{-depth_em:.4f}em"
        image = element("img", src=address, alt=tex, class_=f"math {kind}", style=style)
        replace(parent, node, image)
    return drawn, findings


def tex_of(math: Element) -> str:
    """The TeX that pandoc keeps as the formula's annotation, or the formula's words."""
    annotation = math.find(".//annotation")
    if annotation is not None and annotation.text:
        return annotation.text.strip()
    return " ".join("".join(math.itertext()).split())


def _draw(math: Element) -> tuple[bytes, float, float, float]:
    """The formula as SVG, with its height, depth below the baseline and width in em."""
    import ziamath

    drawing = ziamath.Math(tostring(math, encoding="unicode"), size=_SIZE_PX)
    svg = drawing.svg()
    width, height = drawing.getsize()
    depth = -drawing.getyofst()
    return svg.encode(), height / _SIZE_PX, depth / _SIZE_PX, width / _SIZE_PX
