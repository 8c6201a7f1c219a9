"""Finds the typographic faults of a proof's lines, each with its page.

The rules are those of Bringhurst, The Elements of Typographic Style, 2.1.7 and 2.4. A runt is a
last line that is shorter than the indent of the next paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.dom import BLOCK_ELEMENTS, HEADINGS, classes
from chapbook.weasy.lines import Line

FEWEST_LINES = 3  # on the last page of a chapter
MOST_HYPHENS = 2  # in a row
LOOSEST = 3.0  # natural spaces: the widest acceptable space in a justified line
INDENT_EM = 1.45  # --indent
_SLACK_PX = 0.75  # rounding; nobody sees a line that is wider by less than this
_ON_NEW_PAGE = frozenset(  # even if the page before has room
    {vocabulary.AFTER_PAGE_BREAK, "full-page", vocabulary.TURNED}
)
_HOLD_TEXT = frozenset("li dd blockquote figcaption caption td th".split())


@dataclass(frozen=True, slots=True)
class Fault:
    """A typographic fault of the element `node`, on `page` (counted from 0).

    `mendable` faults can be mended by spacing. A `blemish` is mended if possible, and never
    reported.
    """

    message: str
    page: int
    node: Element
    mendable: bool = False
    blemish: bool = False
    line: Line | None = None  # the faulty line, if it is only one


class Paragraphs:
    """The lines of a proof of the tree *text*, by the element that holds them."""

    def __init__(self, lines: Sequence[Line], text: Element) -> None:
        self.lines = lines
        self.sections = {node[0]: node for node in text.iter("section") if len(node)}
        breaks = (node for node in text.iter() if _ON_NEW_PAGE.intersection(classes(node)))
        self.forced = {
            inner for node in breaks for inner in node.iter()
        }  # the author ended the page
        self.by_node: dict[Element, list[Line]] = {}
        for line in lines:
            self.by_node.setdefault(line.node, []).append(line)


def faults(proof: Paragraphs, chapters: Sequence[Element]) -> Iterator[Fault]:
    """Yield every fault in *proof*; *chapters* are the elements whose last page is checked."""
    for node, lines in proof.by_node.items():
        if node.tag == "p" or node.tag in _HOLD_TEXT:
            yield from faults_of(node, lines)
        for line in lines:
            hangs_px = max(0.0, -line.indent_px)  # a line of verse may begin left of the others
            if line.width_px > line.room_px + hangs_px + _SLACK_PX:
                yield Fault(
                    f"“{line.text.strip()[:40]}” is wider than the measure", line.page, node
                )
    yield from _stranded_headings(proof)
    yield from (fault for _, fault in short_ends(proof, chapters))


def faults_of(node: Element, lines: Sequence[Line]) -> Iterator[Fault]:
    """Return every fault in the *lines* of the block *node*."""
    return _paragraph_faults(node, lines) if node.tag == "p" else _loose_lines(node, lines)


def _paragraph_faults(node: Element, lines: Sequence[Line]) -> Iterator[Fault]:
    last = lines[-1]
    if len(lines) > 1 and last.width_px < INDENT_EM * last.em_px:
        yield Fault(f"“{last.text.strip()}” is a line of its own", last.page, node, mendable=True)
    elif len(lines) > 1 and lines[-2].hyphenated and len(last.text.split()) == 1:
        message = f"the rest of a word, “{last.text.strip()}”, is a line of its own"
        yield Fault(message, last.page, node, mendable=True, blemish=True)
    for hyphenated, run in groupby(lines, key=lambda line: line.hyphenated):
        row = list(run)
        if hyphenated and len(row) > MOST_HYPHENS:
            yield Fault(
                f"{len(row)} lines in a row end in a hyphen", row[0].page, node, mendable=True
            )
    for line, after in pairwise(lines):
        if line.hyphenated and line.page != after.page:
            word = f"{line.text.split()[-1]}{after.text.split()[0]}"
            message = f"the word “{word}” runs over the page"
            yield Fault(message, line.page, node, mendable=True, blemish=True)
    yield from _loose_lines(node, lines)
    pages = [len(list(run)) for _, run in groupby(lines, key=lambda line: line.page)]
    if len(pages) > 1 and pages[0] == 1:
        yield Fault(
            "the first line of a paragraph is alone at the foot of the page", lines[0].page, node
        )
    if len(pages) > 1 and pages[-1] == 1:
        yield Fault(
            "the last line of a paragraph is alone at the head of the page", last.page, node
        )


def _loose_lines(node: Element, lines: Sequence[Line]) -> Iterator[Fault]:
    """Yield a fault for each inner line of *node* that is too short or has too wide spaces."""
    has_blocks = any(child.tag in BLOCK_ELEMENTS for child in node)  # new spacing would change them
    for line in lines:
        if line.stretch <= LOOSEST:
            continue
        words = line.text.strip()[:40]
        message = f"the line “{words}” is too short: the next word does not fit, nor a part of it"
        if " " in line.text.strip():
            message = (
                f"the spaces of the line “{words}” are {line.stretch:.1f} times as wide as usual"
            )
        yield Fault(message, line.page, node, mendable=not has_blocks, line=line)


def _stranded_headings(proof: Paragraphs) -> Iterator[Fault]:
    for line, after in pairwise(proof.lines):
        section = proof.sections.get(line.node)
        continues = section is None or any(node is after.node for node in section.iter())
        if line.node.tag in HEADINGS - {"h1"} and line.page != after.page and continues:
            yield Fault(
                f"the heading “{line.text.strip()[:40]}” is alone at the foot of the page",
                line.page,
                line.node,
            )


def short_ends(
    proof: Paragraphs, chapters: Sequence[Element]
) -> Iterator[tuple[Sequence[Line], Fault]]:
    """Yield the lines of each chapter whose last page has too few lines, and the fault."""
    for chapter in chapters:
        inner = set(chapter.iter())
        own = [line for line in proof.lines if line.node in inner]
        on_last = [line for line in own if own and line.page == own[-1].page]
        if not own or on_last[0].node in proof.forced:
            continue
        if own[0].page != own[-1].page and len(on_last) < FEWEST_LINES:
            count = "one line" if len(on_last) == 1 else f"{len(on_last)} lines"
            yield own, Fault(f"a chapter's last page has {count}", own[-1].page, own[-1].node)
