"""Lines of paragraphs in print: filled, and broken where the language and the matter allow it."""

from __future__ import annotations

from tests.cases import build_case
from tests.printed import Line, read_lines


def printed(case: str) -> list[Line]:
    return read_lines(build_case(case).files["pdf"])


def test_the_first_word_of_a_text_does_not_stand_alone() -> None:
    lines = [line.letters for line in printed("word-alone")]
    assert "allowfilteringrecordsbyanycompositedataelement(forexample," in lines


def test_a_list_item_is_not_broken_after_its_first_syllable() -> None:
    lines = [line.letters for line in printed("delegat-hyphen")]
    assert "•Delegatingthiswork,potentiallyestablishingnew(andpossibly" in lines


def test_no_word_stands_alone_before_a_line_that_goes_on() -> None:
    lines = [line for line in printed("line-broken") if line.text.strip() != "Broken lines"]
    inner = [
        line for line in lines if not line.letters.endswith("one.") and not line.text.isdecimal()
    ]
    assert len(inner) > 100
    assert [line.letters for line in inner if line.right_mm - line.left_mm < 80] == []
