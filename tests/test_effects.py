"""Each transform changes the words that it declares to change, and no others.

The second half of the file shows that the comparison finds transforms that are wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from chapbook.cli import inputs
from chapbook.design.templates import Design, themes
from chapbook.model.document import Document
from chapbook.reading.manuscript import decode
from chapbook.reading.reader import convert, read
from chapbook.transforms import TRANSFORMS, Transform
from chapbook.transforms.effects import EFFECTS, Effect, effect_of
from tests.effects_audit import unexplained
from tests.golden_cases import CASES, manuscript
from tests.whole_book import write_whole_book


def unprepared(path: str) -> Document:
    """The manuscript at *path* as it is before the first transform."""
    job = inputs.job(path, allow_filters=True)
    document = read(convert(job.manuscript, job.defaults), job.folder, themes(job.templates))
    metadata = document.metadata
    words = Design(job.templates, metadata.theme).words(metadata.lang)
    return replace(document, words=words)


def own(document: Document) -> Document:
    """A copy of *document*: transforms change the trees that they are given."""
    return replace(document, body=deepcopy(document.body), notes=deepcopy(document.notes))


def problems(path: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of each transform that does more than it declares, and what it does."""
    document = own(unprepared(path))
    for transform in TRANSFORMS:
        before = own(document)
        document = transform(document)
        if found := unexplained(before, document, effect_of(transform)):
            yield transform.__name__, found


@pytest.mark.parametrize("case", CASES)
def test_every_transform_changes_what_it_declares_in_a_golden_manuscript(case: str) -> None:
    assert list(problems(str(manuscript(case)))) == []


def test_every_transform_changes_what_it_declares_in_the_whole_book(tmp_path: Path) -> None:
    assert list(problems(str(write_whole_book(tmp_path)))) == []


def test_every_effect_is_that_of_a_transform() -> None:
    names = [transform.__name__ for transform in TRANSFORMS]
    assert [name for name in names if name in EFFECTS] == list(EFFECTS)


# Transforms that are wrong -----------------------------------------------------------------------

TEXT = """---
title: The title
---

# A heading

Opening words, 17 of them.

Another paragraph with others.[^1]

| a | b |
|---|---|
| c | d |

[^1]: A note.
"""


@cache
def example() -> Document:
    manuscript = decode("essay.md", "essay", TEXT.encode())
    document = read(convert(manuscript, {}), None, themes({}))
    return replace(document, words={"figure": "Figure", "note": "Note"})


def drop_paragraph(document: Document) -> Document:
    document.body.remove(document.body.findall("p")[1])
    return document


def drop_heading(document: Document) -> Document:
    document.body.remove(document.body.findall("h1")[0])
    return document


def drop_cell(document: Document) -> Document:
    row = next(document.body.iter("tbody"))[0]
    row.remove(row[1])
    return document


def swap_paragraphs(document: Document) -> Document:
    one, two = document.body.findall("p")[:2]
    one.text, two.text = two.text, one.text
    return document


def edit(old: str, new: str) -> Transform:
    """Return a transform that replaces *old* by *new* in the first paragraph."""

    def transform(document: Document) -> Document:
        paragraph = document.body.findall("p")[0]
        assert paragraph.text is not None
        assert old in paragraph.text
        paragraph.text = paragraph.text.replace(old, new)
        return document

    return transform


LOSSES: dict[str, Transform] = {
    "a paragraph dropped": drop_paragraph,
    "a heading that is not the title dropped": drop_heading,
    "a cell dropped": drop_cell,
    "two paragraphs swapped": swap_paragraphs,
    "two words swapped": edit("Opening words", "words Opening"),
    "a word dropped": edit("Opening ", ""),
    "a word changed": edit("Opening", "Closing"),
    "a letter's case changed": edit("Opening", "opening"),
    "two words joined": edit("Opening words", "Openingwords"),
    "a number changed": edit("17", "18"),
    "a comma dropped": edit(",", ""),
}
ADDITIONS: dict[str, Transform] = {
    "a word repeated": edit("Opening", "Opening Opening"),
    "a word added": edit("Opening", "Opening new"),
    "a number added": edit("17", "17 19"),
}


def found(transform: Transform, effect: Effect) -> list[str]:
    document = own(example())
    return unexplained(own(document), transform(document), effect)


@pytest.mark.parametrize("name", LOSSES)
def test_no_declared_effect_hides_a_loss(name: str) -> None:
    effects = {"none": Effect(), **EFFECTS}
    hiding = [
        transform
        for transform, effect in effects.items()
        if not any(each.startswith("lost: ") for each in found(LOSSES[name], effect))
    ]
    assert hiding == []


@pytest.mark.parametrize("name", ADDITIONS)
def test_a_transform_that_declares_nothing_adds_nothing(name: str) -> None:
    assert any(each.startswith("added: ") for each in found(ADDITIONS[name], Effect()))


def test_a_declared_effect_adds_no_words_from_elsewhere() -> None:
    wrong = edit("Opening", "Opening new")
    assert {*(tuple(found(wrong, effect)) for effect in EFFECTS.values())} == {("added: new",)}


def test_an_untouched_document_has_nothing_to_explain() -> None:
    assert found(lambda document: document, Effect()) == []
