"""What the finished files of a manuscript should say: its outline, from pandoc's own tree.

The rules of the house that change what a reader meets are told here once more, in the terms of the
outline: the title stands once, headings follow each other level by level, a link that leads nowhere
and an image that may not be read are words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from chapbook import metablock, pandoc
from chapbook.assets import AssetRefused, read_asset
from chapbook.checks.collect import outline_parts
from chapbook.checks.outline import DEEPEST, Outline
from chapbook.checks.pictures import describe as describe_image
from chapbook.checks.read_manuscript import tree_of_manuscript
from chapbook.checks.tree import Node
from chapbook.describe import describe, rich_strings
from chapbook.design import themes
from chapbook.dom import element
from chapbook.errors import Place
from chapbook.metadata import Metadata
from chapbook.transforms.identifiers import slug

if TYPE_CHECKING:
    from chapbook.pipeline import Job

_CARRIED = re.compile(r"(?:https?|mailto|tel):|#", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the files should say: the text as a tree, and what is known of the work."""

    root: Node
    metadata: Metadata

    def outline(self, as_words: Mapping[int, str] = MappingProxyType({})) -> Outline:
        """The outline that every format must have.

        A formula that cannot be set is shown as its TeX, and the build says so: *as_words* gives
        the words that stand for the nth formula.
        """
        root = deepcopy(self.root) if as_words else self.root
        formulas = [node for node in root.walk() if node.get("kind") == "math"]
        for number, words in as_words.items():
            formulas[number].kind, formulas[number].children = "span", [words]
        text, notes = outline_parts(root)
        return Outline(
            title=self.metadata.title,
            subtitle=self.metadata.subtitle or "",
            language=self.metadata.lang,
            direction=self.metadata.direction,
            metadata=told(self.metadata),
            text=text,
            notes=notes,
        )


def expect(job: Job) -> Expectation:
    """What the files made of *job*'s manuscript should say.

    Raises SourceError where the manuscript, or an image beside it, cannot be read.
    """
    manuscript = job.manuscript
    block = metablock.split(manuscript, job.defaults)
    rich = rich_strings(block)
    tree = pandoc.parse(block.text, rich, manuscript.name, block.first_line)
    root = tree_of_manuscript(tree["blocks"])
    titles = {key: element("span", _words(value)) for key, value in tree["meta"].items()}
    metadata, _ = describe(block, titles, _sole_heading(root), manuscript, themes(job.templates))
    _drop_title(root, metadata)
    _drop_empty_headings(root)
    _settle_depths(root)
    _settle_links(root)
    _settle_images(root, job.folder)
    return Expectation(root, metadata)


def told(metadata: Metadata) -> dict[str, str | tuple[str, ...]]:
    """What is said of the work, under the names that all readers use; nothing that is unsaid."""
    everything: dict[str, str | tuple[str, ...]] = {
        "title": metadata.full_title,
        "authors": tuple(person.name for person in metadata.authors),
        "date": metadata.date.iso if metadata.date else "",
        "identifier": metadata.identifier,
        "edition": metadata.edition or "",
        "keywords": metadata.keywords,
        "rights": metadata.rights or "",
        "publisher": metadata.publisher or "",
        "language": metadata.lang,
    }
    return {key: value for key, value in everything.items() if value}


def _words(value: Mapping[str, Any]) -> str:
    """The words of one of pandoc's metadata values."""
    if value["t"] == "MetaString":
        return str(value["c"])
    blocks = value["c"] if value["t"] == "MetaBlocks" else [{"t": "Para", "c": value["c"]}]
    return tree_of_manuscript(blocks).words()


# The title and the headings --------------------------------------------------------------------


def _headings(root: Node) -> list[Node]:
    """The headings of the text, not those in notes."""
    return [
        node
        for child in root.children
        if isinstance(child, Node) and child.kind != "note"
        for node in child.walk()
        if node.kind == "heading"
    ]


def _sole_heading(root: Node) -> str | None:
    headings = _headings(root)
    first_level = [node for node in headings if node.get("level") == "1"]
    if len(first_level) == 1 and headings[0] is first_level[0]:
        return first_level[0].words() or None
    return None


def _drop_title(root: Node, metadata: Metadata) -> None:
    """Take the first heading out where it says the title; links to it lead to the whole text."""
    first = next(iter(_headings(root)), None)
    if first is None or first.get("level") != "1":
        return
    titles = (metadata.title, f"{metadata.title} {metadata.subtitle}")
    if _letters(first.words()) in map(_letters, titles):
        parent = next(node for node in root.walk() if first in node.children)
        parent.children.remove(first)
        root.ids += first.ids
        # Its notes are called at the end of the first paragraph.
        paragraph = next((node for node in root.walk() if node.get("paragraph")), root)
        paragraph.children += [node for node in first.walk() if node.kind == "call"]


def _drop_empty_headings(root: Node) -> None:
    """A heading that says and shows nothing is none."""
    for heading in _headings(root):
        if not heading.words() and not any(node.kind == "picture" for node in heading.walk()):
            heading.kind = "block"


def _letters(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _settle_depths(root: Node) -> None:
    """Count depths as sections nest: a skipped level is none, whatever its number."""
    levels: list[int] = []
    for node in _top(root):
        if node.kind == "heading":
            level = int(node.get("level"))
            while levels and levels[-1] >= level:
                levels.pop()
            levels.append(level)
            node.attributes["depth"] = str(min(len(levels), DEEPEST))
        else:
            for inner in node.walk():
                if inner.kind == "heading":
                    inner.attributes["depth"] = str(min(len(levels) + 1, DEEPEST))
                    inner.attributes["inner"] = "inner"


def _top(node: Node) -> Iterator[Node]:
    """What stands at the top; a div that a heading opens is the section of that heading."""
    for child in node.children:
        if isinstance(child, Node):
            if child.kind == "block" and _is_section(child):
                yield from _top(child)
            else:
                yield child


def _is_section(division: Node) -> bool:
    nodes = [child for child in division.children if isinstance(child, Node)]
    if not nodes or nodes[0].kind != "heading":
        return False
    level = int(nodes[0].get("level"))
    return all(int(node.get("level")) > level for node in nodes[1:] if node.kind == "heading")


# Links and images ------------------------------------------------------------------------------


def _settle_links(root: Node) -> None:
    """Leave what is no link as words, and point GitHub's spellings at their headings."""
    known = {name for node in root.walk() for name in node.ids}
    by_slug: dict[str, str] = {}
    for heading in _headings(root):
        name = slug(heading.words())
        if not heading.ids:
            heading.ids.append(name)
        by_slug.setdefault(name, heading.ids[0])
    known |= set(by_slug.values())
    for node in root.walk():
        if node.kind != "link":
            continue
        target = node.get("target")
        name = unquote(target[1:])
        if not _CARRIED.match(target):
            node.kind = "span"
        elif target.startswith("#"):
            leads_to = name if name in known else by_slug.get(slug(name))
            node.kind = "link" if leads_to else "span"
            node.attributes["target"] = f"#{leads_to}"


def _settle_images(root: Node, folder: Path | None) -> None:
    """Look every image up; one that may not be read is its alternative text."""
    captions = dict(_captions(root))
    for node in root.walk():
        if node.kind == "picture" and node.get("kind") == "image":
            try:
                asset = read_asset(node.get("src"), folder, Place("the manuscript"))
            except AssetRefused:
                # A caption that says the same stays alone.
                words = "" if captions.get(id(node)) == node.get("alt") else node.get("alt")
                node.kind, node.children = "span", [words]
            else:
                describe_image(node, asset.content)


def _captions(root: Node) -> Iterator[tuple[int, str]]:
    """The caption of each picture that has one, by the picture's identity."""
    for figure in root.walk():
        captions = [node for node in figure.walk() if node.kind == "caption"]
        if figure.kind == "figure" and captions:
            for node in figure.walk():
                yield id(node), captions[0].words()
