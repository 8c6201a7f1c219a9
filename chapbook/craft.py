"""What a careful typesetter sees in a proof, and how it is mended: a bounded search.

A paragraph with a fault is set anew with spaces, then with letters, a few thousandths of an em
tighter or wider; a chapter that ends with one or two lines on a page wins or loses a line in one of
its paragraphs, or the pages before its last are a line longer, facing pages both. No text changes.
What remains is told with its page.

The rules are those of Bringhurst, The Elements of Typographic Style, 2.1.7 and 2.4; a runt is a
last line shorter than the next paragraph's indent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from xml.etree.ElementTree import Element

from chapbook.dom import HEADINGS, classes, element, replace, text_of, walk
from chapbook.errors import Code, Finding, Place, warning
from chapbook.weasy.lines import Line

FEWEST_LINES = 3  # on the last page of a chapter
MOST_HYPHENS = 2  # in a row
INDENT_EM = 1.45  # --indent
_SLACK_PX = 0.75  # rounding; and what hangs over a measure by less than this nobody sees
_ON_NEW_PAGE = frozenset({"after-page-break", "full-page", "turned"})  # however full the last is
_FAR = 40  # paragraphs before a chapter's end that may win or lose a line for it

# Spaces first, which nobody sees; then letters. In em, and within ±1/100.
SPACINGS: tuple[tuple[float, float], ...] = (
    *((0.0, word) for word in (-0.01, 0.01)),
    *((letter, 0.0) for letter in (-0.0025, 0.0025, -0.005, 0.005, -0.0075, 0.0075, -0.01, 0.01)),
)

Try = Callable[[Element], Sequence[Line]]
"""Lays out a tree by itself, on one endless page, and reads its lines."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, on which page from 0, and with which element.

    `mendable` is what spacing can mend; what is a `blemish` only is mended where it can be, and
    not told.
    """

    told: str
    page: int
    node: Element
    mendable: bool = False
    blemish: bool = False


class Paragraphs:
    """The lines of a proof of the tree *text*, by the element that they are part of."""

    def __init__(self, lines: Sequence[Line], text: Element) -> None:
        self.lines = lines
        self.sections = {node[0]: node for node in text.iter("section") if len(node)}
        breaks = (node for node in text.iter() if _ON_NEW_PAGE.intersection(classes(node)))
        self.forced = {inner for node in breaks for inner in node.iter()}  # the author's own end
        self.by_node: dict[Element, list[Line]] = {}
        for line in lines:
            self.by_node.setdefault(line.node, []).append(line)


def faults(proof: Paragraphs, chapters: Sequence[Element]) -> Iterator[Fault]:
    """Everything that is wrong in *proof*; *chapters* are the elements that end well or not."""
    for node, lines in proof.by_node.items():
        if node.tag == "p":
            yield from _paragraph_faults(node, lines)
        for line in lines:
            hangs_px = max(0.0, -line.indent_px)  # where a line of verse begins before the others
            if line.width_px > line.room_px + hangs_px + _SLACK_PX:
                yield Fault(
                    f"“{line.text.strip()[:40]}” is wider than the measure", line.page, node
                )
    yield from _stranded_headings(proof)
    yield from (fault for _, fault in short_ends(proof, chapters))


def _paragraph_faults(node: Element, lines: Sequence[Line]) -> Iterator[Fault]:
    last = lines[-1]
    if len(lines) > 1 and last.width_px < INDENT_EM * last.em_px:
        yield Fault(f"“{last.text.strip()}” is a line of its own", last.page, node, mendable=True)
    elif len(lines) > 1 and lines[-2].hyphenated and len(last.text.split()) == 1:
        told = f"the rest of a word, “{last.text.strip()}”, is a line of its own"
        yield Fault(told, last.page, node, mendable=True, blemish=True)
    for hyphenated, run in groupby(lines, key=lambda line: line.hyphenated):
        row = list(run)
        if hyphenated and len(row) > MOST_HYPHENS:
            yield Fault(
                f"{len(row)} lines in a row end in a hyphen", row[0].page, node, mendable=True
            )
    for line, after in pairwise(lines):
        if line.hyphenated and line.page != after.page:
            word = f"{line.text.split()[-1]}{after.text.split()[0]}"
            told = f"the word “{word}” runs over the page"
            yield Fault(told, line.page, node, mendable=True, blemish=True)
    pages = [len(list(run)) for _, run in groupby(lines, key=lambda line: line.page)]
    if len(pages) > 1 and pages[0] == 1:
        yield Fault("the first line of a paragraph stands alone at the foot", lines[0].page, node)
    if len(pages) > 1 and pages[-1] == 1:
        yield Fault("the last line of a paragraph stands alone at the head", last.page, node)


def _stranded_headings(proof: Paragraphs) -> Iterator[Fault]:
    for line, after in pairwise(proof.lines):
        section = proof.sections.get(line.node)
        goes_on = section is None or any(node is after.node for node in section.iter())
        if line.node.tag in HEADINGS - {"h1"} and line.page != after.page and goes_on:
            yield Fault(
                f"the heading “{line.text.strip()[:40]}” stands alone", line.page, line.node
            )


def short_ends(
    proof: Paragraphs, chapters: Sequence[Element]
) -> Iterator[tuple[Sequence[Line], Fault]]:
    """The chapters that end with too few lines on a page of their own, with their lines."""
    for chapter in chapters:
        inner = set(chapter.iter())
        own = [line for line in proof.lines if line.node in inner]
        on_last = [line for line in own if own and line.page == own[-1].page]
        if not own or on_last[0].node in proof.forced:
            continue
        if own[0].page != own[-1].page and len(on_last) < FEWEST_LINES:
            count = "one line" if len(on_last) == 1 else f"{len(on_last)} lines"
            yield own, Fault(f"a chapter's last page has {count}", own[-1].page, own[-1].node)


# Mending ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Attempts:
    """What was done to a text so far: *longer* are the pages, from 0, that have a line more.

    *tried* are the paragraphs that were set in every spacing: what did not help does not later.
    """

    longer: set[int] = field(default_factory=set)
    tried: set[Element] = field(default_factory=set)


def mend(proof: Paragraphs, chapters: Sequence[Element], lay_out: Try, attempts: Attempts) -> bool:
    """Change the spacing of paragraphs with faults; whether anything was changed."""
    wanted: dict[Element, Callable[[Sequence[Line]], bool]] = {}
    lost: list[tuple[list[Element], int, Sequence[Line]]] = []
    for fault in faults(proof, chapters):
        if fault.mendable and fault.node not in attempts.tried:
            wanted[fault.node] = _is_faultless_like(proof.by_node[fault.node])
    for own, fault in short_ends(proof, chapters):
        on_last = sum(line.page == fault.page for line in own)
        nodes = [node for node in dict.fromkeys(line.node for line in own) if node.tag == "p"]
        free = [node for node in nodes[-_FAR:] if node not in attempts.tried and node not in wanted]
        lost.append((free, on_last, own))
    tried = [*wanted, *(node for nodes, *_ in lost for node in nodes)]
    galleys = _Galleys(proof, lay_out, tried)
    attempts.tried.update(tried)
    changed = False
    for node, is_good in wanted.items():
        changed |= galleys.choose(node, is_good)
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


def _is_faultless_like(before: Sequence[Line]) -> Callable[[Sequence[Line]], bool]:
    """Judges another setting of a paragraph: no fault, and no hyphen where its page ended."""
    ends = [
        number for number, (line, after) in enumerate(pairwise(before)) if line.page != after.page
    ]

    def judge(lines: Sequence[Line]) -> bool:
        if any(True for _ in _paragraph_faults(lines[0].node, lines)):
            return False
        return not any(lines[end].hyphenated for end in ends if end < len(lines))

    return judge


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

    def by_lines(self, node: Element, wins: int) -> Callable[[Sequence[Line]], bool]:
        """Judges whether a setting is faultless and has *wins* lines more."""
        count = len(self._lines[node]) + wins

        def judge(lines: Sequence[Line]) -> bool:
            return len(lines) == count and not any(
                True for _ in _paragraph_faults(lines[0].node, lines)
            )

        return judge

    def can(self, node: Element, wins: int) -> bool:
        """Whether some setting of *node* is faultless and has *wins* lines more."""
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
    place: Callable[[str], Place],
) -> Iterator[Finding]:
    """What remains wrong in *proof*, with the folio of its page and the *place* of its words."""
    told = (fault for fault in faults(proof, chapters) if not fault.blemish)
    for fault in told:
        where = place(text_of(fault.node))
        yield warning(Code.TYPESETTING, f"page {labels[fault.page]}: {fault.told}", where)
