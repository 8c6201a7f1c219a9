import json

import pytest

from chapbook.checks.expected import expect
from chapbook.checks.outline import Heading, Item, Note, Outline, Passage, as_json
from chapbook.checks.stored_outline import outline_from_json
from chapbook.cli import inputs
from tests.golden_cases import CASES, manuscript


def stored(outline: Outline) -> Outline:
    return outline_from_json(json.loads(json.dumps(as_json(outline))))


@pytest.mark.parametrize("case", CASES)
def test_an_outline_is_read_back_as_it_was(case: str) -> None:
    outline = expect(inputs.job(str(manuscript(case)))).outline()
    assert as_json(stored(outline)) == as_json(outline)


def test_what_looks_like_a_mark_stays_a_word() -> None:
    text = Passage(
        headings=(Heading(2, "# of copies (inner)"), Heading(1, "inner # x", is_inner=True)),
        items=(Item(3, "iv", "a | b"), Item(1, "•", "")),
    )
    notes = (Note("", Passage(), returns=True), Note(None, None, returns=False))
    outline = Outline("", "", "en", "ltr", {"keywords": ("a", "b")}, text, notes)
    assert stored(outline) == outline


@pytest.mark.parametrize("broken", [None, [], {"notes": [{}]}, {"text": {"headings": ["no"]}}])
def test_what_is_no_outline_is_refused(broken: object) -> None:
    with pytest.raises(ValueError, match="no"):
        outline_from_json(broken)


def test_an_outline_that_was_taken_changes_none_that_is_taken_later() -> None:
    expectation = expect(inputs.job(str(manuscript("index"))))
    before = sum(1 for _ in expectation.root.walk())
    assert expectation.outline() == expectation.outline()
    assert sum(1 for _ in expectation.root.walk()) == before
