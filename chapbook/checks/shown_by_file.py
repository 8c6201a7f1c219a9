"""What is expected of a file where only the finished file can tell: TeX shown, and page numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from chapbook.checks.outline import UNPRINTED, Link, Outline, Passage, Picture
from chapbook.checks.words import squeezed, words_of

if TYPE_CHECKING:
    from chapbook.checks.expected import Expectation
    from chapbook.checks.reading import Reading


def expected_of(
    expectation: Expectation,
    reading: Reading,
    folios: tuple[str, ...] | None,
    places: Mapping[str, str],
) -> tuple[Outline, tuple[str, ...]]:
    """What the file that was read should say, and the folios that its page references name.

    *folios* are those of the printed pages; where they are not known, the file's own. *places* are
    those of named places.
    """
    bare = expectation.outline(places=places)
    shown = _shown_formulas(bare, reading)
    named = _folios(bare, reading) if folios is None else folios
    return expectation.outline(shown, named, places) if shown or named else bare, named


def _folios(expected: Outline, reading: Reading) -> tuple[str, ...]:
    """For each page reference that is expected, on which page it leads to something.

    In a PDF that is where the link's destination lies, whatever number is printed.
    """
    return tuple(
        got.page or got.text
        for wanted, got in zip(_links(expected), _links(reading.outline), strict=False)
        if wanted.page == UNPRINTED
    )


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
