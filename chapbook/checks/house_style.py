"""The rules of the house that change what a reader meets, in the terms of the outline.

They are told here once more, independently of `chapbook.transforms`: the title stands once,
headings follow each other level by level, a link that leads nowhere and an image that may not be
read are words. Whatever else of the house a reader meets is a function and a row of RULES.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from chapbook.checks.house import House
from chapbook.checks.house_abbreviations import list_abbreviations
from chapbook.checks.house_admonitions import entitle
from chapbook.checks.house_blocks import drop_asterisms, part_verse
from chapbook.checks.house_citations import cite
from chapbook.checks.house_embeds import link_embeds
from chapbook.checks.house_figures import letter_panels, print_credits, say_alternatives
from chapbook.checks.house_index import add_index
from chapbook.checks.house_listings import frame_listings
from chapbook.checks.house_references import (
    class_sections,
    list_captions,
    name_sections,
    number,
    refer,
    show_numbers,
    top_level,
)
from chapbook.checks.house_tables import settle_tables
from chapbook.checks.labels import label_of
from chapbook.checks.outline import DEEPEST
from chapbook.checks.pictures import describe as describe_image
from chapbook.checks.tree import Node
from chapbook.model.errors import Place
from chapbook.reading.image_files import AssetRefused, read_asset
from chapbook.transforms.identifiers import slug

_CARRIED = re.compile(r"(?:https?|mailto|tel):|#", re.IGNORECASE)


Rule = Callable[[Node, House], None]


def settle(root: Node, house: House) -> None:
    """Bring the tree of a manuscript into house style: by every rule, in order."""
    for rule in RULES:
        rule(root, house)


def _entitle_admonitions(root: Node, house: House) -> None:
    """A box begins with a title that is not a heading."""
    entitle(root, house.words)


def _list_abbreviations(root: Node, house: House) -> None:
    """An empty div of that name is the list of all abbreviations that the text defines."""
    list_abbreviations(root, house.manuscript, house.metadata.lang)


def _add_index(root: Node, house: House) -> None:
    """The terms that authors mark are listed, each with the pages it is on."""
    add_index(root, house.words, house.metadata.lang)


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


def sole_heading(root: Node) -> str | None:
    """The words of the only first-level heading, where it is also the first heading of all."""
    headings = _headings(root)
    first_level = [node for node in headings if node.get("level") == "1"]
    if len(first_level) == 1 and headings[0] is first_level[0]:
        return label_of(first_level[0]) or None
    return None


def _drop_title(root: Node, house: House) -> None:
    """Take the first heading out where it says the title; links to it lead to the whole text."""
    first = next(iter(_headings(root)), None)
    if first is None or first.get("level") != "1":
        return
    metadata = house.metadata
    titles = (metadata.title, f"{metadata.title} {metadata.subtitle}")
    if _letters(first.words()) in map(_letters, titles):
        parent = next(node for node in root.walk() if first in node.children)
        parent.children.remove(first)
        root.ids += first.ids
        # Its notes are called at the end of the first paragraph.
        paragraph = next((node for node in root.walk() if node.get("paragraph")), root)
        paragraph.children += [node for node in first.walk() if node.kind == "call"]


def _drop_empty_headings(root: Node, _: House) -> None:
    """A heading that says and shows nothing is none."""
    for heading in _headings(root):
        if not heading.words() and not any(node.kind == "picture" for node in heading.walk()):
            heading.kind = "block"


def _letters(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _settle_depths(root: Node, _: House) -> None:
    """Count depths as sections nest: a skipped level is none, whatever its number."""
    levels: list[int] = []
    for node in top_level(root):
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


# Links and images ------------------------------------------------------------------------------


def _settle_links(root: Node, _: House) -> None:
    """Leave what is not a link as words, and point GitHub's spellings at their headings."""
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


def _settle_images(root: Node, house: House) -> None:
    """Look every image up; one that may not be read is its alternative text."""
    captions = dict(_captions(root))
    for node in root.walk():
        if node.kind == "picture" and node.get("kind") == "image":
            try:
                asset = read_asset(node.get("src"), house.folder, Place("the manuscript"))
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


def _settle_tables(root: Node, _: House) -> None:
    settle_tables(root)


RULES: tuple[Rule, ...] = (
    link_embeds,
    frame_listings,
    _entitle_admonitions,
    _list_abbreviations,
    part_verse,
    drop_asterisms,
    _drop_title,
    _drop_empty_headings,
    name_sections,
    class_sections,
    cite,
    _add_index,
    _settle_depths,
    say_alternatives,
    _settle_images,
    letter_panels,
    number,
    refer,
    list_captions,
    _settle_links,
    show_numbers,
    print_credits,
    _settle_tables,
)
