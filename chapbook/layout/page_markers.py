"""Where the marker of a page stands in a document's tree.

A marker is an empty `span` of the class `page-break` with the page's id, and its folio in
`data-page`; the EPUB adds what EPUB asks for. It changes no text, and it breaks nothing:
- within a word it stands before the word;
- at the beginning of a section, a list, a table, a figure or a listing it stands before it, so that
  a section's first child remains its heading, and no cell's or heading's name has a number in it;
- elsewhere it stands in the paragraph, the item, the cell or the line of code with which, or
  within which, the page begins; an empty item or cell too takes it in, for between items, rows and
  cells HTML allows no marker; and before a ruby text it stands as before a word;
- where a page begins with the rest of a long note, it stands where the text goes on.
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
"""At the beginning of these a marker stands before them: it would be read as part of them."""

_WHOLE = frozenset("ul ol dl table".split())
_PARTS = frozenset("li dt dd caption thead tbody tfoot tr th td".split())
"""Between parts there is no place for a marker: only before the whole, or in a part."""

_ROOMLESS = frozenset("ul ol dl table colgroup col thead tbody tfoot tr br hr wbr img".split())
"""What holds no phrases by HTML's content models; so does a `div` in a `dl`."""

_PHRASES_KEPT_WHOLE = frozenset("ruby math".split())
"""Their parts are read together, and some hold nothing but text."""

_NO_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\uff00-\uffef\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, Chinese, Japanese, Korean: there words do not end at spaces alone."""


def marker(page: Page) -> Element:
    """The empty element that stands where *page* begins."""
    return element("span", class_=vocabulary.PAGE_BREAK, id=page.id, data_page=page.label)


@dataclass(frozen=True, slots=True)
class _Spot:
    """Between two characters of *parent*'s own text.

    *slot* 0 is its `text`, n the tail of its nth child.
    """

    parent: Element
    slot: int
    offset: int

    @property
    def before(self) -> str:
        """The text in the slot before the spot."""
        return _slot_text(self.parent, self.slot)[: self.offset]


class MarkedTree:
    """A document's tree as it was laid out, into which markers are put from the end."""

    def __init__(self, body: Element) -> None:
        self._body = body
        self._nodes = list(body.iter())
        self._parents = {child: parent for parent in body.iter() for child in parent}

    def insert(self, mark: Element, node: int, count: int) -> None:
        """Put *mark* where a page begins, or at the nearest place where it breaks nothing."""
        spot = self._before_word(self._spot(self._nodes[node], count))
        spot = self._roomy(self._outermost(self._before_phrase(spot)))
        text = _slot_text(spot.parent, spot.slot)
        mark.tail = text[spot.offset :] or None
        _set_slot(spot.parent, spot.slot, text[: spot.offset])
        spot.parent.insert(spot.slot, mark)
        self._parents[mark] = spot.parent

    def _spot(self, node: Element, count: int) -> _Spot:
        """Before the character of *node*'s own text that stands after *count* others."""
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
            slot -= 1  # a page of nothing but a note: its marker stands before the next page's
        return _Spot(parent, slot, len(_slot_text(parent, slot)))

    def _before_word(self, spot: _Spot) -> _Spot:
        """*spot*, or the beginning of the word in which it stands."""
        while True:
            start = _word_start(spot.before)
            if start or (spot.before and start == len(spot.before)):
                return _Spot(spot.parent, spot.slot, start)
            # The word may begin in what stands before.
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
        """*spot*, or the one before all with which the page begins as a whole."""
        best = spot
        while spot.parent is not self._body and _is_start(spot) and self._may_leave(spot.parent):
            left = spot.parent
            spot = self._before(left)
            if left.tag not in _PARTS and spot.parent.tag not in _PARTS:
                best = spot
        return best

    def _before_phrase(self, spot: _Spot) -> _Spot:
        """*spot*, or the one before the phrase that it would break."""
        node: Element | None = spot.parent
        while node is not None and node is not self._body:
            # A date that no attribute says is said by its text alone (HTML 4.5.14).
            if node.tag in _PHRASES_KEPT_WHOLE or (node.tag == "time" and not node.get("datetime")):
                spot = self._before(node)
            node = self._parents.get(node)
        return spot

    def _roomy(self, spot: _Spot) -> _Spot:
        """*spot*, or the nearest one where HTML allows a marker.

        It is in the part that follows, at the end of the one before, or before the whole.
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
        """The outermost element with room at one *end* (0 or -1) of the first of *nodes*."""
        node = next(iter(nodes), None)
        while node is not None and not self._has_room(node):
            node = node[end] if len(node) else None
        return node

    def _has_room(self, node: Element) -> bool:
        """Whether HTML allows phrases as children of *node*."""
        if node.tag == "div" and node in self._parents:
            return self._parents[node].tag != "dl"
        return node.tag not in _ROOMLESS

    def _may_leave(self, node: Element) -> bool:
        """Whether a marker at *node*'s beginning may stand before it just as well."""
        if is_wide_line(node):
            return False  # between two lines of code a marker would be one more
        if node.tag not in BLOCK_ELEMENTS or node.tag in _BEFORE | _WHOLE | _PARTS:
            return True
        parent = self._parents[node]
        return parent.tag in _PARTS and parent[0] is node  # the first paragraph of an item


def _slots(node: Element, *, is_deep: bool) -> Iterator[tuple[Element, int]]:
    """The slots of *node*, in order; those of what is in it too where *is_deep*.

    Of a listing nothing but the whole is numbered: print leaves spans out that it sets plain.
    """
    yield node, 0
    for number, child in enumerate(node, 1):
        if is_deep:
            yield from _slots(child, is_deep=True)
        yield node, number


def _is_start(spot: _Spot) -> bool:
    """Whether nothing that is read stands before *spot* in its parent."""
    earlier = list(spot.parent)[: spot.slot]
    texts = [_slot_text(spot.parent, slot) for slot in range(spot.slot)]
    return (
        all(each.tag == "colgroup" for each in earlier)
        and not "".join([*texts, spot.before]).strip()
    )


def _word_start(text: str) -> int:
    """Where the word begins that *text* ends with: its length where none does."""
    start = len(text)
    while start and not text[start - 1].isspace() and not _NO_SPACES.match(text[start - 1]):
        start -= 1
    return start


def _nth_character(text: str, count: int) -> int:
    """The place in *text* of the character after *count* others, white space apart."""
    seen = 0
    for place, character in enumerate(text):
        if not character.isspace():
            if seen == count:
                return place
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
    """Whether a word may run on from *sibling* into the text after it."""
    return sibling.tag not in BLOCK_ELEMENTS and sibling.tag not in {"br", "wbr", "img", "math"}


def _end_of(node: Element) -> _Spot:
    return _Spot(node, len(node), len(_slot_text(node, len(node))))
