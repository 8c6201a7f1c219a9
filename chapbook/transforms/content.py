"""HTML's content model: corrects what raw HTML may contain but EPUB's XHTML must not.

The HTML parser corrects only syntax: it accepts a list item without a list, or a paragraph in a
`span`. Each repair here keeps every word, and changes only its elements (HTML, 3.2.5 and 4).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element

from chapbook.model.document import Document
from chapbook.model.dom import (
    BLOCK_ELEMENTS,
    HEADINGS,
    append,
    contents,
    element,
    replace,
    walk,
    wrap_loose_words,
)
from chapbook.model.metadata import W3C_DATE
from chapbook.transforms.table_model import mend_table

_PHRASING_ONLY = frozenset(
    "abbr b bdi bdo cite code dfn em i kbd mark p pre q rp rt ruby s samp small span strong sub "
    "sup time u var".split()
)
_TRANSPARENT = frozenset({"a", "ins", "del"})
_HOMES = {
    "dt": {"dl"},
    "dd": {"dl"},
    "figcaption": {"figure"},
    "summary": {"details"},
    "rt": {"ruby"},
    "rp": {"ruby"},
    "caption": {"table"},
}
"""Elements that are valid in one place only; elsewhere they become plain ones."""

_GLOBAL = frozenset("id class lang dir title".split())
_ROLES = frozenset(
    "none presentation note img figure list listitem group region definition term "
    "doc-abstract doc-acknowledgments doc-afterword doc-appendix doc-bibliography doc-biblioref "
    "doc-chapter doc-colophon doc-conclusion doc-dedication doc-epigraph doc-epilogue doc-example "
    "doc-foreword doc-glossary doc-introduction doc-notice doc-part doc-preface doc-prologue "
    "doc-pullquote doc-qna doc-tip".split()
)
"""The roles that authors may use; the formats add those of notes and pages."""


def mend_content(document: Document) -> Document:
    """Correct what HTML's content model forbids, so that every format is valid."""
    _drop_empty_headings(document.body)
    _mend(document.body)
    return document


def _mend(node: Element) -> None:
    """Correct the content of *node*, then *node* itself."""
    if node.tag == "math":
        return
    for child in list(node):
        _mend(child)
    _settle_children(node)
    if mend := _MENDERS.get(str(node.tag)):
        mend(node)
    is_anchor = node.tag == "a" and "href" not in node.attrib  # becomes a span in `resolve_links`
    if (node.tag in _PHRASING_ONLY or is_anchor) and _holds_block(node):
        _make_plain(node, "div")
    _check_attributes(node)
    if _is_anonymous(node):
        wrap_loose_words(node)


def _is_anonymous(node: Element) -> bool:
    """Return whether *node* has words without a paragraph beside blocks."""
    if node.tag not in _OF_PARAGRAPHS:
        return False
    phrases = ("".join(child.itertext()) for child in node if child.tag not in BLOCK_ELEMENTS)
    loose = (node.text or "", *(child.tail or "" for child in node), *phrases)
    if not any(text.strip() for text in loose):
        return False
    return node.tag in _ALWAYS or any(child.tag in BLOCK_ELEMENTS for child in node)


_ALWAYS = frozenset({"article", "aside", "blockquote", "section"})
_OF_PARAGRAPHS = _ALWAYS | {"details", "div"}
"""Elements with paragraphs: always, or if they contain a block. A line of verse is a div too."""


def _drop_empty_headings(body: Element) -> None:
    """Remove headings without words (WCAG 2.2, technique H42)."""
    for parent, node in list(walk(body)):
        if node.tag in HEADINGS and not "".join(node.itertext()).strip() and not len(node):
            replace(parent, node)


def _settle_children(node: Element) -> None:
    """Put stray items of *node* into a list, and make stray captions and terms plain blocks."""
    if node.tag not in {"ul", "ol"}:
        _wrap_runs(node, "ul", lambda part: isinstance(part, Element) and part.tag == "li")
    for child in node:
        homes = _HOMES.get(str(child.tag))
        within = node.tag == "div" and child.tag in {"dt", "dd"} and _is_group(node)
        if homes and node.tag not in homes and not within:
            _make_plain(child, "span" if child.tag in {"rt", "rp"} else "div")


def _is_group(division: Element) -> bool:
    """Return whether a `div` is a group within a `dl`: only terms and definitions."""
    return not (division.text or "").strip() and all(
        child.tag in {"dt", "dd"} and not (child.tail or "").strip() for child in division
    )


def _mend_list(node: Element) -> None:
    _wrap_runs(node, "li", lambda part: not (isinstance(part, Element) and part.tag == "li"))
    if node.tag == "ul":
        for item in node:
            item.attrib.pop("value", None)


def _mend_definitions(node: Element) -> None:
    """Make a `dl` a plain block unless it is a sequence of terms and definitions."""
    tags = []
    for child in node:
        tags += [part.tag for part in child] if child.tag == "div" else [child.tag]
    pattern = "".join({"dt": "t", "dd": "d"}.get(str(tag), "x") for tag in tags)
    loose = (node.text or "").strip() or any((child.tail or "").strip() for child in node)
    if loose or not re.fullmatch(r"(?:t+d+)+", pattern):
        _make_plain(node, "div")
        for child in node.iter():
            if child.tag in {"dt", "dd"}:
                _make_plain(child, "div")


def _mend_figure(node: Element) -> None:
    """Keep one caption in a figure, if it is first or last in it."""
    captions = [child for child in node if child.tag == "figcaption"]
    for extra in captions[1:]:
        _make_plain(extra, "div")
    if not captions:
        return
    caption, children = captions[0], list(node)
    is_first = caption is children[0] and not (node.text or "").strip()
    is_last = caption is children[-1] and not (caption.tail or "").strip()
    if not is_first and not is_last:
        _make_plain(caption, "div")


def _mend_details(node: Element) -> None:
    summaries = [child for child in node if child.tag == "summary"]
    for extra in summaries[1:]:
        _make_plain(extra, "div")
    opens = bool(summaries) and node[0] is summaries[0] and not (node.text or "").strip()
    if not opens:
        for summary in summaries[:1]:
            _make_plain(summary, "div")
        _make_plain(node, "div")


def _keep_phrasing(node: Element) -> None:
    """Make the blocks within a heading inline, separated by spaces."""
    for inner in list(node.iter()):
        if inner is not node and inner.tag in BLOCK_ELEMENTS:
            _make_plain(inner, "span")
            inner.tail = f" {inner.tail or ''}"


def _keep_from_headings(node: Element) -> None:
    """Make headings in a header cell or a term paragraphs (HTML, 4.4.9 and 4.9.10)."""
    for inner in list(node.iter()):
        if inner.tag in HEADINGS:
            _make_plain(inner, "p")
        elif inner.tag in {"section", "article", "aside", "header", "footer"}:
            _make_plain(inner, "div")


def _mend_bdo(node: Element) -> None:
    if node.get("dir") not in {"ltr", "rtl"}:
        _make_plain(node, "span")


def _mend_time(node: Element) -> None:
    if not W3C_DATE.fullmatch(node.get("datetime", "".join(node.itertext()))):
        _make_plain(node, "span")


_MENDERS: dict[str, Callable[[Element], None]] = {
    "ul": _mend_list,
    "ol": _mend_list,
    "dl": _mend_definitions,
    "figure": _mend_figure,
    "details": _mend_details,
    "summary": _keep_phrasing,
    "th": _keep_from_headings,
    "dt": _keep_from_headings,
    "bdo": _mend_bdo,
    "time": _mend_time,
    "table": mend_table,
    **dict.fromkeys(HEADINGS, _keep_phrasing),
}


def _check_attributes(node: Element) -> None:
    if node.get("role", "none") not in _ROLES:
        del node.attrib["role"]
    if node.tag in {"ins", "del"} and not W3C_DATE.fullmatch(node.get("datetime", "2000")):
        del node.attrib["datetime"]
    if node.tag == "table":
        _check_headers(node)


def _check_headers(table: Element) -> None:
    """Remove `headers` that are not ids of header cells of the table (HTML, 4.9.11)."""
    header_ids = {cell.get("id") for cell in table.iter("th")}
    for cell in table.iter():
        if not header_ids.issuperset(cell.get("headers", "").split()):
            del cell.attrib["headers"]


def _holds_block(node: Element) -> bool:
    return any(
        child.tag in BLOCK_ELEMENTS or (child.tag in _TRANSPARENT and _holds_block(child))
        for child in node
    )


def _make_plain(node: Element, tag: str) -> None:
    """Make *node* an element without meaning, and keep only attributes that all elements have."""
    node.tag = tag
    for name in set(node.attrib) - _GLOBAL:
        del node.attrib[name]


def _wrap_runs(node: Element, tag: str, wanted: Callable[[Element | str], bool]) -> None:
    """Wrap each run of *wanted* children of *node*, with white space, in a new element."""
    if not any(wanted(child) for child in node) and not (
        wanted("")
        and ((node.text or "").strip() or any((child.tail or "").strip() for child in node))
    ):
        return
    head, node.text = node.text or "", None
    parts = [head, *contents(node)]
    for child in list(node):
        node.remove(child)
    run: Element | None = None
    for part in parts:
        if isinstance(part, str) and not part.strip():
            append(node if run is None else run, part)
        elif wanted(part):
            if run is None:
                run = element(tag)
                node.append(run)
            append(run, part)
        else:
            run = None
            append(node, part)
