"""How the faults of a proof are mended: a bounded search.

A paragraph with a fault is set anew with spaces, then with letters, a few thousandths of an em
tighter or wider; a chapter that ends with one or two lines on a page wins or loses a line in one of
its paragraphs, or the pages before its last are a line longer, facing pages both. No text changes.
What remains is reported with its page.
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
_TELLING = 3  # words of a line that are found where they stand, and not elsewhere
_FAR = 40  # paragraphs before a chapter's end that may win or lose a line for it

# Spaces first, which nobody sees; then letters. In em, and within ±1/100.
SPACINGS: tuple[tuple[float, float], ...] = (
    *((0.0, word) for word in (-0.01, 0.01)),
    *((letter, 0.0) for letter in (-0.0025, 0.0025, -0.005, 0.005, -0.0075, 0.0075, -0.01, 0.01)),
)

Cost = Callable[[Sequence[Line]], int]
"""What is wrong with a setting of a paragraph: the more, the worse."""

Try = Callable[[Element], Sequence[Line]]
"""Lays out a tree by itself, on one endless page, and reads its lines."""


@dataclass(slots=True)
class Attempts:
    """What was done to a text so far: *longer* are the pages, from 0, that have a line more.

    *tried* are the paragraphs that were set in every spacing: what did not help does not later.
    """

    longer: set[int] = field(default_factory=set)
    tried: set[Element] = field(default_factory=set)


def mend(proof: Paragraphs, chapters: Sequence[Element], lay_out: Try, attempts: Attempts) -> bool:
    """Change the spacing of paragraphs with faults; whether anything was changed."""
    wanted: dict[Element, Cost] = {}
    lost: list[tuple[list[Element], int, Sequence[Line]]] = []
    for fault in faults(proof, chapters):
        if fault.mendable and fault.node not in attempts.tried:
            wanted[fault.node] = _cost_like(proof.by_node[fault.node])
    for own, fault in short_ends(proof, chapters):
        on_last = sum(line.page == fault.page for line in own)
        nodes = [node for node in dict.fromkeys(line.node for line in own) if node.tag == "p"]
        free = [node for node in nodes[-_FAR:] if node not in attempts.tried and node not in wanted]
        lost.append((free, on_last, own))
    tried = [*wanted, *(node for nodes, *_ in lost for node in nodes)]
    galleys = _Galleys(proof, lay_out, tried)
    attempts.tried.update(tried)
    changed = False
    for node, cost in wanted.items():
        changed |= galleys.choose_cheapest(node, cost)
    for nodes, on_last, own in lost:
        changed |= _end_better(galleys, nodes, on_last) or _lengthen(own, on_last, attempts.longer)
    return changed


def _lengthen(own: Sequence[Line], count: int, longer: set[int]) -> bool:
    """Let pages before the last of a chapter take its *count* lines, facing pages one each."""
    first, last = own[0].page, own[-1].page
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
    """The cost of a setting of the paragraph that was set as *before*: faults, and blemishes less.

    A hyphen where its page ended costs as a blemish does.
    """
    ends = [
        number for number, (line, after) in enumerate(pairwise(before)) if line.page != after.page
    ]

    def cost(lines: Sequence[Line]) -> int:
        return _cost(lines) + sum(lines[end].hyphenated for end in ends if end < len(lines))

    return cost


def _cost(lines: Sequence[Line]) -> int:
    """What is wrong with *lines* wherever pages end."""
    together = [replace_fields(line, page=0) for line in lines]
    found = faults_of(lines[0].node, together)
    return sum(1 if fault.blemish else _FAULT_COST for fault in found)


def _end_better(galleys: _Galleys, nodes: Sequence[Element], on_last: int) -> bool:
    """Let paragraphs lose the lines of a chapter's last page, or win as many as it lacks."""
    for wins, count in ((-1, on_last), (1, FEWEST_LINES - on_last)):
        found = [node for node in reversed(nodes) if galleys.can(node, wins)][:count]
        if len(found) == count:
            for node in found:
                galleys.choose(node, galleys.by_lines(node, wins))
            return bool(found)
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
        """Give *node* the least change of spacing after which it is good; False where none is."""
        for spacing, lines in zip(SPACINGS, self._tried.get(node, ()), strict=False):
            if lines and is_good(lines):
                node.set("style", _style(spacing))
                return True
        return False

    def choose_cheapest(self, node: Element, cost: Cost) -> bool:
        """Give *node* the spacing that costs least; False where none costs less than now."""
        least = min((cost(lines) for lines in self._tried.get(node, ()) if lines), default=0)
        if least >= cost(self._lines[node]):
            return False
        return self.choose(node, lambda lines: cost(lines) == least)

    def by_lines(self, node: Element, wins: int) -> Callable[[Sequence[Line]], bool]:
        """Judges whether a setting has *wins* lines more, and no more faults than now."""
        count, most = len(self._lines[node]) + wins, _cost(self._lines[node])

        def judge(lines: Sequence[Line]) -> bool:
            return len(lines) == count and _cost(lines) <= most

        return judge

    def can(self, node: Element, wins: int) -> bool:
        """Whether some setting of *node* has *wins* lines more, and no more faults than now."""
        is_good = self.by_lines(node, wins)
        return any(lines and is_good(lines) for lines in self._tried.get(node, ()))


def _galley_of(node: Element, first: Line, spacing: tuple[float, float]) -> Element:
    """A copy of *node* as wide as it is set, without notes."""
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


# Telling ----------------------------------------------------------------------------------------


def findings(
    proof: Paragraphs,
    chapters: Sequence[Element],
    labels: Mapping[int, str],
    place: Callable[[str, str], Place],
) -> Iterator[Finding]:
    """What remains wrong in *proof*: its page's folio, and the *place* of its line or its text."""
    told = (fault for fault in faults(proof, chapters) if not fault.blemish)
    for fault in told:
        line = fault.line.text if fault.line else ""
        where = place(line if len(line.split()) >= _TELLING else "", text_of(fault.node))
        yield warning(Code.TYPESETTING, f"page {labels[fault.page]}: {fault.told}", where)
