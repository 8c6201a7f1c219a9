"""Admonitions: makes one element of every notation of a note, tip or warning.

The notations are pandoc's divs (`::: warning`), GitHub's alerts (`> [!WARNING]`) and Quarto's
callouts (`::: {.callout-warning title="…"}`). The title is the author's, or the word for the kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace as with_changes
from xml.etree.ElementTree import Element

from chapbook.lang.nearest_names import did_you_mean
from chapbook.model import vocabulary
from chapbook.model.document import Document
from chapbook.model.dom import (
    HEADINGS,
    add_class,
    append,
    classes,
    contents,
    count_words,
    element,
    replace,
    unwrap,
    walk,
    wrap_loose_words,
)
from chapbook.model.errors import Code, Finding, warning
from chapbook.reading.source_positions import Places

KINDS = ("note", "tip", "warning", "caution", "important")
LONGEST_KEPT_WHOLE = 90  # words: an unbroken longer box would leave a third of a page empty

# GitHub's marker. A sign after it folds callouts in Obsidian; a book ignores it.
_MARKER = re.compile(r"\s*\[!(\w+)\][+-]?[ \t]*")


def set_admonitions(document: Document) -> Document:
    """Make every admonition an `aside` with a title, and report unknown kinds."""
    places = Places(document.manuscript)
    findings: list[Finding] = []
    for _, node in list(walk(document.body)):
        if node.tag == "blockquote":
            findings += _read_alert(node, places)
        if kind := _kind(node):
            _settle(node, kind, document.words.get(kind, kind.capitalize()))
    return with_changes(document, findings=(*document.findings, *findings))


def _kind(node: Element) -> str | None:
    """Return the kind of admonition *node*, by its own class, not that of its heading; or None."""
    if node.tag not in {"div", "section", "aside"}:
        return None
    of_heading = classes(node[0]) if len(node) and node[0].tag in HEADINGS else []
    names = [name.removeprefix("callout-") for name in classes(node) if name not in of_heading]
    return next((name for name in names if name in KINDS), None)


def _settle(node: Element, kind: str, word: str) -> None:
    """Turn *node* into the admonition *kind*; an empty one does not change."""
    own = _title(node)
    if own is None and not len(node) and not (node.text or "").strip():
        return
    wrap_loose_words(node)
    title = own if own is not None else element("p", word)
    title.set("class", vocabulary.ADMONITION_TITLE)
    node.insert(0, title)
    others = [name for name in classes(node) if not re.fullmatch(r"level\d|callout.*", name)]
    node.tag = "aside"
    node.set("class", vocabulary.ADMONITION)
    for name in (kind, *others):
        add_class(node, name)
    if count_words(node) > LONGEST_KEPT_WHOLE:
        add_class(node, vocabulary.LONG)
    node.set("role", "note")
    node.attrib.pop("title", None)


def _title(node: Element) -> Element | None:
    """Remove and return the author's title of *node*: its first heading, or its attribute."""
    first = node[0] if len(node) and not (node.text or "").strip() else None
    if first is not None and first.tag == "section" and len(first):
        unwrap(node, first)
        first = node[0]
    if first is not None and first.tag in HEADINGS:
        node.remove(first)
        node.text = first.tail
        first.tag, first.tail = "p", None
        return first
    return element("p", title) if (title := node.get("title", "").strip()) else None


# GitHub's alerts -------------------------------------------------------------------------------


def _read_alert(quote: Element, places: Places) -> Iterator[Finding]:
    """Make *quote* a div of its kind if it begins with GitHub's marker and has more text."""
    first = quote[0] if len(quote) and not (quote.text or "").strip() else None
    marker = _MARKER.match(first.text or "") if first is not None and first.tag == "p" else None
    if first is None or marker is None:
        return
    if marker[1].lower() not in KINDS:
        yield _unknown(marker[1], places)
        return
    if len(quote) == 1 and not len(first) and marker.end() == len((first.text or "").rstrip()):
        return
    title, rest = _split_title(first, marker.end())
    paragraphs = [part for part in (title, rest) if len(part) or (part.text or "").strip()]
    replace(quote, first, *paragraphs)
    quote.tag = "div"
    quote.attrib.pop("cite", None)
    quote.set("class", " ".join([marker[1].lower(), *classes(quote)]))


def _unknown(kind: str, places: Places) -> Finding:
    known = [name.upper() for name in KINDS]
    advice = did_you_mean(kind.upper(), known, f"write one of {', '.join(known)}")
    message = f"“[!{kind}]” is not a kind of admonition, so it stays a quote: {advice}"
    return warning(Code.ADMONITION_KIND, message, places.of(f"[!{kind}]"))


def _split_title(paragraph: Element, start: int) -> tuple[Element, Element]:
    """Return the rest of the marker's line as a heading, and the following lines."""
    title, rest = element("h6"), element("p", **paragraph.attrib)
    text = (paragraph.text or "")[start:]
    target = title
    for part in (text, *contents(paragraph)):
        if target is rest:
            append(rest, part)
        elif isinstance(part, str):
            line, end, more = part.partition("\n")
            append(title, line.rstrip() if end else line)
            target = rest if end else title
            append(target, more if end else "")
        elif part.tag == "br":
            target = rest
        else:
            append(title, part)
    return title, rest
