"""Mends the faults of a proof in a bounded search.

A paragraph with a fault is set again with other word spacing, then with other letter spacing, a few
thousandths of an em tighter or wider. If a chapter ends with one or two lines on a page, one of its
paragraphs becomes a line shorter or longer, or the pages before the last become a line longer, both
facing pages alike. The text does not change. Faults that remain are reported with their page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from dataclasses import replace as replace_fields
from itertools import pairwise
from xml.etree.ElementTree import Element

from chapbook.layout.faults import FEWEST_LINES, Paragraphs, faults, faults_of, short_ends
from chapbook.model.dom import element, replace, text_of, walk
from chapbook.model.errors import Code, Finding, Place, warning
from chapbook.weasy.lines import Line

_FAULT_COST = 3  # in blemishes
_DISTINCT = 3  # words that a line needs to be found in the manuscript by its text
_FAR = 40  # paragraphs before a chapter's end that may gain or lose a line for it

# (letter, word), in em and within ±1/100. Words first, since nobody sees that; then letters.
SPACINGS: tuple[tuple[float, float], ...] = (
    *((0.0, word) for word in (-0.01, 0.01)),
    *((letter, 0.0) for letter in (-0.0025, 0.0025, -0.005, 0.005, -0.0075, 0.0075, -0.01, 0.01)),
)

Cost = Callable[[Sequence[Line]], int]
"""Returns the cost of a setting of a paragraph: the lower, the better."""

Try = Callable[[Element], Sequence[Line]]
"""Lays out a tree by itself, on one endless page, and reads its lines."""


@dataclass(slots=True)
class Attempts:
    """The changes to a text so far: *longer* are the pages, from 0, that have one line more.

    *tried* are the paragraphs that were set in every spacing. They are not tried again.
    """

    longer: set[int] = field(default_factory=set)
    tried: set[Element] = field(default_factory=set)


def mend(proof: Paragraphs, chapters: Sequence[Element], lay_out: Try, attempts: Attempts) -> bool:
    """Change the spacing of paragraphs with faults; return whether anything changed."""
    wanted: dict[Element, Cost] = {}
    lost: list[tuple[list[Element], int, Sequence[Line]]] = []
    for fault in faults(proof, chapters):
        if fault.mendable and fault.node not in attempts.tried:
            wanted[fault.node] = _cost_like(proof.by_node[fault.node])
    for chapter_lines, fault in short_ends(proof, chapters):
        on_last = sum(line.page == fault.page for line in chapter_lines)
        nodes = [
            node for node in dict.fromkeys(line.node for line in chapter_lines) if node.tag == "p"
        ]
        free = [node for node in nodes[-_FAR:] if node not in attempts.tried and node not in wanted]
        lost.append((free, on_last, chapter_lines))
    tried = [*wanted, *(node for nodes, *_ in lost for node in nodes)]
    galleys = _Galleys(proof, lay_out, tried)
    attempts.tried.update(tried)
    changed = False
    for node, cost in wanted.items():
        changed |= galleys.choose_cheapest(node, cost)
    for nodes, on_last, chapter_lines in lost:
        changed |= _end_better(galleys, nodes, on_last) or _lengthen(
            chapter_lines, on_last, attempts.longer
        )
    return changed


def _lengthen(lines: Sequence[Line], count: int, longer: set[int]) -> bool:
    """Move the *count* lines of a chapter's last page to the pages before it, one to each page."""
    first, last = lines[0].page, lines[-1].page
    # Pages are counted from 0: an odd one is a verso, and faces the next.
    pages = [last - 1] if last % 2 == 0 else [last - 2, last - 1]
    pages = [page for page in pages if page >= 0]  # the very first recto faces nothing
    if len(pages) < count:
        pages += [page for page in (last - 3, last - 2) if page >= 0]
    if len(pages) < count or min(pages) < first or longer & set(pages):
        return False
    longer.update(pages)
    return True


def _cost_like(before: Sequence[Line]) -> Cost:
    """Return the cost function for the paragraph with the lines *before*; blemishes cost less.

    A hyphen at the end of a page costs as much as a blemish.
    """
    ends = [
        number for number, (line, after) in enumerate(pairwise(before)) if line.page != after.page
    ]

    def cost(lines: Sequence[Line]) -> int:
        return _cost(lines) + sum(lines[end].hyphenated for end in ends if end < len(lines))

    return cost


def _cost(lines: Sequence[Line]) -> int:
    """Return the cost of *lines*, wherever the pages end."""
    on_one_page = [replace_fields(line, page=0) for line in lines]
    line_faults = faults_of(lines[0].node, on_one_page)
    return sum(1 if fault.blemish else _FAULT_COST for fault in line_faults)


def _end_better(galleys: _Galleys, nodes: Sequence[Element], on_last: int) -> bool:
    """Make paragraphs lose the lines of a chapter's last page, or gain as many as it lacks."""
    for gain, count in ((-1, on_last), (1, FEWEST_LINES - on_last)):
        paragraphs = [node for node in reversed(nodes) if galleys.can(node, gain)][:count]
        if len(paragraphs) == count:
            for node in paragraphs:
                galleys.choose(node, galleys.by_lines(node, gain))
            return bool(paragraphs)
    return False


class _Galleys:
    """Paragraphs in every spacing, laid out together on one endless page."""

    def __init__(self, proof: Paragraphs, lay_out: Try, nodes: Sequence[Element]) -> None:
        self._lines = proof.by_node
        self._tried: dict[Element, list[Sequence[Line]]] = {}
        galley, copies = element("main"), {}
        for node in dict.fromkeys(nodes):
            for spacing in SPACINGS:
                copies[copy := _galley_of(node, self._lines[node][0], spacing)] = node
                galley.append(copy)
        if not copies:
            return
        set_lines = Paragraphs(lay_out(galley), galley).by_node
        for copy, node in copies.items():
            self._tried.setdefault(node, []).append(set_lines.get(copy, ()))

    def choose(self, node: Element, is_good: Callable[[Sequence[Line]], bool]) -> bool:
        """Give *node* the smallest change that makes it good; return False if there is none."""
        for spacing, lines in zip(SPACINGS, self._tried.get(node, ()), strict=False):
            if lines and is_good(lines):
                node.set("style", _style(spacing))
                return True
        return False

    def choose_cheapest(self, node: Element, cost: Cost) -> bool:
        """Give *node* the cheapest spacing; return False if none is cheaper than now."""
        least = min((cost(lines) for lines in self._tried.get(node, ()) if lines), default=0)
        if least >= cost(self._lines[node]):
            return False
        return self.choose(node, lambda lines: cost(lines) == least)

    def by_lines(self, node: Element, gain: int) -> Callable[[Sequence[Line]], bool]:
        """Return a test for a setting with *gain* lines more, and no more faults than now."""
        count, most = len(self._lines[node]) + gain, _cost(self._lines[node])

        def judge(lines: Sequence[Line]) -> bool:
            return len(lines) == count and _cost(lines) <= most

        return judge

    def can(self, node: Element, gain: int) -> bool:
        """Return whether a setting of *node* has *gain* lines more, and no more faults than now."""
        is_good = self.by_lines(node, gain)
        return any(lines and is_good(lines) for lines in self._tried.get(node, ()))


def _galley_of(node: Element, first: Line, spacing: tuple[float, float]) -> Element:
    """Return a copy of *node* without notes, as wide as it is set."""
    copy = deepcopy(node)
    copy.tail = None
    for parent, inner in list(walk(copy)):
        inner.attrib.pop("id", None)
        if inner.tag == "footnote":
            replace(parent, inner)
    copy.attrib.pop("id", None)
    frame = f"width: {first.room_px}px; margin: 0; text-indent: {first.indent_px}px"
    copy.set("style", f"{frame}; font-size: {first.em_px}px; {_style(spacing)}")
    return copy


def _style(spacing: tuple[float, float]) -> str:
    letter, word = spacing
    return f"letter-spacing: {letter}em" if letter else f"word-spacing: {word}em"


# Reporting --------------------------------------------------------------------------------------


def findings(
    proof: Paragraphs,
    chapters: Sequence[Element],
    labels: Mapping[int, str],
    place: Callable[[str, str], Place],
) -> Iterator[Finding]:
    """Yield a finding for each fault that remains in *proof*.

    *labels* are the folios of pages. *place* finds the line, or else the text, in the manuscript.
    """
    for fault in faults(proof, chapters):
        if fault.blemish:
            continue
        line = fault.line.text if fault.line else ""
        where = place(line if len(line.split()) >= _DISTINCT else "", text_of(fault.node))
        yield warning(Code.TYPESETTING, f"page {labels[fault.page]}: {fault.message}", where)
