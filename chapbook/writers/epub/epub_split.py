"""Divides a long text into several documents, since old e-readers load whole documents slowly.

It is divided between sections if that is enough, otherwise between blocks, and last within lists,
quotations, tables (between rows) and listings (between lines). No word is repeated or lost. An
element that continues in the next document has the class `continued` there, and no id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from html import escape
from xml.etree.ElementTree import Element, SubElement

from chapbook.model import vocabulary
from chapbook.model.document import Note
from chapbook.model.dom import add_class, append
from chapbook.writers.epub.split_points import can_be_divided, is_line, lines, number_of, units

CONTINUED = vocabulary.CONTINUED
_CALL_BYTES = 60  # what the writer adds to a note's call and its number
_ADDRESS_BYTES = 32  # what it adds to a link that leads to another document


@dataclass(frozen=True, slots=True)
class Divided:
    """The trees of the documents, elements over the limit, and divided tables and listings."""

    trees: tuple[Element, ...]
    oversized: tuple[Element, ...]
    cut_blocks: tuple[Element, ...]


def divide(tree: Element, notes: Mapping[str, Note], limit: int) -> Divided:
    """Divide *tree* into trees of at most *limit* bytes of XHTML, including the notes called.

    *notes* are by the ids of their calls. A tree that fits is returned unchanged.
    """
    weights = _Weights(notes)
    if weights.of(tree) <= limit:
        return Divided((tree,), (), ())
    pourer = _Pourer(weights, limit)
    pourer.pour(tree)
    return Divided(tuple(pourer.trees), tuple(pourer.oversized), tuple(pourer.cut_blocks))


# Weighing -----------------------------------------------------------------------------------------


class _Weights:
    """Upper limits for the bytes of XHTML of elements, including the notes that they call."""

    def __init__(self, notes: Mapping[str, Note]) -> None:
        self._notes = notes
        self._weights: dict[Element, int] = {}

    def of(self, node: Element) -> int:
        if node not in self._weights:
            own = _bytes_of_tags(node) + _bytes_of(node.text) + _bytes_of(node.tail)
            if note := self._notes.get(node.get("id", "")):
                own += self.of(note.body) + 4 * _CALL_BYTES
            self._weights[node] = own + sum(map(self.of, node))
        return self._weights[node]


def _bytes_of_tags(node: Element) -> int:
    attributes = sum(len(name) + len(escape(value).encode()) + 4 for name, value in node.items())
    extra = _CALL_BYTES + _ADDRESS_BYTES if node.tag in ("a", "span") else 0
    if "lang" in node.attrib:
        extra += len(node.attrib["lang"]) + 12  # `xml:lang` as well
    return 2 * len(node.tag) + 5 + attributes + extra


def _bytes_of(text: str | None) -> int:
    return len(escape(text).encode()) if text else 0


# Pouring ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Open:
    """An element that is being copied, and the copy that takes its next child."""

    source: Element
    copy: Element
    finished_items: int = 0


@dataclass(slots=True)
class _Pourer:
    """Copies a tree into several trees, and begins the next one when one is full."""

    weights: _Weights
    limit: int
    trees: list[Element] = field(default_factory=list)
    oversized: list[Element] = field(default_factory=list)
    cut_blocks: list[Element] = field(default_factory=list)
    path: list[_Open] = field(default_factory=list)
    used: int = 0

    def pour(self, source: Element) -> None:
        """Copy *source*, which is too large for one tree, into several."""
        copy = Element(source.tag, dict(source.attrib))
        if self.path:
            self.path[-1].copy.append(copy)
        else:
            self.trees.append(copy)
        self.path.append(_Open(source, copy))
        self.used += _bytes_of_tags(source)
        if source.tag == "pre":
            self._pour_lines(source)
        else:
            self._pour_units(source)
        self.path.pop().copy.tail = source.tail

    def _pour_units(self, source: Element) -> None:
        self.path[-1].copy.text = source.text
        self.used += _bytes_of(source.text)
        if _bytes_of(source.text) > self._room:
            self.oversized.append(source)
        for unit in units(source):
            weight = sum(map(self.weights.of, unit))
            if self.used + weight <= self.limit:
                self._put(unit, weight)
            elif weight <= self._room:
                self._turn()
                self._put(unit, weight)
            elif not any(map(is_line, unit)):
                self._pour_large(unit)
            else:
                self._put_oversized(unit, weight)
            self.path[-1].finished_items += sum(node.tag == "li" for node in unit)

    def _pour_large(self, unit: Sequence[Element]) -> None:
        """Copy blocks that should stay together but are too large for one tree."""
        weights = [self.weights.of(node) for node in unit]
        fitting_weight = sum(weight for weight in weights if weight <= self._room)
        is_section = unit[-1].tag == "section" and self.used > self.limit // 4
        if is_section or self.used + fitting_weight > self.limit * 0.95:
            self._turn()
        for node, weight in zip(unit, weights, strict=True):
            if weight <= self._room:
                if self.used + weight > self.limit:
                    self._turn()
                self._put([node], weight)
            elif can_be_divided(node):
                before = len(self.trees)
                self.pour(node)
                if node.tag in ("table", "pre") and len(self.trees) > before:
                    self.cut_blocks.append(node)
            else:
                self._put_oversized([node], weight)

    def _put_oversized(self, unit: Sequence[Element], weight: int) -> None:
        """Put a unit that cannot be divided into a tree of its own, and remember it."""
        self.oversized.append(unit[0])
        if self.used > self._frame:
            self._turn()
        self._put(unit, weight)

    def _pour_lines(self, listing: Element) -> None:
        """Copy a listing line by line. A tree never begins with an empty line: HTML drops it."""
        code = listing[0] if len(listing) == 1 and listing[0].tag == "code" else listing
        if code is not listing:
            self.path.append(_Open(code, SubElement(self.path[-1].copy, "code", code.attrib)))
            self.used += _bytes_of_tags(code)
        waiting: list[str] = []
        is_at_line = False
        for piece in lines(code):
            weight = self.weights.of(piece) if isinstance(piece, Element) else _bytes_of(piece)
            if self.used + weight > self.limit and is_at_line and piece != "\n":
                append(self.path[-1].copy, "".join(waiting))
                waiting.clear()
                self._turn()
            self.used += weight
            if isinstance(piece, str):
                waiting.append(piece)
            else:
                append(self.path[-1].copy, "".join(waiting))
                waiting.clear()
                self.path[-1].copy.append(piece)
            words = piece if isinstance(piece, str) else "".join(piece.itertext())
            is_at_line = words.endswith("\n")
        append(self.path[-1].copy, "".join(waiting))
        if code is not listing:
            self.path.pop()

    def _put(self, unit: Sequence[Element], weight: int) -> None:
        self.path[-1].copy.extend(unit)
        self.used += weight

    @property
    def _frame(self) -> int:
        """The bytes that the open elements take."""
        return sum(_bytes_of_tags(opened.source) + len(CONTINUED) + 20 for opened in self.path)

    @property
    def _room(self) -> int:
        return self.limit - self._frame

    def _turn(self) -> None:
        """Begin the next tree with copies of the open elements; empty ones move to it."""
        begun = [True] * len(self.path)
        for index in range(len(self.path) - 1, 0, -1):
            copy = self.path[index].copy
            if not len(copy) and not (copy.text or "").strip():
                self.path[index - 1].copy.remove(copy)
                begun[index] = False
        for index, opened in enumerate(self.path):
            if begun[index]:
                opened.copy = _continued(opened)
            if index:
                self.path[index - 1].copy.append(opened.copy)
            else:
                self.trees.append(opened.copy)
        self.used = self._frame


def _continued(opened: _Open) -> Element:
    """Return an element that continues *opened*."""
    source = opened.source
    copy = Element(source.tag, {name: value for name, value in source.items() if name != "id"})
    add_class(copy, CONTINUED)
    if source.tag == "ol":
        copy.set("start", str(number_of(source, opened.finished_items)))
        copy.attrib.pop("reversed", None)
        if "reversed" in source.attrib:
            copy.set("reversed", "reversed")
    for columns in source.findall("colgroup"):
        copy.append(deepcopy(columns))
        copy[-1].attrib.pop("id", None)
    return copy
