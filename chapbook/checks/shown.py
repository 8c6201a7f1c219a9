"""What is expected of a file where only the finished file can tell: TeX shown, and page numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from chapbook.checks.outline import AGAIN, UNPRINTED, Link, Outline, Passage, Picture
from chapbook.checks.tree import Node
from chapbook.checks.words import squeezed, words_of

if TYPE_CHECKING:
    from chapbook.checks.expected import Expectation
    from chapbook.checks.reading import Reading


def expected_of(
    expectation: Expectation, reading: Reading, folios: tuple[str | None, ...] | None
) -> tuple[Outline, tuple[str | None, ...]]:
    """What the file that was read should say, and the folios that its page references name.

    *folios* are those of the printed pages; where they are not known, the file's own.
    """
    bare = expectation.outline()
    shown = _shown_formulas(bare, reading)
    named = _folios(bare, reading) if folios is None else folios
    return expectation.outline(shown, named) if shown or named else bare, named


def _folios(expected: Outline, reading: Reading) -> tuple[str | None, ...]:
    """For each page reference that is expected, on which page it leads to something.

    In a PDF that is where the link's destination lies, whatever number is printed. None stands for
    one that is left out, because the one before it names the same page.
    """
    folios: list[str | None] = []
    found = iter(_links(reading.outline))
    got = next(found, None)
    for wanted in _links(expected):
        if wanted.page == AGAIN and (got is None or not _leads_alike(wanted, got)):
            folios.append(None)
            continue
        if wanted.page in (UNPRINTED, AGAIN):
            folios.append((got.page or got.text) if got else "")
        got = next(found, None)
    return tuple(folios)


def _leads_alike(one: Link, other: Link) -> bool:
    targets = squeezed(one.target), squeezed(other.target)
    return targets[0].startswith(targets[1]) or targets[1].startswith(targets[0])


def say_pages(root: Node, folios: Sequence[str | None]) -> None:
    """Let the page references in *root* say *folios*, in their order."""
    _say(root, iter(folios))


def _say(parent: Node, folios: Iterator[str | None]) -> None:
    for node in [each for each in parent.children if isinstance(each, Node)]:
        if node.get("page") not in (UNPRINTED, AGAIN):
            _say(node, folios)
        elif (folio := next(folios, "")) is None:
            parent.children = []  # the comma before it, too
        else:
            node.children = [folio]


def _links(outline: Outline) -> list[Link]:
    return [link for part in _passages(outline) for link in part.links]


def _passages(outline: Outline) -> Iterator[Passage]:
    yield outline.text
    yield from (note.text for note in outline.notes if note.text)


def _shown_formulas(expected: Outline, reading: Reading) -> dict[int, str]:
    """The formulas that could not be set, by their number, and the TeX that stands for each."""
    wanted = [each.alt for part in _passages(expected) for each in part.pictures if _is_math(each)]
    readings = list(_passages(reading.outline))
    drawn = [each.alt for part in readings for each in part.pictures if each.kind != "image"]
    said = squeezed(" ".join(word.text for part in readings for word in words_of(part.blocks)))
    matched = SequenceMatcher(None, wanted, drawn, autojunk=False).get_matching_blocks()
    missing = set(range(len(wanted))) - {
        block.a + offset for block in matched for offset in range(block.size)
    }
    shown = {}
    for number in sorted(missing):
        tex = wanted[number]
        for form in (f"$${tex}$$", f"${tex}$", tex):
            if squeezed(form) in said:
                shown[number] = form
                break
    return shown


def _is_math(picture: Picture) -> bool:
    return picture.kind == "math"
