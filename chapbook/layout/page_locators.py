"""Page numbers in a row, of an index or of citations: of several on one page one is enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.dom import add_class, classes, is_page_ref, replace, walk


def mark_repeated(tree: Element, folios: Mapping[str, str]) -> bool:
    """Mark in *tree* what says a page again; *folios* are those of ids. Whether it is news."""
    before = {node for node in tree.iter("span") if vocabulary.REPEATED in classes(node)}
    after = set(_repeated(tree, lambda name: folios.get(name, "")))
    for node in before - after:
        node.set("class", " ".join(name for name in classes(node) if name != vocabulary.REPEATED))
    for node in after - before:
        add_class(node, vocabulary.REPEATED)
    return before != after


def drop_repeated(tree: Element, folios: Mapping[str, str]) -> None:
    """Take out of *tree* what says a page again."""
    repeated = set(_repeated(tree, lambda name: folios.get(name, "")))
    for parent, node in list(walk(tree)) if repeated else ():
        if node in repeated:
            replace(parent, node)


def _repeated(tree: Element, folio: Callable[[str], str]) -> Iterator[Element]:
    """The locators, and ends of ranges, that say a page which their entry has named."""
    for entry in tree.iter():
        named: set[str] = set()
        for locator in entry:
            if vocabulary.LOCATOR not in classes(locator):
                continue
            refs = [node.get("href", "")[1:] for node in locator.iter("a") if is_page_ref(node)]
            pages = [folio(name) for name in refs]
            if len(pages) == 2 and pages[0] == pages[1]:  # a range that is none
                yield from (node for node in locator if vocabulary.RANGE_END in classes(node))
            if named.issuperset(pages):
                yield locator
            named.update(pages)
