"""Words, whole or broken at line ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.checks.words import first_difference, normal, same, words_of


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ("one two three", "one\ntwo three"),
        ("peacekeeping forces", "peace‐\nkeeping forces"),
        ("peacekeeping forces", "peace-\nkeep-\ning forces"),
        ("well-being here", "well-\nbeing here"),
        ("https://example.org/a/b", "https://example.\norg/a/\nb"),
        ("co‑op", "co-op"),  # a no-break hyphen is printed with the hyphen's glyph
        ("hy\u00adphen", "hyphen"),
        ("e\u0301", "é"),
        ("a - b", "a -\nb"),
    ],
)
def test_the_same_words(expected: str, actual: str) -> None:
    assert first_difference(words_of([expected]), words_of([actual])) is None


@pytest.mark.parametrize(
    ("expected", "actual", "where"),
    [
        ("one two", "onetwo", (0, 0)),
        ("onetwo", "one two", (0, 0)),
        ("one two three", "one three two", (1, 1)),
        ("one two", "one", (1, 1)),
        ("one", "one two", (1, 1)),
        ("wellbeing", "well-being", (0, 0)),
        ("peacekeeping", "peace‐\nkeep", (0, 0)),
        ("a b", "a\nc", (1, 1)),
    ],
)
def test_other_words(expected: str, actual: str, where: tuple[int, int]) -> None:
    assert first_difference(words_of([expected]), words_of([actual])) == where


TEXT = st.lists(st.text("abcé-", min_size=1, max_size=9).filter(lambda word: word[-1] != "-"))


@given(TEXT, st.data())
def test_line_ends_anywhere_change_nothing(words: list[str], data: st.DataObject) -> None:
    joints = data.draw(st.lists(st.sampled_from(" \n"), min_size=len(words), max_size=len(words)))
    broken = "".join(word + joint for word, joint in zip(words, joints, strict=True))
    assert first_difference(words_of([" ".join(words)]), words_of([broken])) is None


@given(TEXT.filter(bool), st.data())
def test_hyphenation_changes_nothing(words: list[str], data: st.DataObject) -> None:
    hyphenated = []
    for word in words:
        cut = data.draw(st.integers(0, len(word) - 1))
        hyphenated.append(f"{word[:cut]}‐\n{word[cut:]}" if cut else word)
    assert first_difference(words_of([" ".join(words)]), words_of([" ".join(hyphenated)])) is None


@given(TEXT.filter(lambda words: len(words) > 1), st.data())
def test_a_dropped_word_is_noticed(words: list[str], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(words) - 1))
    fewer = [*words[:at], *words[at + 1 :]]
    assert first_difference(words_of(words), words_of(fewer)) is not None


@given(st.text())
def test_normal_is_idempotent(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@given(st.text())
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert same(text, text)
