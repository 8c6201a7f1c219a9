"""Derives the accessibility metadata of an EPUB from the content of the book.

It follows EPUB Accessibility 1.1, 2.2, with the terms of W3C's schema.org Accessibility Properties
for Discoverability Vocabulary. It claims no conformance, which only people can evaluate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from chapbook.model.document import Asset, Document
from chapbook.reading.illustrations import is_decorative

SUMMARY = "schema:accessibilitySummary"
"""The only property with a text in a language; the others have terms of the vocabulary."""

_MOVING = {"image/gif": b"NETSCAPE2.0", "image/webp": b"ANIM", "image/avif": b"avis"}
"""The bytes that mark a moving picture, which may flash, by media type."""


def discovery(document: Document, words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the `schema:` properties of *document* and their values; the summary is in *words*."""
    trees = (document.body, *(note.body for note in document.notes))
    images = [node for tree in trees for node in tree.iter("img")]
    described = all(map(is_described, images))
    has_headings = any(tree.tag == "section" for tree in document.body.iter())
    has_pages = bool(document.pages)
    features = {
        "tableOfContents": has_headings,
        "readingOrder": True,
        "structuralNavigation": has_headings,
        "displayTransformability": True,  # no fixed size, no pictures of text, faces can be changed
        "alternativeText": bool(images) and described,
        "MathML": _has(trees, "math"),
        "rubyAnnotations": _has(trees, "rt"),
        # The older name, which readers know, and the two names in the vocabulary of 2023.
        "printPageNumbers": has_pages,
        "pageBreakMarkers": has_pages,
        "pageNavigation": has_pages,
    }
    hazard = _hazard(document.assets)
    return (
        ("schema:accessMode", "textual"),
        *([("schema:accessMode", "visual")] if images else []),
        ("schema:accessModeSufficient", "textual" if described else "textual,visual"),
        *(("schema:accessibilityFeature", name) for name, is_there in features.items() if is_there),
        ("schema:accessibilityHazard", hazard),
        (SUMMARY, " ".join(_summary(features, images, hazard, words))),
    )


def summary_language(words: Mapping[str, str], lang: str) -> str | None:
    """Return the language of the summary in *words*; None if it is *lang*, the work's own."""
    return None if words["lang"] == lang.partition("-")[0] else words["lang"]


def is_described(image: Element) -> bool:
    """Return whether *image* has a description or is marked as decorative (WCAG 2.2, SC 1.1.1)."""
    return bool(image.get("alt", "").strip()) or is_decorative(image)


def _has(trees: tuple[Element, ...], tag: str) -> bool:
    return any(True for tree in trees for _ in tree.iter(tag))


def _hazard(assets: Mapping[str, Asset]) -> str:
    moves = any(
        _MOVING.get(asset.media_type, b"\0none") in asset.content for asset in assets.values()
    )
    return "unknown" if moves else "none"


def _summary(
    features: Mapping[str, bool], images: list[Element], hazard: str, words: Mapping[str, str]
) -> Iterator[str]:
    yield words["access-text-headings" if features["structuralNavigation"] else "access-text"]
    if images:
        yield words["access-images" if features["alternativeText"] else "access-images-some"]
    for feature, key in (
        ("MathML", "access-math"),
        ("rubyAnnotations", "access-ruby"),
        ("pageNavigation", "access-pages"),
    ):
        if features[feature]:
            yield words[key]
    if hazard == "unknown":
        yield words["access-motion"]
