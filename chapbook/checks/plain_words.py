"""The words that plain text should have: those of the manuscript, and what stands for the rest.

A number stands for the call of a note, which follows its chapter; labels stand before list items,
descriptions for images, TeX for formulas, bars between cells, and an address behind the words of
its link. `chapbook.writers.text` writes them so, and is not asked here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from chapbook.checks.outline import Outline, Passage
from chapbook.checks.outline_builder import collapsed
from chapbook.checks.reading import Reading
from chapbook.checks.text_positions import BLOCK, raw_text
from chapbook.checks.tree import Node
from chapbook.checks.words import normal
from chapbook.model.plain_text import raised_or_lowered

if TYPE_CHECKING:
    from chapbook.checks.expected import Expectation

_LABELS = {"open": "[ ]", "done": "[x]", "term": "", "definition": "", "entry": "", "•": "•"}
_INLINE = frozenset({"span", "link", "emphasis"})


def plain_outline(
    expectation: Expectation, folios: Sequence[str], places: Mapping[str, str]
) -> Outline:
    """Return the outline of the plain text: its title block, all of its words, and its code.

    *folios* are the numbers that page references name, *places* the pages of named places.
    """
    root = expectation.settled(folios=folios, places=places)
    taker = _Taker(root, expectation)
    taker.take_children(root)
    taker.end_chapter()
    metadata = expectation.metadata
    authors = ", ".join(person.name for person in metadata.authors)
    title = " ".join(filter(None, (metadata.title, metadata.subtitle, authors)))
    blocks = filter(None, map(collapsed, "".join(taker.parts).split(BLOCK)))
    text = Passage(blocks=tuple(blocks), code=tuple(taker.code))
    return Outline(title=title, subtitle="", language="", direction="", text=text)


def with_code(reading: Reading, code: Sequence[str]) -> Reading:
    """Return *reading* with those of the listings *code* that stand in it line by line."""
    at, found = 0, []
    for each in code:
        wanted = [line.rstrip() for line in each.rstrip("\n").split("\n")]
        here = next((n for n in range(at, len(reading.lines)) if _stand(wanted, reading, n)), None)
        if here is not None:
            at = here + len(wanted)
            found.append(each)
    text = replace(reading.outline.text, code=tuple(found))
    return replace(reading, outline=replace(reading.outline, text=text))


def _stand(wanted: Sequence[str], reading: Reading, start: int) -> bool:
    """Return whether the lines from number *start* on are those *wanted*, behind one indent."""
    lines = reading.lines[start : start + len(wanted)]
    if len(lines) < len(wanted) or not lines[0].endswith(wanted[0]):
        return False
    indent = " " * (len(lines[0]) - len(wanted[0]))
    return all(
        line == (f"{indent}{code}" if code else "") or (at == 0 and line.endswith(code))
        for at, (line, code) in enumerate(zip(lines, wanted, strict=True))
    )


class _Taker:
    """Takes the words of a tree; the notes wait until their chapter ends."""

    def __init__(self, root: Node, expectation: Expectation) -> None:
        self.parts: list[str] = []
        self.code: list[str] = []
        self._expectation = expectation
        notes = [node for node in root.walk() if node.kind == "note"]
        self._notes = {f"#{name}": note for note in notes for name in note.ids}
        self._waiting: list[tuple[str, Node]] = []

    def take_children(self, node: Node) -> None:
        """Take what is in *node*."""
        self._take_all(node.children)

    def _take_all(self, children: Sequence[Node | str]) -> None:
        for child in children:
            if isinstance(child, str):
                self.parts.append(child)
            else:
                self._take(child)

    def end_chapter(self) -> None:
        """Take the notes that were called since the last chapter ended, below their heading."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._put_block(self._expectation.words["notes"])
        for number, note in waiting:
            self.parts.append(f"{BLOCK}[{number}] ")
            self.take_children(note)
            self.parts.append(BLOCK)

    def _put_block(self, text: str) -> None:
        self.parts.append(f"{BLOCK}{text}{BLOCK}")

    def _take(self, node: Node) -> None:
        if take := _TAKEN.get(node.kind):
            take(self, node)
        elif node.kind in _INLINE:
            self.take_children(node)
        elif node.kind not in ("note", "back", "dropped"):
            self.parts.append(BLOCK)
            self.take_children(node)
            self.parts.append(BLOCK)

    def note_call(self, node: Node) -> None:
        number = node.get("number")
        self.parts.append(f"[{number}]")
        if note := self._notes.get(node.get("target")):
            self._waiting.append((number, note))

    def line_break(self, _: Node) -> None:
        self.parts.append(" ")

    def picture(self, node: Node) -> None:
        if node.get("kind") == "image":
            self.parts.append(f"[{collapsed(node.get('alt'))}]" if node.get("alt") else "")
        else:
            sign = "$$" if node.get("typed").startswith("$$") else "$"
            self.parts.append(f"{sign}{node.get('alt').strip()}{sign}")

    def heading(self, node: Node) -> None:
        is_book = self._expectation.metadata.documentclass == "book"
        if is_book and node.get("depth") == "1" and not node.get("inner"):
            self.end_chapter()
        self.parts.append(BLOCK)
        self.take_children(node)
        self.parts.append(BLOCK)

    def link(self, node: Node) -> None:
        start, end = len(self.parts), len(node.children)
        while end and isinstance(last := node.children[end - 1], Node) and last.kind == "call":
            end -= 1  # a note that is called at the end of a link is called behind it
        self._take_all(node.children[:end])
        target = node.get("target")
        bare = target.removeprefix("mailto:").removeprefix("tel:")
        if not target.startswith("#") and bare not in normal("".join(self.parts[start:])):
            self.parts.append(f" <{target}>")
        self._take_all(node.children[end:])

    def emphasis(self, node: Node) -> None:
        start = len(self.parts)
        self.take_children(node)
        links = any(inner.kind in ("link", "call") for inner in node.walk())
        if node.get("kind") in ("sup", "sub") and not links:
            text = " ".join("".join(self.parts[start:]).split())
            self.parts[start:] = [raised_or_lowered(text, node.get("kind"))]

    def item(self, node: Node) -> None:
        label = node.get("label", "•")
        self.parts.append(f"{BLOCK}{_LABELS.get(label, f'{label}.')} ")
        self.take_children(node)
        self.parts.append(BLOCK)

    def row(self, node: Node) -> None:
        cells = [child for child in node.children if isinstance(child, Node)]
        for number, cell in enumerate(cells):
            self.parts.append(" | " if number else BLOCK)
            self.take_children(cell)
        self.parts.append(BLOCK)

    def pre(self, node: Node) -> None:
        text = node.get("text") or raw_text(node)
        self.code.append(text)
        self._put_block(text)


_TAKEN: Mapping[str, Callable[[_Taker, Node], None]] = {
    "call": _Taker.note_call,
    "break": _Taker.line_break,
    "picture": _Taker.picture,
    "heading": _Taker.heading,
    "link": _Taker.link,
    "emphasis": _Taker.emphasis,
    "item": _Taker.item,
    "row": _Taker.row,
    "pre": _Taker.pre,
}
