"""The outline: what a reader can take out of a manuscript or a finished file, whatever its format.

Every text in it is words parted by single spaces. A reader of laid-out pages cannot know whether a
space stood where a line ends: it writes a line feed there, and `words` leaves that question open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

DEEPEST = 5  # h6 is the last of HTML's headings, and the title is the h1


UNPRINTED = "?"
"""The folio of a page that only the printed pages can tell."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `depth` 1 is a chapter of a book, a section of an essay.

    One that stands inside a quote, a list or a box is *inner*: it opens no section, and no table of
    contents names it. Readers of finished files cannot tell.
    """

    depth: int
    text: str
    is_inner: bool = False
    has_picture: bool = False  # a formula, too: tables of contents give it in words of their own
    label: str = field(default="", metadata={"told": False})  # its words where no markup is


@dataclass(frozen=True, slots=True)
class Link:
    """A link's words, and an address; or, within the text, "→ " and the words it leads to.

    `page` is the folio of the printed page it leads to, where the format tells; of a page reference
    that is expected it is UNPRINTED, and the words are still missing.
    """

    text: str
    target: str
    page: str = field(default="", metadata={"told": False})


@dataclass(frozen=True, slots=True)
class Picture:
    """An image or a formula in the order of the text.

    `kind` is "image", "math" or, where a format draws both alike, "picture". `alt` is what stands
    for it in words: a formula's TeX. Sizes are in pixels, `digest` is the file's sha256; None where
    the format does not keep them. `after` is the words before it. `look` stands for the digest
    where a format may have another file that looks the same: `chapbook.checks.pictures`.
    """

    kind: str
    alt: str
    caption: str = ""
    width: int | None = None
    height: int | None = None
    digest: str | None = None
    after: str = ""
    look: str | None = field(default=None, metadata={"told": False})
    symbols: str | None = field(default=None, metadata={"told": False})  # a formula's, folded


@dataclass(frozen=True, slots=True)
class Table:
    """A table's caption and the words of its cells; a header cell's begin with "# "."""

    caption: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A list item: how deep it is, its label, and its first words.

    Labels are "•", numbers as they are written ("3", "iv"), "open" and "done" for tasks, "term" and
    "definition", and "entry" in an index.
    """

    depth: int
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Words set apart, and how: "em", "strong", "del", "sup" and so on."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """The text of a whole or of a note. `blocks` are its words, paragraph by paragraph."""

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
    """A note: the words before its call, what it says, and whether a link leads back to the call.

    `after` is None where nothing calls it, `text` is None where a call leads to no note.
    """

    after: str | None
    text: Passage | None
    returns: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole work. `metadata` holds only what is said: see `chapbook.checks.metadata`."""

    title: str
    subtitle: str
    language: str
    direction: str
    metadata: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    text: Passage = field(default_factory=Passage)
    notes: tuple[Note, ...] = ()
    label: str = field(default="", metadata={"told": False})  # the title where no markup is


def as_json(value: Any) -> Any:
    """*value* as JSON holds it; what is empty or None is left out, so that people can read it.

    `chapbook.checks.stored_outline` reads it back.
    """
    if isinstance(value, Heading | Emphasis | Item):
        return _line(value)
    if is_dataclass(value) and not isinstance(value, type):
        shown = (part for part in fields(value) if part.metadata.get("told", True))
        pairs = ((part.name, getattr(value, part.name)) for part in shown)
        told = {name: as_json(part) for name, part in pairs if part not in (None, "", (), {})}
        if isinstance(value, Note) and value.after == "":
            told = {"after": "", **told}  # called at the very beginning: not uncalled
        return told
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
