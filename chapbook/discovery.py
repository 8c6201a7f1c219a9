"""What an EPUB says of its accessibility: derived from what is in the book, never from a wish.

EPUB Accessibility 1.1, 2.2, with the terms of W3C's schema.org Accessibility Properties for
Discoverability Vocabulary. No conformance is claimed here: that takes an evaluation by people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from chapbook.document import Asset, Document

_MOVING = {"image/gif": b"NETSCAPE2.0", "image/webp": b"ANIM"}
"""What marks a picture that moves, and so may flash, in the formats that can."""


def discovery(document: Document, words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The `schema:` properties of *document* and their values; the summary is in its language."""
    trees = (document.body, *(note.body for note in document.notes))
    images = [node for tree in trees for node in tree.iter("img")]
    described = all(map(is_described, images))
    features = {
        "tableOfContents": True,
        "readingOrder": True,
        "structuralNavigation": any(tree.tag == "section" for tree in document.body.iter()),
        "displayTransformability": True,  # no fixed size, no embedded face, no picture of text
        "alternativeText": bool(images) and described,
        "MathML": _has_math(trees),
        # The older name, which readers know, and the two that the vocabulary of 2023 has for it.
        "printPageNumbers": bool(document.pages),
        "pageBreakMarkers": bool(document.pages),
        "pageNavigation": bool(document.pages),
    }
    return (
        ("schema:accessMode", "textual"),
        *([("schema:accessMode", "visual")] if images else []),
        ("schema:accessModeSufficient", "textual" if described else "textual,visual"),
        *(("schema:accessibilityFeature", name) for name, is_there in features.items() if is_there),
        ("schema:accessibilityHazard", _hazard(document.assets)),
        ("schema:accessibilitySummary", " ".join(_summary(features, images, words))),
    )


def is_described(image: Element) -> bool:
    """Whether *image* says what it shows, or is marked as saying nothing (WCAG 2.2, SC 1.1.1)."""
    return bool(image.get("alt", "").strip()) or image.get("role") in {"presentation", "none"}


def _has_math(trees: tuple[Element, ...]) -> bool:
    return any(True for tree in trees for _ in tree.iter("math"))


def _hazard(assets: Mapping[str, Asset]) -> str:
    moves = any(
        _MOVING.get(asset.media_type, b"\0none") in asset.content for asset in assets.values()
    )
    return "unknown" if moves else "none"


def _summary(
    features: Mapping[str, bool], images: list[Element], words: Mapping[str, str]
) -> Iterator[str]:
    headings = features["structuralNavigation"]
    yield words["access-text-headings" if headings else "access-text"]
    if images:
        yield words["access-images" if features["alternativeText"] else "access-images-some"]
    if features["MathML"]:
        yield words["access-math"]
