"""A text that should fit does fit, since the widths are the face's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.design import fonts
from chapbook.writers.copyfitting import count_lines, largest, longest_word_em


def evenly(text: str) -> float:
    return len(text) / 2


@given(st.text("abcW ié漢", max_size=80), st.floats(2, 60))
def test_a_narrower_measure_never_takes_fewer_lines(text: str, measure: float) -> None:
    assert count_lines(text, measure, evenly) >= count_lines(text, measure * 2, evenly)


@given(st.text("abcW ié漢", min_size=1, max_size=80), st.floats(2, 60))
def test_the_lines_hold_the_text(text: str, measure: float) -> None:
    assert count_lines(text, measure, evenly) * measure >= evenly("".join(text.split()))


def test_words_are_counted_whole() -> None:
    assert count_lines("one two three", 100, evenly) == 1
    assert count_lines("one two three", 4, evenly) == 2
    assert longest_word_em("a three b", evenly) == pytest.approx(2.5, rel=0.02)


def test_the_largest_size_that_fits_is_taken() -> None:
    assert largest((12, 10, 8), lambda size: size < 11) == 10
    assert largest((12, 10), lambda _: False) is None


def test_heavier_faces_are_wider() -> None:
    regular, strong = (
        fonts.cut(face, "Security")
        for face in fonts.faces("Source Sans 3")
        if face.style == "normal"
    )
    assert strong.width_em("Security") > regular.width_em("Security")
    assert regular.small_caps_width_em("c") != regular.width_em("c")
