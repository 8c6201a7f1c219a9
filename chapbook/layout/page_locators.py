"""Page numbers in a row, in an index or of citations: a page is named only once in a row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.dom import add_class, classes, is_page_ref, replace, walk


def mark_repeated(tree: Element, folios: Mapping[str, str]) -> bool:
    """Mark repeated page numbers in *tree* by the *folios* of ids; return whether marks changed."""
    before = {node for node in tree.iter("span") if vocabulary.REPEATED in classes(node)}
    after = set(_repeated(tree, lambda name: folios.get(name, "")))
    for node in before - after:
        node.set("class", " ".join(name for name in classes(node) if name != vocabulary.REPEATED))
    for node in after - before:
        add_class(node, vocabulary.REPEATED)
    return before != after


def drop_repeated(tree: Element, folios: Mapping[str, str]) -> None:
    """Remove repeated page numbers from *tree*."""
    repeated = set(_repeated(tree, lambda name: folios.get(name, "")))
    for parent, node in list(walk(tree)) if repeated else ():
        if node in repeated:
            replace(parent, node)


def _repeated(tree: Element, folio: Callable[[str], str]) -> Iterator[Element]:
    """Yield the locators, and ends of ranges, of a page that their entry has already named."""
    for entry in tree.iter():
        named: set[str] = set()
        for locator in entry:
            if vocabulary.LOCATOR not in classes(locator):
                continue
            refs = [node.get("href", "")[1:] for node in locator.iter("a") if is_page_ref(node)]
            pages = [folio(name) for name in refs]
            if len(pages) == 2 and pages[0] == pages[1]:  # a range of one page
                yield from (node for node in locator if vocabulary.RANGE_END in classes(node))
            if named.issuperset(pages):
                yield locator
            named.update(pages)
