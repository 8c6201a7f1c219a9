"""Compares an EPUB's accessibility metadata with its content (EPUB Accessibility 1.1, 2.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from chapbook.checks.reading_systems.epub import MATHML, XHTML, Epub, types
from chapbook.checks.reading_systems.fault import Fault, Spot, awkward, severe
from chapbook.model.errors import Code

_MUST = ("accessMode", "accessibilityFeature", "accessibilityHazard")


def accessibility_metadata(epub: Epub) -> Iterator[Fault]:
    """Yield a fault if required metadata is missing."""
    missing = [name for name in _MUST if not epub.meta_values(f"schema:{name}")]
    if missing:
        message = f"the package lacks {', '.join(f'schema:{name}' for name in missing)}"
        yield awkward(Code.ACCESSIBILITY_METADATA, message, Spot(epub.book.package_path))


def accessibility_claims(epub: Epub) -> Iterator[Fault]:
    """Yield features that are claimed but missing."""
    for feature in dict.fromkeys(epub.meta_values("schema:accessibilityFeature")):
        look = _FEATURES.get(feature)
        if look and (lack := look(epub)):
            message = f"the package claims {feature}, and {lack}"
            yield severe(Code.ACCESSIBILITY_CLAIM, message, Spot(epub.book.package_path))


def _texts(epub: Epub) -> str:
    lacking = sum(
        image.get("alt") is None
        for document in epub.documents
        for image in document.root.iter(f"{XHTML}img")
    )
    return f"{lacking} of its images have no alternative text" if lacking else ""


def _markers(epub: Epub) -> str:
    has_one = any(
        "pagebreak" in types(element) or element.get("role") == "doc-pagebreak"
        for document in epub.documents
        for element in document.elements
    )
    return "" if has_one else "no page break is marked"


def _pages(epub: Epub) -> str:
    return "" if _has_nav(epub, "page-list") else "there is no page list"


def _contents(epub: Epub) -> str:
    return "" if _has_nav(epub, "toc") else "there is no table of contents"


def _has_nav(epub: Epub, kind: str) -> bool:
    return epub.nav is not None and any(
        kind in types(nav) for nav in epub.nav.root.iter(f"{XHTML}nav")
    )


def _math(epub: Epub) -> str:
    return "" if _has(epub, f"{MATHML}math") else "there is no MathML in it"


def _ruby(epub: Epub) -> str:
    return "" if _has(epub, f"{XHTML}ruby") else "there is no ruby in it"


def _has(epub: Epub, tag: str) -> bool:
    return any(True for document in epub.documents for _ in document.root.iter(tag))


_FEATURES: Mapping[str, Callable[[Epub], str]] = {
    "alternativeText": _texts,
    "printPageNumbers": _markers,
    "pageBreakMarkers": _markers,
    "pageNavigation": _pages,
    "tableOfContents": _contents,
    "MathML": _math,
    "rubyAnnotations": _ruby,
    "fullRubyAnnotations": _ruby,
}
