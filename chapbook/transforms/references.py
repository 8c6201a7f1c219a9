"""Cross-references: writes the name, number and page of their target into links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace as with_changes
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from chapbook.lang.nearest_names import did_you_mean
from chapbook.model import vocabulary
from chapbook.model.document import Document
from chapbook.model.dom import HEADINGS, add_class, classes, element, replace, text_of, walk
from chapbook.model.errors import Code, Finding, error, warning
from chapbook.reading.source_positions import Places
from chapbook.transforms.numbering import KIND, LABELED, NO_BREAK_SPACE, NUMBER

_MODE = "data-xref"
_ADVICE = {
    "fig": "write one: ![Caption](picture.png){#%s}",
    "tbl": "write one below the table: “: Caption {#%s}”",
    "lst": 'write one: ```{.python #%s caption="Caption"}',
    "eq": "write it after the formula: $$ … $$ {#%s}",
    "sec": "write it at a heading: # Heading {#%s}",
}


def refer(document: Document) -> Document:
    """Write the name and number of their target, and its page, into links without words."""
    referrer = _Referrer(document)
    findings = list(referrer.refer())
    return with_changes(document, findings=(*document.findings, *findings))


def spelled(name: str) -> str:
    """Return *name* in the spelling of ids: `fig:map` and `fig-map` are the same.

    >>> spelled("fig:map")
    'fig-map'
    """
    return re.sub(r"^(\w+):", r"\1-", name)


@dataclass(frozen=True, slots=True)
class _ReferenceText:
    """The text of a reference: a name such as "Figure" and a number, or only words."""

    name: str
    number: str = ""

    @property
    def full(self) -> str:
        return f"{self.name}{NO_BREAK_SPACE}{self.number}" if self.number else self.name


class _Referrer:
    def __init__(self, document: Document) -> None:
        self._trees = [document.body, *(note.body for note in document.notes)]
        self._words = document.words
        self._places = Places(document.manuscript)
        self._cells = [finding for finding in document.findings if finding.code is Code.CELL]
        self._ids: dict[str, Element] = {}  # the first element with each id

    def refer(self) -> Iterator[Finding]:
        """Write every reference's text; yield a finding for each without a target."""
        opened: dict[Element, Element] = {}  # the section of each heading
        for node in (node for tree in self._trees for node in tree.iter()):
            if node.tag == "section" and len(node) and node[0].tag in HEADINGS:
                opened[node[0]] = node
            name, named = node.get("id"), opened.get(node, node)
            if name and self._ids.setdefault(spelled(name), named) is not named:
                yield from self._named_twice(name)
        for tree in self._trees:
            for parent, node in list(walk(tree)):
                target = node.get("href", "")
                if node.tag == "a" and target.startswith("#"):
                    yield from self._reference(parent, node, unquote(target[1:]))

    def _named_twice(self, name: str) -> Iterator[Finding]:
        """Yield a finding for an id that is used before; pandoc reports those of headings."""
        if LABELED.fullmatch(name) and not name.startswith("sec"):
            pattern = rf"#{re.escape(name)}(?![\w-])"
            self._places.matching(pattern)
            message = (
                f"“{name}” names two things, and references lead to the first; rename this one"
            )
            yield warning(Code.REFERENCE_TWICE, message, self._places.matching(pattern))

    def _reference(self, parent: Element, link: Element, name: str) -> Iterator[Finding]:
        mode = link.attrib.pop(_MODE, "")
        is_page = "page" in classes(link)
        target = self._ids.get(spelled(name))
        is_bare = not (text_of(link) or len(link)) and (is_page or LABELED.fullmatch(name))
        if mode or is_bare:
            reference = self._text_for(target) if target is not None else None
            if reference is None:
                yield self._dangling(parent, link, name, is_known=target is not None)
                return
            add_class(link, vocabulary.XREF)
            link.text = (
                reference.number if mode == "number" and reference.number else reference.full
            )
        if target is not None:
            link.set("href", f"#{target.get('id')}")
            if is_page:
                _refer_to_page(parent, link, self._words["on-page"])

    def _text_for(self, target: Element) -> _ReferenceText | None:
        """Return the text of a reference to *target*; None if it has neither number nor words."""
        if number := target.get(NUMBER):
            return _ReferenceText(self._words[target.get(KIND, "")], number)
        if LABELED.fullmatch(target.get("id", "")) and target.tag != "section":
            return None
        heading = target[0] if target.tag == "section" and len(target) else target
        words = text_of(heading) if heading.tag in HEADINGS else ""
        return _ReferenceText(words) if words else None

    def _dangling(self, parent: Element, link: Element, name: str, *, is_known: bool) -> Finding:
        """Replace the reference by its name, and return a finding."""
        where = self._places.matching(rf"(?:@\{{?|\(#){re.escape(name)}(?![\w-])", re.escape(name))
        prefix = LABELED.fullmatch(name)
        advice = _ADVICE[prefix[1]] % name if prefix else "refer to a heading or a caption"
        if is_known:
            message = (
                f"the reference to “{name}” has no text: its target has no caption and no number"
            )
        else:
            message = f"the reference to “{name}” has no target"
            advice = self._cell(name) or did_you_mean(name, self._labels(), advice)
        replace(parent, link, element("span", link.text or name, class_=vocabulary.XREF_MISSING))
        return error(Code.REFERENCE_MISSING, f"{message}; {advice}", where)

    def _cell(self, name: str) -> str:
        """Return advice if a cell, which is not run, would make the target of *name*; else ""."""
        cells = (cell.where for cell in self._cells if f"{{#{name}}}" in cell.message)
        if (where := next(cells, None)) is None:
            return ""
        message = (
            f"the cell at {where} would draw it, and cells are not run: run it, save the picture"
        )
        return f"{message} and write ![Caption](picture.png){{#{name}}}"

    def _labels(self) -> list[str]:
        names = (node.get("id", "") for node in self._ids.values())
        return [name for name in names if LABELED.fullmatch(name)]


def _refer_to_page(parent: Element, link: Element, wording: str) -> None:
    """Put the page of its target after *link*: "on page 12"."""
    names = [name for name in classes(link) if name != "page"]
    link.attrib.pop("class", None)
    for name in names:
        add_class(link, name)
    before, _, after = wording.partition("{page}")
    before = f"{before[:-1]}{NO_BREAK_SPACE}" if before.endswith(" ") else before
    number = element("a", class_=vocabulary.PAGE_REF, href=link.get("href"))
    replace(parent, link, link, f" {before}", number, after)
