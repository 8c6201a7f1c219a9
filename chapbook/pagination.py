"""One pagination in every format: the printed pages' beginnings, as markers in the one tree.

A marker is an empty `span` of the class `page-break` with the page's id, and its folio in
`data-page`; the EPUB adds what EPUB asks for. It changes no text, and it breaks nothing:
- within a word it stands before the word;
- at the beginning of a section, a list, a table, a figure or a listing it stands before it, so that
  a section's first child remains its heading, and no cell's or heading's name has a number in it;
- elsewhere it stands in the paragraph, the item, the cell or the line of code with which, or
  within which, the page begins;
- where a page begins with the rest of a long note, it stands where the text goes on.

A page reference (`a.page-ref`) is empty until then: print counts by itself, and the other formats
are told what it came to.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from dataclasses import replace as with_changes
from xml.etree.ElementTree import Element

from chapbook.document import Break, Document, Page, Publication
from chapbook.dom import (
    BLOCK_ELEMENTS,
    HEADINGS,
    classes,
    element,
    is_page_break,
    is_page_ref,
    is_wide_line,
)
from chapbook.formulas import NUMBER
from chapbook.locators import drop_repeated
from chapbook.weasy.pages import Beginning, own_text, without_space

_BEFORE = HEADINGS | frozenset("section figure pre hr math img details summary".split())
"""At the beginning of these a marker stands before them: it would be read as part of them."""

_WHOLE = frozenset("ul ol dl table".split())
_PARTS = frozenset("li dt dd caption thead tbody tfoot tr th td".split())
"""Between parts there is no place for a marker: only before the whole, or in a part."""

_NO_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\uff00-\uffef\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, Chinese, Japanese, Korean: there words do not end at spaces alone."""


_END = Break(Page(""), node=0, count=sys.maxsize)


# From the laid-out tree to the document's ------------------------------------------------------


def breaks(laid_out: Element, beginnings: Sequence[Beginning]) -> tuple[Break, ...]:
    """Where the pages begin in the document's tree, of which layout made the tree *laid_out*."""
    parents = {child: parent for parent in laid_out.iter() for child in parent}
    found: list[Break] = []
    for beginning in reversed(beginnings):
        page = Page(beginning.label)
        if beginning.node is None:  # only the rest of a note: where the next page begins
            found.append(with_changes(found[-1] if found else _END, page=page))
            continue
        if not _is_furniture(beginning.node, parents):
            found.append(Break(page, *_in_document(beginning.node, beginning.count, parents)))
    return tuple(reversed(found))


def _is_furniture(node: Element, parents: Mapping[Element, Element]) -> bool:
    """Whether *node* is the templates': no words of a half title or of contents are elsewhere."""
    while "title-block" not in classes(node):
        if "data-furniture" in node.attrib:
            return True
        if node not in parents:
            return False
        node = parents[node]
    return False


def _in_document(
    node: Element, count: int, parents: Mapping[Element, Element]
) -> tuple[int | None, int]:
    """The number of the document's element in which *node* stands, and the characters before."""
    owner = node
    while NUMBER not in owner.attrib:
        if owner not in parents:
            return None, 0  # the title block is no part of the document's tree
        owner = parents[owner]
    before = 0
    for each, text in _own_texts(owner):
        length = len(without_space(text))
        if each is node and count < length:
            return int(owner.attrib[NUMBER]), before + count
        before += length
        count -= length if each is node else 0
    return int(owner.attrib[NUMBER]), before


def _own_texts(owner: Element) -> Iterator[tuple[Element, str]]:
    """What stands in *owner* itself, also where layout has put a span of its own around it."""
    yield owner, owner.text or ""
    for child in owner:
        if NUMBER not in child.attrib and child.tag != "footnote":
            yield from _own_texts(child)
        yield owner, child.tail or ""


# Into the document's tree ---------------------------------------------------------------------


def paginate(publication: Publication) -> Publication:
    """*publication* with a marker in its text for each page of its layout."""
    layout = publication.layout
    if layout is None:
        return publication
    document = publication.document
    body = deepcopy(document.body)
    tree = _Tree(body)
    # From the end, so that what stands before keeps its place. The first page begins with the
    # title, which templates set, its marker before it.
    for each in reversed(layout.breaks[1:]):
        tree.insert(marker(each.page), each.node or 0, each.count)
    pages = tuple(each.page for each in layout.breaks)
    notes = tuple(with_changes(note, body=deepcopy(note.body)) for note in document.notes)
    for part in (body, *(note.body for note in notes)):
        _say_pages(part, layout.folios)
    paginated: Document = with_changes(document, body=body, notes=notes, pages=pages)
    return with_changes(publication, document=paginated)


def _say_pages(tree: Element, folios: Mapping[str, str]) -> None:
    """Write into *tree*'s page references what print says there: the folios of their targets."""
    for node in tree.iter("a"):
        if is_page_ref(node):
            node.text = folios.get(node.get("href", "")[1:], "")
    drop_repeated(tree, folios)


def marker(page: Page) -> Element:
    """The empty element that stands where *page* begins."""
    return element("span", class_="page-break", id=page.id, data_page=page.label)


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


class _Tree:
    """A document's tree as it was laid out, into which markers are put from the end."""

    def __init__(self, body: Element) -> None:
        self._body = body
        self._nodes = list(body.iter())
        self._parents = {child: parent for parent in body.iter() for child in parent}

    def insert(self, mark: Element, node: int, count: int) -> None:
        """Put *mark* where a page begins, or at the nearest place where it breaks nothing."""
        spot = self._outermost(self._before_word(self._spot(self._nodes[node], count)))
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
