"""The outline: the content of a manuscript or a finished file, in the same form for all formats.

Every text in it is words separated by single spaces. A reader of laid-out pages cannot know whether
there was a space at the end of a line. It writes a line feed there, and `words` accepts both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

DEEPEST = 5  # h6 is the last of HTML's headings, and the title is the h1


UNPRINTED = "?"
"""The folio of a page reference in the manuscript, which only the printed pages have."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `depth` 1 is a chapter of a book or a section of an article.

    A heading inside a quote, a list or a box is *inner*: it makes no section, and no table of
    contents has it. Finished files do not show the difference.
    """

    depth: int
    text: str
    is_inner: bool = False
    has_picture: bool = False  # or a formula: tables of contents write it differently
    label: str = field(default="", metadata={"stored": False})  # its words without markup


@dataclass(frozen=True, slots=True)
class Link:
    """A link's words, and an address; or, within the text, "→ " and the words at its target.

    `page` is the folio of its target's page, if the format has it. For an expected page reference
    it is UNPRINTED, and the words are still missing.
    """

    text: str
    target: str
    page: str = field(default="", metadata={"stored": False})


@dataclass(frozen=True, slots=True)
class Picture:
    """An image or a formula in the order of the text.

    `kind` is "image", "math" or, if a format draws both in the same way, "picture". `alt` is its
    text, for a formula its TeX. Sizes are in pixels, `digest` is the file's SHA-256; None if the
    format does not have them. `after` are the words before it. `look` replaces the digest if a
    format may have another file that looks the same: `chapbook.checks.pictures`.
    """

    kind: str
    alt: str
    caption: str = ""
    width: int | None = None
    height: int | None = None
    digest: str | None = None
    after: str = ""
    look: str | None = field(default=None, metadata={"stored": False})
    symbols: str | None = field(default=None, metadata={"stored": False})  # a formula's, folded


@dataclass(frozen=True, slots=True)
class Table:
    """A table's caption and the words of its cells; a header cell's begin with "# "."""

    caption: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A list item: its depth, its label, and its first words.

    Labels are "•", numbers in their style ("3", "iv"), "open" and "done" for tasks, "term" and
    "definition", and "entry" in an index.
    """

    depth: int
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Emphasized words, and their kind: "em", "strong", "del", "sup" and so on."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """The text of a work or of a note. `blocks` are its words, one string for each paragraph."""

    blocks: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
    links: tuple[Link, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    code: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    quotes: tuple[str, ...] = ()
    emphasis: tuple[Emphasis, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """A note: the words before its call, its text, and whether a link leads back to the call.

    `after` is None if nothing calls it, `text` is None if a call leads to no note.
    """

    after: str | None
    text: Passage | None
    returns: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole work. `metadata` has only values that are not empty."""

    title: str
    subtitle: str
    language: str
    direction: str
    metadata: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    text: Passage = field(default_factory=Passage)
    notes: tuple[Note, ...] = ()
    label: str = field(default="", metadata={"stored": False})  # the title without markup


def as_json(value: Any) -> Any:
    """Return *value* in the types of JSON, without empty values and None, so that it stays short.

    `chapbook.checks.stored_outline` reads it back.
    """
    if isinstance(value, Heading | Emphasis | Item):
        return _line(value)
    if is_dataclass(value) and not isinstance(value, type):
        shown = (part for part in fields(value) if part.metadata.get("stored", True))
        pairs = ((part.name, getattr(value, part.name)) for part in shown)
        values = {name: as_json(part) for name, part in pairs if part not in (None, "", (), {})}
        if isinstance(value, Note) and value.after == "":
            values = {"after": "", **values}  # "" is a call at the very beginning, None no call
        return values
    if isinstance(value, Mapping):
        return {str(key): as_json(part) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [as_json(part) for part in value]
    return value


def _line(value: Heading | Emphasis | Item) -> str:
    if isinstance(value, Heading):
        marks = f"{'inner ' * value.is_inner}{'picture ' * value.has_picture}"
        return f"{marks}{'#' * value.depth} {value.text}"
    if isinstance(value, Emphasis):
        return f"{value.kind}: {value.text}"
    return f"{'  ' * (value.depth - 1)}{value.label} | {value.text}"
