"""Where an address or code may be broken in print, without a hyphen.

After a slash, or before another sign: so a reader who sees a sign at the beginning of a line knows
that the address goes on, and no hyphen at a line's end is taken for a part of it or for none
(Chicago Manual of Style, 7.46). Breaks are elements, not characters: copied text stays as it was.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.dom import append, classes, contents, element

_CODE = frozenset("code kbd samp".split())
_BREAK = re.compile(r"(?<=[/\\])(?![/\\])|(?<![-.?&=_#%/\\:\s])(?=[-.?&=_#%])")
_LONG = re.compile(r"\S{12,}")  # what is shorter stays on its line
_LEAST = 3  # characters on either side of a break
_BREAKS_ELSEWHERE = re.compile(r"[-?!|\u2026]")  # by Unicode's rules a line may end after these
_LONGEST_KEPT = 40  # characters: a longer piece may be wider than a line


def allow_breaks(tree: Element) -> None:
    """Let the addresses and the inline code of *tree* break where they may."""
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
    """*address* in the pieces between which a line may end.

    >>> pieces("https://example.org/two-parts.html")
    ['https://', 'example', '.org/', 'two', '-parts', '.html']
    """
    breaks = [match.start() for match in _BREAK.finditer(address)]
    inner = [each for each in breaks if _LEAST <= each <= len(address) - _LEAST]
    return [address[a:b] for a, b in zip([0, *inner], [*inner, len(address)], strict=True)]
