"""The pictures of a text: read their files and settle their alternative text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.document import Asset
from chapbook.model.dom import add_class, classes, element, replace, text_of, walk
from chapbook.model.errors import Code, Finding, warning
from chapbook.model.plain_text import plain_text
from chapbook.reading.image_files import AssetRefused, read_asset
from chapbook.reading.source_positions import Places

DECORATIVE = "decorative"
"""The class of a decorative image, which has no alternative text (WCAG 2.2, C9, H67)."""
_PRESENTATION = "presentation"


def read_images(
    body: Element, folder: Path | None, places: Places
) -> tuple[dict[str, Asset], list[Finding]]:
    """Read every image in *body*. A refused image is replaced by its alternative text."""
    assets: dict[str, Asset] = {}
    findings = []
    captions = _captions(body)
    for parent, image in list(walk(body)):
        if image.tag != "img":
            continue
        href = image.get("src", "")
        where = places.of(href, image.get("alt", "")) if href else places.of_element("img")
        _settle_alternative(image)
        if lack := _lack(parent, image):
            findings.append(warning(Code.ALT_MISSING, f"the image “{href}” {lack}", where))
        try:
            asset = assets.get(href) or read_asset(href, folder, where)
        except AssetRefused as refusal:
            message = f"the image “{href[:80]}” is not used: {refusal}"
            findings.append(warning(Code.IMAGE_REFUSED, message, where))
            alt = " ".join(image.get("alt", "").split())
            # A caption with the same words is enough.
            words = "" if captions.get(image) == alt else alt
            stand_in = element("span", words, class_=vocabulary.IMAGE_REFUSED)
            replace(parent, image, stand_in)
            continue
        if href not in assets:
            findings += [
                warning(Code.IMAGE_CHANGED, f"the image “{href}” {loss}", where)
                for loss in asset.losses
            ]
        assets[href] = asset
        image.set("src", asset.href)
        add_class(image, vocabulary.IMAGE)
    return {asset.href: asset for asset in assets.values()}, findings


def is_decorative(image: Element) -> bool:
    """Return whether the author marked *image* as decorative."""
    return image.get("role") == _PRESENTATION


def _captions(body: Element) -> Mapping[Element, str]:
    return {
        image: plain_text(caption, _tex)
        for figure in body.iter("figure")
        for caption in figure.iter("figcaption")
        for image in figure.iter("img")
    }


def _tex(math: Element) -> str:
    """Return a formula as pandoc writes it in a picture's alternative text."""
    return "".join(node.text or "" for node in math.iter("annotation"))


def _settle_alternative(image: Element) -> None:
    """Set `alt` of *image*: to Quarto's `fig-alt`, or to "" for a decorative image.

    In HTML `alt=""` marks an image as decorative (HTML, 4.8.4.4.6). A missing `alt` does not.
    """
    if words := image.attrib.pop("data-fig-alt", ""):
        image.set("alt", words)
    names = classes(image)
    is_decoration = DECORATIVE in names or image.get("role") in ("none", _PRESENTATION)
    if is_decoration or image.get("alt") == "":
        image.set("alt", "")
        image.set("role", _PRESENTATION)
    elif "role" in image.attrib:
        del image.attrib["role"]  # other roles are wrong for an image
    if rest := [name for name in names if name != DECORATIVE]:
        image.set("class", " ".join(rest))
    else:
        image.attrib.pop("class", None)


def _lack(parent: Element, image: Element) -> str:
    """Return what is wrong with the alternative text of *image*, or ""."""
    if parent.tag == "a" and not text_of(parent) and not image.get("alt", "").strip():
        return "is all that its link says: describe where it leads, between the brackets"
    if is_decorative(image) or image.get("alt", "").strip():
        return ""
    return "has no description: write what it shows in the brackets: ![…](…), or say {.decorative}"
