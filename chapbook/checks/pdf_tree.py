"""A tagged PDF's structure tree as the common tree (ISO 32000-1, 14.7 and 14.8).

WeasyPrint writes the tree page by page, so an element on two pages is in it twice: a paragraph is
two paragraphs, the second part of a list item has no label, the head of a table is repeated.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeGuard

from chapbook.checks.drawn_formulas import symbols_drawn
from chapbook.checks.tree import Node
from chapbook.pdf.bidi import turned_signs
from chapbook.pdf.fonts import Fonts
from chapbook.pdf.text_content import Marked, Piece, read_page

_KINDS = {
    "BlockQuote": "quote",
    "Caption": "caption",
    "L": "list",
    "Link": "link",
    "Note": "note",
    "TD": "cell",
    "TH": "cell",
    "TR": "row",
    "Table": "table",
} | dict.fromkeys(("P", "Div", "Sect", "Part", "Art", "LBody"), "block")
_ORNAMENT = frozenset("*⁂ \u2002\u2003")  # printed for a thematic break
_SAME_LINE = 0.6  # of the type size: a superscript is nearer, the next line farther
_TOUCHING_PT = 0.5


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in the tree: its node, its page, and the note and the link around it."""

    node: Node
    page: int
    piece: Piece
    note: Node | None
    link: Node | None


@dataclass(frozen=True, slots=True)
class Opening:
    """A picture at the beginning of a block, its upper left corner, and the run after it."""

    page: int
    x: float
    y: float
    next_run: int


@dataclass(slots=True)
class Structure:
    """The content of the structure tree: the title block, the text, and the notes, page by page.

    `furniture` are lines on a page that are not text, such as the repeated head of a table.
    """

    title: Node = field(default_factory=lambda: Node("root"))
    text: Node = field(default_factory=lambda: Node("root"))
    notes: list[Node] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    tags: dict[str, int] = field(default_factory=dict)
    pages: set[int] = field(default_factory=set)  # those with the title, text or notes on them
    furniture: list[tuple[int, Piece]] = field(default_factory=list)


def read_structure(pdf: Any) -> Structure:
    """Return the structure of *pdf*, an open pikepdf.Pdf with a structure tree."""
    return _Walker(pdf).walk()


class _Walker:
    def __init__(self, pdf: Any) -> None:
        self._root = pdf.Root.StructTreeRoot
        fonts = Fonts()
        self._pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
        reading = str(pdf.Root.get("/ViewerPreferences", {}).get("/Direction", ""))
        self._base = "R" if reading == "/R2L" else ""
        self._shown = [read_page(page, fonts, self._base) for page in pdf.pages]
        self._structure = Structure()
        self._touched: set[int] = set()
        self._note: Node | None = None
        self._link: Node | None = None
        self._last: dict[int, tuple[int, Piece]] = {}  # by note, since each has its own lines
        self._space_before = False
        self._table_head: dict[int, str] = {}
        self._last_was_in_table: dict[int, bool] = {}

    def walk(self) -> Structure:
        structure = self._structure
        document = _kids(self._root)[0]
        for part in _kids(document):
            is_text = _type(part) == "Part" or self._is_of_notes(part)
            if is_text or (structure.text.children and _type(part) != "Art"):
                self._element(part, structure.text, 0)
                continue
            # Before the text there is the title block; a colophon after it is furniture.
            before, self._touched = self._touched, set()
            self._element(part, structure.title, 0)
            self._last.clear()
            is_title = any(_type(kid) == "H1" for kid in _kids(part))
            self._touched = before | ({min(self._touched)} if is_title else set())
        structure.pages = self._touched
        return structure

    def _is_of_notes(self, element: Any) -> bool:
        return any(_type(kid) == "Note" for kid in _kids(element))

    # Elements ---------------------------------------------------------------------------------

    def _element(self, element: Any, parent: Node, page: int) -> None:
        tag = _type(element)
        self._structure.tags[tag] = self._structure.tags.get(tag, 0) + 1
        page = self._pages.get(element.Pg.objgen, page) if "/Pg" in element else page
        if tag == "Figure":
            parent.add(self._figure(element, page))
            if _type(element.get("/P")) == "NonStruct":
                left, _, _, top = map(float, element.A.BBox)
                self._structure.openings.append(Opening(page, left, top, len(self._structure.runs)))
        elif tag == "Lbl":
            label = "".join(piece.text for piece in self._pieces(element, page))
            parent.attributes["label"] = _label(label)
        elif tag == "Note":
            self._read_note(element, page)
        elif self._is_furniture(tag, element, page):
            self._structure.furniture += [(page, piece) for piece in self._pieces(element, page)]
        else:
            self._fill(element, self._node(tag, element, parent), page)

    def _node(self, tag: str, element: Any, parent: Node) -> Node:
        node = Node(_KINDS.get(tag, "span"))
        if node.kind == "list" and parent.kind == "list":
            # WeasyPrint puts a nested list beside its item.
            parent = next((child for child in reversed(parent.children) if _is_item(child)), parent)
        if tag[:1] == "H" and tag[1:].isdecimal():
            level = int(tag[1:])
            node = Node("heading", attributes={"level": str(level), "depth": str(level - 1)})
        elif tag == "TH":
            node.attributes["head"] = "head"
        elif tag == "LI":
            # An item without a label is a term, a definition, or the rest of an item.
            has_label = any(_type(kid) == "Lbl" for kid in _kids(element))
            node.kind = "item" if has_label else "block"
        elif any(_type(kid) == "Caption" for kid in _kids(element)) and tag != "Table":
            node.kind = "figure"
        parent.add(node)
        return node

    def _fill(self, element: Any, node: Node, page: int) -> None:
        around, self._link = self._link, node if node.kind == "link" else self._link
        for kid in _kids(element):
            if isinstance(kid, int):
                self._show(kid, node, page)
            elif kid.get("/Type") == "/OBJR":
                node.attributes["target"] = _target(kid.Obj)
                node.attributes["area"] = "" if _has_area(kid.Obj) else "none"
            elif kid.get("/Type") == "/MCR":
                self._show(int(kid.MCID), node, self._pages.get(kid.Pg.objgen, page))
            else:
                self._element(kid, node, page)
        self._link = around
        if node.kind == "table":
            self._last_was_in_table[id(self._note)] = True

    def _figure(self, element: Any, page: int) -> Node:
        self._touched.add(page)
        attributes = {"kind": "picture", "alt": str(element.get("/Alt", ""))}
        shown = [self._shown[page].get(mark, Marked()) for mark in _marks(element)]
        for size in (marked.images[0] for marked in shown if marked.images):
            attributes |= {"kind": "image", "width": str(size[0]), "height": str(size[1])}
        attributes["symbols"] = "".join(symbols_drawn(marked.outlines) for marked in shown)
        self._space_before = False
        return Node("picture", attributes=attributes)

    def _read_note(self, element: Any, page: int) -> None:
        """Read a note as a tree of its own; skip WeasyPrint's empty ones for unprinted markers."""
        if not any(True for _ in self._pieces(element, page)):
            return
        note = Node("note", attributes={"page": str(page)})
        around, last = self._note, self._space_before
        self._note = note
        self._structure.notes.append(note)
        self._fill(element, note, page)
        self._note, self._space_before = around, last

    # Words ------------------------------------------------------------------------------------

    def _show(self, mark: int, parent: Node, page: int) -> None:
        shown = self._shown[page].get(mark, Marked())
        if not shown.pieces:
            self._space_before = True  # WeasyPrint marks a single space, and does not draw it
        for piece in shown.pieces:
            self._add(piece, parent, page)

    def _add(self, piece: Piece, parent: Node, page: int) -> None:
        self._touched.add(page)
        stream = id(self._note)
        last_page, last = self._last.get(stream, (page, None))
        if self._base and last is not None and abs(piece.x1 - last.x0) < _TOUCHING_PT:
            piece = replace(piece, text=turned_signs(piece.text))  # signs go as their line does
        if last_page != page:
            parent.add(Node("page"))
            parent.add("\n")
        elif last is not None and abs(piece.y - last.y) > _SAME_LINE * min(piece.size, last.size):
            parent.add("\n")
        elif last is not None and self._space_before:
            parent.add(" ")
        self._space_before = False
        self._last_was_in_table[stream] = False
        self._last[stream] = (page, piece)
        run = Node("span", [piece.text])
        parent.add(run)
        self._structure.runs.append(Run(run, page, piece, self._note, self._link))

    def _pieces(self, element: Any, page: int) -> Iterator[Piece]:
        for mark in _marks(element):
            yield from self._shown[page].get(mark, Marked()).pieces

    def _words(self, element: Any, page: int) -> str:
        return " ".join(piece.text for piece in self._pieces(element, page))

    def _is_furniture(self, tag: str, element: Any, page: int) -> bool:
        """Return whether an element is not text: an ornament, or a repeated head."""
        if tag == "NonStruct":
            return self._is_ornament(element, page)
        if tag == "TOC":  # the headings again, with their pages
            return True
        return tag == "THead" and self._returns(element, page)

    def _is_ornament(self, element: Any, page: int) -> bool:
        words = self._words(element, page)
        return bool(words.strip()) and _ORNAMENT.issuperset(words)

    def _returns(self, head: Any, page: int) -> bool:
        """Return whether a table's head is only repeated on a page that continues the table."""
        words, stream = self._words(head, page), id(self._note)
        last_page, _ = self._last.get(stream, (page, None))
        continues = last_page != page and self._last_was_in_table.get(stream, False)
        returns = continues and words == self._table_head.get(stream)
        self._table_head[stream] = words
        return returns


def _is_item(child: Node | str) -> TypeGuard[Node]:
    return isinstance(child, Node) and child.kind == "item"


def _kids(element: Any) -> list[Any]:
    import pikepdf

    kids = element.get("/K", ())
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _type(element: Any) -> str:
    return (
        ""
        if element is None or isinstance(element, int)
        else str(element.get("/S", "")).removeprefix("/")
    )


def _marks(element: Any) -> Iterator[int]:
    """Yield the marks under *element*, in order."""
    for kid in _kids(element):
        if isinstance(kid, int):
            yield kid
        elif "/S" in kid:
            yield from _marks(kid)


def _label(text: str) -> str:
    text = text.strip()
    if text[:1] in "☐☑☒":
        return "open" if text.startswith("☐") else "done"
    text = text.strip(" .)") if text[-1:].isalnum() else text  # a line from right to left
    return text.rstrip(".)") if text[:1].isalnum() or text[:1] == "-" else "•"


# Links -----------------------------------------------------------------------------------------


def _target(annotation: Any) -> str:
    """Return the target of a link: an address, or "#" and a destination."""
    action = annotation.get("/A")
    if action is not None and "/URI" in action:
        return bytes(action.URI).decode("utf-8", "replace")
    destination = annotation.get("/Dest", action.get("/D") if action is not None else None)
    return f"#{destination}" if destination is not None else ""


def _has_area(annotation: Any) -> bool:
    left, bottom, right, top = map(float, annotation.Rect)
    return abs(right - left) > 0 and abs(top - bottom) > 0
