"""Puts a span around each run of text that matches a pattern."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from xml.etree.ElementTree import Element

from chapbook.model.dom import element

Find = Callable[[str], Iterable[re.Match[str]]]


def mark_runs(
    tree: Element, find: Find, class_: str, is_set_apart: Callable[[Element], bool]
) -> None:
    """Mark the matches of *find* in the texts of *tree*, except in elements that are set apart."""
    if is_set_apart(tree):
        return
    for child in list(tree):
        mark_runs(child, find, class_, is_set_apart)
        head, spans = _split(child.tail or "", find, class_)
        if spans:
            child.tail = head
            _insert(tree, list(tree).index(child) + 1, spans)
    head, spans = _split(tree.text or "", find, class_)
    if spans:
        tree.text = head
        _insert(tree, 0, spans)


def _insert(node: Element, index: int, spans: list[Element]) -> None:
    for offset, span in enumerate(spans):
        node.insert(index + offset, span)


def _split(text: str, find: Find, class_: str) -> tuple[str, list[Element]]:
    """Return the text before the first match, and a span for each with the text after it."""
    matches = list(find(text))
    if not matches:
        return text, []
    spans = []
    for match, following in zip(matches, [*matches[1:], None], strict=True):
        span = element("span", match[0], class_=class_)
        span.tail = text[match.end() : following.start() if following else len(text)]
        spans.append(span)
    return text[: matches[0].start()], spans
