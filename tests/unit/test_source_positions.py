"""Elements of the tree are found on the lines on which their author typed them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.model.errors import Place
from chapbook.reading.manuscript import decode
from chapbook.reading.source_positions import OnePlace, Places, without_code


def places(text: str) -> Places:
    return Places(decode("essay.md", "essay", text.encode()))


def lines(of: Places, *wordings: str, times: int = 1) -> list[int | None]:
    return [of.of(*wordings).line for _ in range(times)]


def test_the_nth_question_is_answered_by_the_nth_occurrence() -> None:
    of = places("x\na b\n\na b a b\n")
    assert lines(of, "a b", times=4) == [2, 4, 4, 4], "and then by the last"


def test_what_is_not_there_has_no_line() -> None:
    assert places("x\n").of("y") == Place("essay.md")
    assert places("x\n").of("") == Place("essay.md")


def test_another_wording_is_tried() -> None:
    assert lines(places("x\n\nwords\n"), "y", "words") == [3]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("javascript:x", "javascript:x"),
        ("JavaScript:x", "javascript:x"),
        ("&#106;avascript&colon;x", "javascript:x"),
        ("&#x6A;avascript&#58x", "javascript:x"),
        ("a&amp;b.md", "a&b.md"),
        ("a b.md", "a%20b.md"),
        ("früh.md", "fr%C3%BCh.md"),
        ("fr%c3%bch.md", "früh.md"),
        (r"a\_b.md", "a_b.md"),
        ("a\n  b", "a b"),
        ('it\'s -- "so"...', "it’s – “so”…"),
        ("%ff.png", "%ff.png"),
        ("x" * 500, "x" * 500),
    ],
)
def test_spellings_are_seen_through(typed: str, read: str) -> None:
    assert lines(places(f"a\n\n[b]({typed})\n"), read) == [3]


def test_tags_and_attributes() -> None:
    of = places('<p>\n<pre>\n<P onclick="a">\n<p hidden>\n<p title=b>\n')
    assert [of.of_element("p").line for _ in range(4)] == [1, 3, 4, 5]
    assert of.of_attribute("onclick", "a").line == 3
    assert of.of_attribute("hidden", "").line == 4
    assert of.of_attribute("title", "b").line == 5
    assert of.of_attribute("lang", "c", "title").line == 5


def test_one_place_answers_everything() -> None:
    where = Place("essay.md", 4)
    assert OnePlace(where).of("x") == OnePlace(where).of_element("p") == where


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a `b` c", "a     c"),
        ("a ``b ` c`` d", "a           d"),
        ("a ` b", "a ` b"),
        ("a \\`b` c", "a \\`b` c"),
        ("```\na\n```\nb", "   \n \n   \nb"),
        ("~~~ x\na\n~~~~\nb", "     \n \n    \nb"),
        ("```\na", "```\na"),  # without an end it is none
        ("> ```\n> a\n> ```\nb", "     \n   \n     \nb"),
        ("- x\n\n  ```\n  a\n  ```\nb", "- x\n\n     \n   \n     \nb"),
        ("```{=html}\n<b>\n```\n`c`", "```{=html}\n<b>\n```\n   "),
        ("`<b>`{=html}", "`<b>`{=html}"),
        ("a <!-- b\nc --> d", "a       \n      d"),
        ("a\n\n    b\n\n    c\n\nd", "a\n\n     \n\n     \n\nd"),
        ("a\n    b", "a\n    b"),
        ("- a\n\n    b", "- a\n\n    b"),
        ("[^1]: a\n\n    b", "[^1]: a\n\n    b"),
    ],
)
def test_code_and_comments_are_blanked(text: str, left: str) -> None:
    assert without_code(text) == left


@given(st.text(st.sampled_from("a`~<!->\n \t{=html}\\"), max_size=80))
def test_blanking_moves_nothing(text: str) -> None:
    blanked = without_code(text)
    assert len(blanked) == len(text)
    assert [index for index, char in enumerate(text) if char == "\n"] == [
        index for index, char in enumerate(blanked) if char == "\n"
    ]


@given(st.text(max_size=30), st.integers(0, 5))
def test_plain_words_are_always_found(words: str, above: int) -> None:
    text = "".join(char if char.isalnum() and char.isascii() else "x" for char in words) or "x"
    assert lines(places("-\n" * above + text + "\n"), text) == [above + 1]


def test_a_row_is_found_by_all_its_words_before_the_first_of_each() -> None:
    text = "In an inn, in town.\n\n| In a text | In print |\n\n+ In a grid + In two lines +\n"
    assert places(text).of_row("In a text", "In print").line == 3
    assert places(text).of_row("In", "In").line == 1
