"""Small parts of the readers."""

from __future__ import annotations

import pytest

from chapbook.checks.markup import numeral
from chapbook.checks.source_lines import place_of
from chapbook.model.document import Manuscript
from chapbook.pdf.bidi import logical
from chapbook.pdf.fonts import read_cmap


@pytest.mark.parametrize(
    ("number", "style", "written"),
    [
        (1, "1", "1"),
        (0, "a", "0"),
        (-3, "i", "-3"),
        (26, "a", "z"),
        (27, "A", "AA"),
        (1994, "I", "MCMXCIV"),
        (4, "i", "iv"),
        (7, "", "7"),
    ],
)
def test_numerals(number: int, style: str, written: str) -> None:
    assert numeral(number, style) == written


def test_cmaps_with_ranges() -> None:
    source = """
      1 beginbfchar <0003> <00660069> endbfchar
      2 beginbfrange <0010> <0012> <0041>
      <0020> <0021> [<0061> <D83DDE04>] endbfrange
    """
    assert read_cmap(source) == {3: "fi", 16: "A", 17: "B", 18: "C", 32: "a", 33: "😄"}


def place(text: str, words: str, nth: int = 0) -> int | None:
    return place_of(Manuscript("essay.md", "essay", text.encode(), text), words, nth).line


def test_places() -> None:
    text = (
        "# Title\n\nSome *emphasized* words, and\nmore of them.\n\nSome words again. Some words.\n"
    )
    assert place(text, "emphasized words") == 3
    assert place(text, "and more") == 3
    assert place(text, "Some words") == 6
    assert place(text, "Some words", 1) == 6
    assert place(text, "Some words", 99) == 6
    assert place(text, "") is None
    assert place(f"---\ntitle: Some words\n---\n{text}", "Some words") == 9
    assert place(f"---\ntitle: A name\n---\n{text}", "A name") == 2
    assert place(text, "nowhere at all") is None
    assert place(text, "more of everything else and so on") == 4  # fewer words are looked for


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        (list("abc def"), "abc def"),
        (list("ابتك"), "كتبا"),
        (["و", "لا", "ا"], "الاو"),  # a ligature's letters keep their order
        (list("ab ةملك cd"), "ab كلمة cd"),
        (list("ةملك 12 ةملك"), "كلمة 12 كلمة"),
        (list("ةملك ab ةملكو"), "وكلمة ab كلمة"),
        ([], ""),
    ],
)
def test_the_order_of_reading(shown: list[str], read: str) -> None:
    assert logical(shown) == read
