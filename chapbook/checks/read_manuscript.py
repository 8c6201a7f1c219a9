"""Reads pandoc's own tree of a manuscript, which has the expected content of the files.

It shares nothing with the build: no HTML of pandoc, no sanitizer, no transform.
The names are those of pandoc-types 1.23, in which a node is `{"t": kind, "c": contents}`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chapbook.checks.house_admonitions import as_division
from chapbook.checks.markup import label_items
from chapbook.checks.read_inlines import Blocks, InlineReader, ids_of, language_of
from chapbook.checks.tree import Node

_STYLES = {"LowerAlpha": "a", "UpperAlpha": "A", "LowerRoman": "i", "UpperRoman": "I"}
_TASKS = {"☐": "open", "☒": "done"}


def tree_of_manuscript(blocks: Blocks) -> Node:
    """Return the common tree of pandoc's *blocks*, with the notes at the root's end."""
    reader = _Reader()
    reader.blocks(blocks)
    return reader.finished()


class _Reader(InlineReader):
    def finished(self) -> Node:
        root = self.builder.root
        for note in self.notes:
            root.add(note)
        return root

    # Blocks -----------------------------------------------------------------------------------

    def blocks(self, blocks: Blocks) -> None:
        for block in blocks:
            read = _BLOCKS.get(block["t"])
            if read is None:
                raise NotImplementedError(f"pandoc's block {block['t']}")
            read(self, block.get("c"))

    def paragraph(self, inlines: Blocks) -> None:
        with self.builder.inside(Node("block", attributes={"paragraph": "paragraph"})):
            self.inlines(inlines)

    def plain(self, inlines: Blocks) -> None:
        """Add words without a paragraph, as in a tight list."""
        self.inlines(inlines)
        self.builder.add(" ")

    def lines(self, lines: Sequence[Blocks]) -> None:
        with self.builder.inside(Node("block")):
            for line in lines:
                with self.builder.inside(Node("block")):
                    self.inlines(line)

    def code_block(self, contents: Any) -> None:
        attributes, text = contents
        values = {**dict(attributes[2]), "text": text, "classes": " ".join(attributes[1])}
        self.builder.add(Node("pre", ids=ids_of(attributes), attributes=values))

    def quote(self, blocks: Blocks) -> None:
        if (alert := as_division(blocks)) is not None:
            self.division(alert)
            return
        with self.builder.inside(Node("quote")):
            self.blocks(blocks)

    def bullets(self, items: Sequence[Blocks]) -> None:
        with self.builder.inside(Node("list")):
            self.items(items)

    def ordered(self, contents: Any) -> None:
        (start, style, _), items = contents
        with self.builder.inside(Node("list")) as ordered_list:
            self.items(items)
        label_items(ordered_list, start=start, style=_STYLES.get(style["t"], "1"))

    def items(self, items: Sequence[Blocks]) -> None:
        for item in items:
            state, blocks = _task(item)
            attributes = {"label": state} if state else {}
            with self.builder.inside(Node("item", attributes=attributes)):
                self.blocks(blocks)

    def definitions(self, entries: Any) -> None:
        with self.builder.inside(Node("list")):
            for term, definitions in entries:
                with self.builder.inside(Node("item", attributes={"label": "term"})):
                    self.inlines(term)
                for blocks in definitions:
                    with self.builder.inside(Node("item", attributes={"label": "definition"})):
                        self.blocks(blocks)

    def header(self, contents: Any) -> None:
        level, attributes, inlines = contents
        values = {"level": str(level), "classes": " ".join(attributes[1])} | language_of(attributes)
        node = Node("heading", ids=ids_of(attributes), attributes=values)
        with self.builder.inside(node):
            self.inlines(inlines)

    def rule(self, _: Any) -> None:
        self.builder.add(Node("block"))

    def figure(self, contents: Any) -> None:
        attributes, (_, caption), blocks = contents
        values = {"classes": " ".join(attributes[1])}
        with self.builder.inside(Node("figure", ids=ids_of(attributes), attributes=values)):
            self.blocks(blocks)
            if caption:
                with self.builder.inside(Node("caption")):
                    self.blocks(caption)

    def division(self, contents: Any) -> None:
        attributes, blocks = contents
        title = dict(attributes[2]).get("title", "")
        values = {"classes": " ".join(attributes[1]), "title": title, "container": "container"}
        values |= language_of(attributes)
        with self.builder.inside(Node("block", ids=ids_of(attributes), attributes=values)):
            self.blocks(blocks)

    def table(self, contents: Any) -> None:
        attributes, (_, caption), _, (_, head), bodies, (_, foot) = contents
        values = {"classes": " ".join(attributes[1])}
        with self.builder.inside(Node("table", ids=ids_of(attributes), attributes=values)):
            if caption:
                with self.builder.inside(Node("caption")):
                    self.blocks(caption)
            self.part("head", head, heads=None)
            for _, row_heads, head_rows, rows in bodies:
                self.part("body", head_rows, heads=None)
                self.part("body", rows, heads=row_heads)
            self.part("foot", foot, heads=0)

    def part(self, name: str, rows: Sequence[Any], *, heads: int | None) -> None:
        """Add a head, body or foot; in each row the first *heads* cells, or all, are headers."""
        if not rows:
            return
        with self.builder.inside(Node("block", attributes={"part": name})):
            for _, cells in rows:
                with self.builder.inside(Node("row")):
                    for index, cell in enumerate(cells):
                        self.cell(cell, is_head=heads is None or index < heads)

    def cell(self, contents: Any, *, is_head: bool) -> None:
        _, _, height, width, blocks = contents
        spans = {"rowspan": height, "colspan": width}
        node = Node("cell", attributes={name: str(n) for name, n in spans.items() if n > 1})
        if is_head:
            node.attributes["head"] = "head"
        with self.builder.inside(node):
            self.blocks(blocks)


_BLOCKS: Mapping[str, Callable[[_Reader, Any], None]] = {
    "Para": _Reader.paragraph,
    "Plain": _Reader.plain,
    "LineBlock": _Reader.lines,
    "CodeBlock": _Reader.code_block,
    "RawBlock": _Reader.raw,
    "BlockQuote": _Reader.quote,
    "OrderedList": _Reader.ordered,
    "BulletList": _Reader.bullets,
    "DefinitionList": _Reader.definitions,
    "Header": _Reader.header,
    "HorizontalRule": _Reader.rule,
    "Table": _Reader.table,
    "Figure": _Reader.figure,
    "Div": _Reader.division,
}


def _nodes(node: Node) -> list[Node]:
    return [child for child in node.children if isinstance(child, Node) and child.kind == "item"]


def _task(blocks: Blocks) -> tuple[str | None, Blocks]:
    """Return a task's state, and its blocks without the box."""
    first = blocks[0] if blocks else None
    if first is None or first["t"] not in ("Plain", "Para") or len(first["c"]) < 2:
        return None, blocks
    box, space = first["c"][0], first["c"][1]
    if box["t"] != "Str" or space["t"] != "Space" or box["c"] not in _TASKS:
        return None, blocks
    rest = {"t": first["t"], "c": first["c"][2:]}
    return _TASKS[box["c"]], [rest, *blocks[1:]]
