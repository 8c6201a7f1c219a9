"""Reads the inlines of pandoc's own tree: the content of a paragraph.

The names are those of pandoc-types 1.23, in which a node is `{"t": kind, "c": contents}`.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chapbook.checks.labels import label_of
from chapbook.checks.markup import OF_INDEX, image_attributes
from chapbook.checks.raw_html import Builder
from chapbook.checks.tree import Node
from chapbook.reading.tex_symbols import asked
from chapbook.reading.tex_tags import tags_of, without_tags

Blocks = Sequence[Mapping[str, Any]]

_EMPHASIS = {
    "Emph": "em",
    "Strong": "strong",
    "Strikeout": "del",
    "Superscript": "sup",
    "Subscript": "sub",
    "SmallCaps": "smallcaps",
    "Underline": "underline",
}
_MEDIA = re.compile(
    r"\.(?:(?P<film>3gp|avi|flv|m4v|mkv|mov|mp4|mpe?g|ogv|webm|wmv)|"
    r"aac|aiff|flac|m4a|midi?|mp3|og[ag]|opus|wav|weba)$",
    re.IGNORECASE,
)


class InlineReader(ABC):
    """Adds inlines to the tree of `builder`. A subclass reads blocks, such as those of notes."""

    def __init__(self) -> None:
        self.builder = Builder()
        self.notes: list[Node] = []

    @abstractmethod
    def blocks(self, blocks: Blocks) -> None:
        """Add *blocks*."""

    def raw(self, contents: Any) -> None:
        """Add HTML that the author wrote."""
        form, text = contents
        if form.startswith("html"):
            self.builder.raw(text)

    def words_of(self, inlines: Blocks) -> str:
        """Return the words of *inlines* without markup and notes, with formulas as TeX."""
        reader = type(self)()
        reader.inlines(inlines)
        return label_of(reader.builder.root)

    def inlines(self, inlines: Blocks) -> None:
        """Add *inlines*."""
        for inline in inlines:
            kind, contents = inline["t"], inline.get("c", "")
            if kind == "Str":
                self.builder.add(contents)
            elif kind in ("Space", "SoftBreak"):
                self.builder.add(" ")
            elif kind == "LineBreak":
                self.builder.add(Node("break"))
            elif kind in _EMPHASIS:
                self.emphasis(_EMPHASIS[kind], contents)
            elif (read := _INLINES.get(kind)) is not None:
                read(self, contents)
            else:
                raise NotImplementedError(f"pandoc's inline {kind}")

    def emphasis(self, kind: str, inlines: Blocks) -> None:
        """Add emphasized words."""
        with self.builder.inside(Node("emphasis", attributes={"kind": kind})):
            self.inlines(inlines)

    def cite(self, contents: Any) -> None:
        """Add a citation as pandoc wrote it."""
        self.inlines(contents[1])

    def code(self, contents: Any) -> None:
        """Add inline code."""
        with self.builder.inside(
            Node("emphasis", ids=ids_of(contents[0]), attributes={"kind": "code"})
        ):
            self.builder.add(contents[1])

    def math(self, contents: Any) -> None:
        """Add a formula with its TeX."""
        sign = "$$" if contents[0]["t"] == "DisplayMath" else "$"
        typed = f"{sign}{contents[1]}{sign}"
        # Its tags are words beside it.
        symbols = "".join(
            asked(without_tags(contents[1]) if sign == "$$" else contents[1]).elements()
        )
        math = {"kind": "math", "alt": contents[1], "typed": typed, "symbols": symbols}
        self.builder.add(Node("picture", attributes=math))
        tags = tags_of(contents[1]) if sign == "$$" else ()
        if tags:
            shown = " ".join(words for _, words in tags)
            self.builder.add(Node("span", [shown], attributes={"tag": shown}))

    def link(self, contents: Any) -> None:
        """Add a link."""
        attributes, inlines, (target, _) = contents
        link = {"target": target, "xref": dict(attributes[2]).get("xref", "")}
        if "page" in attributes[1]:
            link["on-page"] = "yes"
        node = Node("link", ids=ids_of(attributes), attributes=link)
        with self.builder.inside(node):
            self.inlines(inlines)

    def image(self, contents: Any) -> None:
        """Add an image."""
        attributes, inlines, (source, title) = contents
        if medium := _MEDIA.search(source.partition("?")[0].partition("#")[0]):
            # pandoc makes a film or a sound of it; its text is the description.
            words = self.words_of(inlines) or ("Video" if medium["film"] else "Audio")
            medium_attributes = {"embeds": source, "title": title}
            self.builder.add(Node("span", [words], ids_of(attributes), medium_attributes))
            return
        image = {"kind": "image", "alt": self.words_of(inlines), "src": source}
        image |= image_attributes(attributes[1], dict(attributes[2]))
        image["classes"] = " ".join(attributes[1])
        self.builder.add(Node("picture", ids=ids_of(attributes), attributes=image))

    def note(self, blocks: Blocks) -> None:
        """Add the call of a note here, and its blocks to `notes`."""
        number = len(self.notes) + 1
        call = Node("call", ids=[f"\x02call-{number}"])  # no manuscript contains U+0002
        call.attributes["target"] = f"#\x02note-{number}"
        self.builder.add(call)
        own = type(self)()
        own.notes = [*self.notes, Node("note")]
        own.blocks(blocks)
        note = Node("note", [*own.builder.root.children], [f"\x02note-{number}"])
        note.add(Node("back", attributes={"target": f"#\x02call-{number}"}))
        self.notes.append(note)

    def span(self, contents: Any) -> None:
        """Add words with attributes."""
        attributes, inlines = contents
        kind = "mark" if "mark" in attributes[1] else ""
        node = Node("emphasis", attributes={"kind": kind}) if kind else Node("span")
        node.ids = ids_of(attributes)
        node.attributes |= language_of(attributes)
        node.attributes |= {"classes": " ".join(attributes[1])}
        node.attributes |= {name: value for name, value in attributes[2] if name in OF_INDEX}
        with self.builder.inside(node):
            self.inlines(inlines)


_INLINES: Mapping[str, Callable[[InlineReader, Any], None]] = {
    "Cite": InlineReader.cite,
    "Code": InlineReader.code,
    "Math": InlineReader.math,
    "RawInline": InlineReader.raw,
    "Link": InlineReader.link,
    "Image": InlineReader.image,
    "Note": InlineReader.note,
    "Span": InlineReader.span,
}


def language_of(attributes: Any) -> dict[str, str]:
    """Return the language and the formats in pandoc's *attributes*, if any."""
    values = dict(attributes[2])
    names = {"lang": "lang", "cb-formats": "formats"}
    return {ours: values[name] for name, ours in names.items() if values.get(name)}


def ids_of(attributes: Any) -> list[str]:
    """Return the id in pandoc's *attributes*, if there is one."""
    return [attributes[0]] if attributes[0] else []
