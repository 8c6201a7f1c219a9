"""The figures about the comparison in README.md are the measured ones."""

from random import Random

from tests.diff.edits import Editor, essay, reported
from tests.diff.measure import MARKS, README, TRIALS, measure, table

LEAST = 0.98  # share of edits found, and of right reports, even if every sentence is edited


def test_the_figures_of_the_readme_are_those_measured_now() -> None:
    published = README.read_text("utf-8").partition(MARKS[0])[2].partition(MARKS[1])[0]
    assert published.strip().splitlines() == list(table())


def test_a_few_edits_are_all_found_and_nothing_else() -> None:
    score = measure(TRIALS["the essay, a few edits"], seed=7)
    assert score.edits > 200
    assert score.precision >= LEAST
    assert score.recall >= LEAST
    assert set(score.by_kind) == set(score.found_by_kind)


def test_a_comparison_that_finds_nothing_would_score_nothing() -> None:
    """The measure can fail: compared with another text, no edit is found."""
    edited = Editor(essay(), Random(1), 3).edit(6)
    assert edited.truths
    assert reported(()).total() == 0
