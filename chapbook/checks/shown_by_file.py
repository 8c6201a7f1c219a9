"""Completes the expected outline with what only a file knows: formulas as TeX, and folios."""

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
    """Return the expected outline of the file that was read, and the folios in page references.

    *folios* are those of the printed pages; if they are None, the file's own are used. *places* are
    the folios of ids.
    """
    bare = expectation.outline(places=places)
    shown = _shown_formulas(bare, reading)
    named = _folios(bare, reading) if folios is None else folios
    return expectation.outline(shown, named, places) if shown or named else bare, named


def _folios(expected: Outline, reading: Reading) -> tuple[str, ...]:
    """Return the page of the target of each expected page reference.

    In a PDF that is the page of the link's destination, whatever number is printed.
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
    """Return the TeX of each formula that is shown as TeX, by the formula's number."""
    wanted = [
        picture.alt
        for part in _passages(expected)
        for picture in part.pictures
        if _is_math(picture)
    ]
    readings = list(_passages(reading.outline))
    drawn = [
        picture.alt for part in readings for picture in part.pictures if picture.kind != "image"
    ]
    text = squeezed(" ".join(word.text for part in readings for word in words_of(part.blocks)))
    matched = SequenceMatcher(None, wanted, drawn, autojunk=False).get_matching_blocks()
    missing = set(range(len(wanted))) - {
        block.a + offset for block in matched for offset in range(block.size)
    }
    shown = {}
    for number in sorted(missing):
        tex = wanted[number]
        for form in (f"$${tex}$$", f"${tex}$", tex):
            if squeezed(form) in text:
                shown[number] = form
                break
    return shown


def _is_math(picture: Picture) -> bool:
    return picture.kind == "math"
