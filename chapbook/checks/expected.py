"""Takes a manuscript, and returns the expected outline of its files, from pandoc's own tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chapbook.checks.house import House
from chapbook.checks.house_formats import drop_others
from chapbook.checks.house_index import close_up
from chapbook.checks.house_quotes import mark_quotes
from chapbook.checks.house_style import settle, sole_heading
from chapbook.checks.labels import label_of, printed_title
from chapbook.checks.outline import UNPRINTED, Outline
from chapbook.checks.outline_builder import outline_parts
from chapbook.checks.read_manuscript import tree_of_manuscript
from chapbook.checks.tree import Node
from chapbook.design.templates import Design, themes
from chapbook.lang.quotation_marks import marked
from chapbook.model.dom import element
from chapbook.model.metadata import Metadata
from chapbook.reading import front_matter, pandoc
from chapbook.reading.metadata_reader import describe, language
from chapbook.reading.reader import pandoc_source

if TYPE_CHECKING:
    from chapbook.pipeline import Job


@dataclass(frozen=True, slots=True)
class Expectation:
    """The expected content of the files: the text as a tree, and the metadata."""

    root: Node
    metadata: Metadata
    words: Mapping[str, str]  # of the interface, in the language of the work
    printed: Mapping[str, str]  # title and subtitle as pages show them, if the author gives them

    def for_family(self, family: str) -> Expectation:
        """Return the expected content of a file in a format of *family*."""
        root = deepcopy(self.root)
        drop_others(root, family)
        return replace(self, root=root)

    def outline(
        self,
        as_words: Mapping[int, str] = MappingProxyType({}),
        folios: Sequence[str] = (),
        places: Mapping[str, str] = MappingProxyType({}),
    ) -> Outline:
        """Return the outline that every format must have.

        A formula that cannot be drawn is shown as its TeX, which the build reports. *as_words* has
        the words for these formulas, by their number. *folios* are those in page references,
        *places* those of ids: the index names a page only once.
        """
        root = self.settled(as_words, folios, places)
        text, notes = outline_parts(root)
        return Outline(
            title=self.printed.get("title") or self.metadata.title,
            subtitle=self.printed.get("subtitle") or self.metadata.subtitle or "",
            language=self.metadata.lang,
            direction=self.metadata.direction,
            metadata=expected_metadata(self.metadata),
            text=text,
            notes=notes,
            label=self.metadata.title,
        )

    def settled(
        self,
        as_words: Mapping[int, str] = MappingProxyType({}),
        folios: Sequence[str] = (),
        places: Mapping[str, str] = MappingProxyType({}),
    ) -> Node:
        """Return the tree with what only the finished file can tell, as `outline` takes it."""
        root = deepcopy(self.root)  # what is asked for next begins with the same tree
        close_up(root, places)
        page_refs = (node for node in root.walk() if node.get("page") == UNPRINTED)
        for node, folio in zip(page_refs, folios, strict=False):
            node.children = [folio]
        formulas = [node for node in root.walk() if node.get("kind") == "math"]
        for number, words in as_words.items():
            formula = formulas[number]
            shown = words if words == formula.get("alt") else formula.get("typed") or words
            formula.kind, formula.children = "span", [shown]
        return root

    @property
    def names_pages(self) -> bool:
        """Whether it names printed pages, which only the pages can tell."""
        return any(node.get("page") == UNPRINTED for node in self.root.walk())


def expect(job: Job) -> Expectation:
    """Return the expected content of the files that are made from *job*'s manuscript.

    Raises SourceError if the manuscript, or an image beside it, cannot be read.
    """
    manuscript = job.manuscript
    known = job.conversion
    block = known.block if known else front_matter.split(manuscript, job.defaults)
    source = known.source if known else pandoc_source(block, manuscript)[0]
    tree = pandoc.parse(source, known.converted if known else None)
    root = tree_of_manuscript(tree["blocks"])
    mark_quotes(root, lang := language(block))
    trees = {key: _tree(value) for key, value in tree["meta"].items()}
    titles = {key: element("span", marked(label_of(each), lang)) for key, each in trees.items()}
    printed = {key: marked(printed_title(each), lang) for key, each in trees.items()}
    metadata, _ = describe(block, titles, sole_heading(root), manuscript, themes(job.templates))
    words = Design(job.templates, metadata.theme).words(metadata.lang)
    settle(root, House(source.text, metadata, words, job.folder))
    for number, call in enumerate((node for node in root.walk() if node.kind == "call"), 1):
        call.attributes["number"] = str(number)
    return Expectation(root, metadata, words, printed)


def expected_metadata(metadata: Metadata) -> dict[str, str | tuple[str, ...]]:
    """Return the metadata of the work that every format must have, without empty values."""
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


def _tree(value: Mapping[str, Any]) -> Node:
    """Return the tree of one of pandoc's metadata values."""
    if value["t"] == "MetaString":
        return Node("root", [str(value["c"])])
    blocks = value["c"] if value["t"] == "MetaBlocks" else [{"t": "Para", "c": value["c"]}]
    return tree_of_manuscript(blocks)
