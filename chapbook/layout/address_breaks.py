"""Where a line may end within an address or code in print, without a hyphen.

It may end after a slash or before another punctuation mark. A mark at the beginning of a line tells
the reader that the address continues, and nobody mistakes a hyphen at the end of a line for a part
of the address (Chicago Manual of Style, 7.46). Breaks are elements, so copied text does not change.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.dom import append, classes, contents, element

_CODE = frozenset("code kbd samp".split())
_BREAK = re.compile(r"(?<=[/\\])(?![/\\])|(?<![-.?&=_#%/\\:\s])(?=[-.?&=_#%])")
_LONG = re.compile(r"\S{12,}")  # a shorter word is not broken
_LEAST = 3  # characters on each side of a break
_BREAKS_ELSEWHERE = re.compile(r"[-?!|\u2026]")  # UAX 14: a line may end after these
_LONGEST_KEPT = 40  # characters: a longer piece may be wider than a line


def allow_breaks(tree: Element) -> None:
    """Put a `wbr` wherever an address or inline code in *tree* may be broken."""
    listings = {inner for listing in tree.iter("pre") for inner in listing.iter()}
    for node in list(tree.iter()):
        is_code = node.tag in _CODE and node not in listings
        if is_code or vocabulary.ADDRESS in classes(node):
            _allow_within(node)


def _allow_within(node: Element) -> None:
    parts = [node.text or "", *contents(node)]
    node.text, node[:] = None, []
    for part in parts:
        if isinstance(part, str):
            _append_pieces(node, part)
        else:
            append(node, part)
            _allow_within(part)


def _append_pieces(node: Element, text: str) -> None:
    end = 0
    for token in _LONG.finditer(text):
        append(node, text[end : token.start()])
        end = token.end()
        for number, piece in enumerate(pieces(token[0])):
            if number:
                append(node, element("wbr"))
            is_kept = _BREAKS_ELSEWHERE.search(piece) and len(piece) <= _LONGEST_KEPT
            append(node, element("span", piece, class_=vocabulary.BOUND) if is_kept else piece)
    append(node, text[end:])


def pieces(address: str) -> list[str]:
    """Return *address* in pieces; a line may end between two of them.

    >>> pieces("https://example.org/two-parts.html")
    ['https://', 'example', '.org/', 'two', '-parts', '.html']
    """
    breaks = [match.start() for match in _BREAK.finditer(address)]
    inner = [position for position in breaks if _LEAST <= position <= len(address) - _LEAST]
    return [address[a:b] for a, b in zip([0, *inner], [*inner, len(address)], strict=True)]
