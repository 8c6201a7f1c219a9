"""Rasterizes drawings for readers that do not show SVG."""

from __future__ import annotations

import io
from collections.abc import Mapping
from math import sqrt
from typing import Any
from xml.etree.ElementTree import fromstring

from chapbook import weasy
from chapbook.design import fonts
from chapbook.design.templates import Design
from chapbook.images.rasters import SVG
from chapbook.model.document import Asset, Document
from chapbook.model.dom import element
from chapbook.writers.epub.images import MOST_PIXELS

_WIDEST_PX = 1600  # the long side of an e-reader's page
_SHARPEST = 4.0  # pixels a CSS pixel
_PT_PER_PX = 0.75


def draw(document: Document, design: Design) -> dict[str, bytes]:
    """Return a PNG on white of each drawing in *document*, by its address in the tree."""
    drawings = {href: asset for href, asset in document.assets.items() if asset.media_type == SVG}
    if not drawings:
        return {}
    body = element("body")
    rules = ["body { margin: 0 } img { display: block }"]
    for number, asset in enumerate(drawings.values()):
        width, height = asset.width_px, asset.height_px
        image = element("img", src=f"asset:{number}", alt="")
        body.append(element("div", image, class_=f"page-{number}"))
        rules.append(
            f"@page page-{number} {{ size: {width}px {height}px; margin: 0 }} "
            f".page-{number} {{ page: page-{number} }} "
            f".page-{number} img {{ width: {width}px; height: {height}px }}"
        )
    texts = (_text_in(asset.content) for asset in drawings.values())
    faces = fonts.instances(design.families, "".join(texts), document.metadata.lang)
    assets = {
        f"asset:{number}": (asset.content, asset.media_type)
        for number, asset in enumerate(drawings.values())
    }
    drawn = weasy.draw(element("html", body), weasy.Sheet("\n".join(rules), faces), assets)
    return dict(zip(drawings, _rasterize(drawn.pdf, drawings), strict=True))


def _text_in(content: bytes) -> str:
    return "".join(fromstring(content).itertext())


def _rasterize(pdf: bytes, drawings: Mapping[str, Asset]) -> list[bytes]:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_png(document[number], asset) for number, asset in enumerate(drawings.values())]
    finally:
        document.close()


def _png(page: Any, asset: Asset) -> bytes:
    width, height = asset.width_px, asset.height_px
    scale = min(
        _SHARPEST,
        max(1.0, _WIDEST_PX / max(width, height)),
        sqrt(MOST_PIXELS / (width * height)) * 0.999,
    )
    packed = io.BytesIO()
    page.render(scale=scale / _PT_PER_PX).to_pil().save(packed, "PNG", optimize=True)
    return packed.getvalue()
