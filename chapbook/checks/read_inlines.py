"""Reads the inlines of pandoc's own tree: what stands within a paragraph.

The names are those of pandoc-types 1.23, in which a node is `{"t": kind, "c": contents}`.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from chapbook.checks.labels import label_of
from chapbook.checks.markup import OF_INDEX, told_of_image
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
    """Adds inlines to the tree that `builder` makes; the blocks of notes are another's."""

    def __init__(self) -> None:
        self.builder = Builder()
        self.notes: list[Node] = []

    @abstractmethod
    def blocks(self, blocks: Blocks) -> None:
        """Add *blocks*."""

    def raw(self, told: Any) -> None:
        """HTML that the author wrote."""
        form, text = told
        if form.startswith("html"):
            self.builder.raw(text)

    def words_of(self, inlines: Blocks) -> str:
        """The words of *inlines* where no markup is: without notes, formulas as their TeX."""
        reader = type(self)()
        reader.inlines(inlines)
        return label_of(reader.builder.root)

    def inlines(self, inlines: Blocks) -> None:
        """Add *inlines*."""
        for inline in inlines:
            kind, told = inline["t"], inline.get("c", "")
            if kind == "Str":
                self.builder.add(told)
            elif kind in ("Space", "SoftBreak"):
                self.builder.add(" ")
            elif kind == "LineBreak":
                self.builder.add(Node("break"))
            elif kind in _EMPHASIS:
                self.emphasis(_EMPHASIS[kind], told)
            elif (read := _INLINES.get(kind)) is not None:
                read(self, told)
            else:
                raise NotImplementedError(f"pandoc's inline {kind}")

    def emphasis(self, kind: str, inlines: Blocks) -> None:
        """Words that stand out."""
        with self.builder.inside(Node("emphasis", attributes={"kind": kind})):
            self.inlines(inlines)

    def cite(self, told: Any) -> None:
        """A citation, as pandoc set it."""
        self.inlines(told[1])

    def code(self, told: Any) -> None:
        """Code among words."""
        with self.builder.inside(
            Node("emphasis", ids=ids_of(told[0]), attributes={"kind": "code"})
        ):
            self.builder.add(told[1])

    def math(self, told: Any) -> None:
        """A formula, which TeX stands for."""
        sign = "$$" if told[0]["t"] == "DisplayMath" else "$"
        typed = f"{sign}{told[1]}{sign}"
        # Its tags stand beside it, as words.
        symbols = "".join(asked(without_tags(told[1]) if sign == "$$" else told[1]).elements())
        math = {"kind": "math", "alt": told[1], "typed": typed, "symbols": symbols}
        self.builder.add(Node("picture", attributes=math))
        tags = tags_of(told[1]) if sign == "$$" else ()
        if tags:
            shown = " ".join(words for _, words in tags)
            self.builder.add(Node("span", [shown], attributes={"tag": shown}))

    def link(self, told: Any) -> None:
        """A link."""
        attributes, inlines, (target, _) = told
        told = {"target": target, "xref": dict(attributes[2]).get("xref", "")}
        if "page" in attributes[1]:
            told["on-page"] = "yes"
        node = Node("link", ids=ids_of(attributes), attributes=told)
        with self.builder.inside(node):
            self.inlines(inlines)

    def image(self, told: Any) -> None:
        """An image."""
        attributes, inlines, (source, title) = told
        if medium := _MEDIA.search(source.partition("?")[0].partition("#")[0]):
            # pandoc makes a film or a sound of it, whose words are the description.
            words = self.words_of(inlines) or ("Video" if medium["film"] else "Audio")
            told = {"embeds": source, "title": title}
            self.builder.add(Node("span", [words], ids_of(attributes), told))
            return
        image = {"kind": "image", "alt": self.words_of(inlines), "src": source}
        image |= told_of_image(attributes[1], dict(attributes[2]))
        image["classes"] = " ".join(attributes[1])
        self.builder.add(Node("picture", ids=ids_of(attributes), attributes=image))

    def note(self, blocks: Blocks) -> None:
        """A note: its call stands here, its blocks among `notes`."""
        number = len(self.notes) + 1
        call = Node("call", ids=[f"\x02call-{number}"])  # no manuscript holds U+0002
        call.attributes["target"] = f"#\x02note-{number}"
        self.builder.add(call)
        own = type(self)()
        own.notes = [*self.notes, Node("note")]
        own.blocks(blocks)
        note = Node("note", [*own.builder.root.children], [f"\x02note-{number}"])
        note.add(Node("back", attributes={"target": f"#\x02call-{number}"}))
        self.notes.append(note)

    def span(self, told: Any) -> None:
        """Words with attributes."""
        attributes, inlines = told
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
    """The language that pandoc's *attributes* tell, and the formats, if any."""
    told = dict(attributes[2])
    names = {"lang": "lang", "cb-formats": "formats"}
    return {ours: told[name] for name, ours in names.items() if told.get(name)}


def ids_of(attributes: Any) -> list[str]:
    """The name in pandoc's *attributes*, if there is one."""
    return [attributes[0]] if attributes[0] else []
