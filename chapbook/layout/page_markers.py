"""Puts the marker of each page into a document's tree.

A marker is an empty `span` of the class `page-break` with the page's id, and its folio in
`data-page`; the EPUB adds what EPUB requires. It changes no text and breaks no element:
- if a page begins within a word or a ruby text, the marker is before it;
- if it begins with a section, list, table, figure or listing, the marker is before that, so that
  a section's first child remains its heading, and no cell's or heading's name has a number in it;
- elsewhere it is in the paragraph, item, cell or line of code with which, or within which, the
  page begins. An empty item or cell also holds its marker, since HTML allows none between items,
  rows and cells;
- if a page begins with the rest of a long note, the marker is where the text continues.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.document import Page
from chapbook.model.dom import BLOCK_ELEMENTS, HEADINGS, element, is_page_break, is_wide_line
from chapbook.weasy.pages import own_text, without_space

_BEFORE = HEADINGS | frozenset("section figure pre hr math img details summary".split())
"""If a page begins with one of these, its marker is before it: within it, it would be read."""

_WHOLE = frozenset("ul ol dl table".split())
_PARTS = frozenset("li dt dd caption thead tbody tfoot tr th td".split())
"""HTML allows no marker between these parts, only before the whole or in a part."""

_ROOMLESS = frozenset("ul ol dl table colgroup col thead tbody tfoot tr br hr wbr img".split())
"""Elements without phrasing content in HTML; nor has a `div` in a `dl` any."""

_PHRASES_KEPT_WHOLE = frozenset("ruby math".split())
"""Their parts are read together, and some may hold only text."""

_NO_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\uff00-\uffef\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, Chinese, Japanese, Korean: words do not end only at spaces."""


def marker(page: Page) -> Element:
    """Return the empty element that marks the beginning of *page*."""
    return element("span", class_=vocabulary.PAGE_BREAK, id=page.id, data_page=page.label)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A position between two characters of *parent*'s own text.

    *slot* 0 is its `text`, *slot* n the tail of its nth child.
    """

    parent: Element
    slot: int
    offset: int

    @property
    def before(self) -> str:
        """The text in the slot before the spot."""
        return _slot_text(self.parent, self.slot)[: self.offset]


class MarkedTree:
    """A document's tree as it was laid out. Markers are inserted in reverse order."""

    def __init__(self, body: Element) -> None:
        self._body = body
        self._nodes = list(body.iter())
        self._parents = {child: parent for parent in body.iter() for child in parent}

    def insert(self, mark: Element, node: int, count: int) -> None:
        """Put *mark* where a page begins, or at the nearest place where it breaks no element."""
        spot = self._before_word(self._spot(self._nodes[node], count))
        spot = self._roomy(self._outermost(self._before_phrase(spot)))
        text = _slot_text(spot.parent, spot.slot)
        mark.tail = text[spot.offset :] or None
        _set_slot(spot.parent, spot.slot, text[: spot.offset])
        spot.parent.insert(spot.slot, mark)
        self._parents[mark] = spot.parent

    def _spot(self, node: Element, count: int) -> _Spot:
        """Return the spot after *count* characters of *node*'s own text, without white space."""
        if count == 0 and (node.tag in _BEFORE or not own_text(node)):
            return self._before(node)
        for parent, slot in _slots(node, is_deep=node.tag == "pre"):
            text = _slot_text(parent, slot)
            length = len(without_space(text))
            if count < length:
                return _Spot(parent, slot, _nth_character(text, count))
            count -= length
        return _end_of(node)

    def _before(self, node: Element) -> _Spot:
        if node is self._body:
            return _Spot(node, 0, 0)
        parent = self._parents[node]
        slot = list(parent).index(node)
        while slot and is_page_break(parent[slot - 1]) and not _slot_text(parent, slot):
            slot -= 1  # the page before has only a note; its marker comes first
        return _Spot(parent, slot, len(_slot_text(parent, slot)))

    def _before_word(self, spot: _Spot) -> _Spot:
        """Return *spot*, or the beginning of the word around it."""
        while True:
            start = _word_start(spot.before)
            if start or (spot.before and start == len(spot.before)):
                return _Spot(spot.parent, spot.slot, start)
            # The word may begin in the element before.
            if spot.slot == 0:
                if spot.parent.tag in BLOCK_ELEMENTS or is_wide_line(spot.parent):
                    return _Spot(spot.parent, 0, 0)
                spot = self._before(spot.parent)
                continue
            sibling = spot.parent[spot.slot - 1]
            inner = "".join(sibling.itertext())
            if not _joins_words(sibling) or (inner and _word_start(inner) == len(inner)):
                return _Spot(spot.parent, spot.slot, 0)
            spot = _end_of(sibling) if _word_start(inner) else self._before(sibling)

    def _outermost(self, spot: _Spot) -> _Spot:
        """Return *spot*, or the spot before the outermost element with which the page begins."""
        best = spot
        while spot.parent is not self._body and _is_start(spot) and self._may_leave(spot.parent):
            left = spot.parent
            spot = self._before(left)
            if left.tag not in _PARTS and spot.parent.tag not in _PARTS:
                best = spot
        return best

    def _before_phrase(self, spot: _Spot) -> _Spot:
        """Return *spot*, or the spot before the phrase that a marker would break."""
        node: Element | None = spot.parent
        while node is not None and node is not self._body:
            # Without `datetime`, the text of `time` is its value (HTML 4.5.14).
            if node.tag in _PHRASES_KEPT_WHOLE or (node.tag == "time" and not node.get("datetime")):
                spot = self._before(node)
            node = self._parents.get(node)
        return spot

    def _roomy(self, spot: _Spot) -> _Spot:
        """Return *spot*, or the nearest spot where HTML allows a marker.

        That is in the next part, at the end of the part before, or before the whole.
        """
        while not self._has_room(spot.parent):
            following = self._innermost(spot.parent[spot.slot :], 0)
            if following is not None:
                return _Spot(following, 0, 0)
            earlier = self._innermost(spot.parent[: spot.slot][::-1], -1)
            if earlier is not None:
                return _end_of(earlier)
            spot = self._before(spot.parent)
        return spot

    def _innermost(self, nodes: Sequence[Element], end: int) -> Element | None:
        """Return the outermost element with room at one *end* (0 or -1) of the first of *nodes*."""
        node = next(iter(nodes), None)
        while node is not None and not self._has_room(node):
            node = node[end] if len(node) else None
        return node

    def _has_room(self, node: Element) -> bool:
        """Return whether HTML allows phrases as children of *node*."""
        if node.tag == "div" and node in self._parents:
            return self._parents[node].tag != "dl"
        return node.tag not in _ROOMLESS

    def _may_leave(self, node: Element) -> bool:
        """Return whether a marker at the beginning of *node* may be moved before *node*."""
        if is_wide_line(node):
            return False  # between two lines of code a marker would be one more line
        if node.tag not in BLOCK_ELEMENTS or node.tag in _BEFORE | _WHOLE | _PARTS:
            return True
        parent = self._parents[node]
        return parent.tag in _PARTS and parent[0] is node  # the first paragraph of an item


def _slots(node: Element, *, is_deep: bool) -> Iterator[tuple[Element, int]]:
    """Yield the slots of *node*, in order; with *is_deep* those of its descendants too.

    Only the whole of a listing is numbered: print leaves out the spans that it sets plain.
    """
    yield node, 0
    for number, child in enumerate(node, 1):
        if is_deep:
            yield from _slots(child, is_deep=True)
        yield node, number


def _is_start(spot: _Spot) -> bool:
    """Return whether there is no text before *spot* in its parent."""
    earlier = list(spot.parent)[: spot.slot]
    texts = [_slot_text(spot.parent, slot) for slot in range(spot.slot)]
    return (
        all(node.tag == "colgroup" for node in earlier)
        and not "".join([*texts, spot.before]).strip()
    )


def _word_start(text: str) -> int:
    """Return where the last word of *text* begins; the length of *text* if it ends with a space."""
    start = len(text)
    while start and not text[start - 1].isspace() and not _NO_SPACES.match(text[start - 1]):
        start -= 1
    return start


def _nth_character(text: str, count: int) -> int:
    """Return the position in *text* after *count* characters, white space not counted."""
    seen = 0
    for position, character in enumerate(text):
        if not character.isspace():
            if seen == count:
                return position
            seen += 1
    return len(text)


def _slot_text(parent: Element, slot: int) -> str:
    return (parent[slot - 1].tail if slot else parent.text) or ""


def _set_slot(parent: Element, slot: int, text: str) -> None:
    if slot:
        parent[slot - 1].tail = text or None
    else:
        parent.text = text or None


def _joins_words(sibling: Element) -> bool:
    """Return whether a word may continue from *sibling* into the text after it."""
    return sibling.tag not in BLOCK_ELEMENTS and sibling.tag not in {"br", "wbr", "img", "math"}


def _end_of(node: Element) -> _Spot:
    return _Spot(node, len(node), len(_slot_text(node, len(node))))
