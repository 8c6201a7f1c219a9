"""Marks epigraphs, dedications, appendices and the like, attributions of quotes, and dinkuses."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.document import Document
from chapbook.model.dom import add_class, classes, text_of, wrap_loose_words

_ROLES = frozenset(
    "acknowledgments afterword appendix conclusion dedication epigraph epilogue foreword glossary "
    "introduction preface prologue".split()
)
"""The classes of sections and divs for which DPUB-ARIA has a role with the same name."""

_FENCED = frozenset({"dedication", "epigraph"})
_QUOTING = frozenset({"epigraph", "verse"})
_NAMED = re.compile(r"\s*[—–―]\s*\w")
_ASTERISM = "⁂"  # our `hr` looks the same, and few faces have the character
_DINKUS = re.compile(r"(?:[*∗✻•·~]\s*){1,7}|[❦❧☙#§]|[—–]\s*[*•]\s*[—–]")


def name_parts(document: Document) -> Document:
    """Set roles of sections and divs, and mark attributions and dinkuses; no word changes."""
    for tree in (document.body, *(note.body for note in document.notes)):
        for node in list(tree.iter()):
            names = set(classes(node))
            if node.tag in {"div", "section"} and (parts := sorted(names & _ROLES)):
                node.attrib.setdefault("role", f"doc-{parts[0]}")
                if names & _FENCED and node.tag == "div":
                    wrap_loose_words(node)
            if node.tag == "blockquote" or (node.tag == "div" and names & _QUOTING):
                _attribute(node)
            elif node.tag == "p" and not len(node):
                _set_dinkus(node)
    return document


def _set_dinkus(paragraph: Element) -> None:
    """Make *paragraph* a separator if it has only an ornament."""
    words = (paragraph.text or "").strip()
    if words == _ASTERISM:
        paragraph.tag, paragraph.text = "hr", None
    elif _DINKUS.fullmatch(words):
        add_class(paragraph, vocabulary.DINKUS)
        paragraph.set("role", "separator")


def _attribute(quote: Element) -> None:
    """Mark the last paragraph of *quote* as an attribution if it begins with a dash."""
    last = quote[-1] if len(quote) > 1 else None
    if last is not None and last.tag == "p" and _NAMED.match(text_of(last)):
        add_class(last, vocabulary.ATTRIBUTION)
