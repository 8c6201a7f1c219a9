"""The check of page beginnings, on values."""

from __future__ import annotations

import pytest

from chapbook.checks.outline import Outline
from chapbook.checks.pages import page_faults
from chapbook.checks.reading import PageTop, Reading

HEBREW = "כך אומרת Ada בעמוד 27, וזה סוף הדבר."
EMPTY = Outline(title="T", subtitle="", language="he", direction="rtl")
AS_PDFIUM_READS_IT = ", כך אומרת Ada 27 בעמוד וזה סוף הדבר."


def top(text: str) -> PageTop:
    return PageTop("9", text.replace(" ", ""), text.split(maxsplit=1)[0])


def faults(printed: str, marked: str) -> list[tuple[str, str]]:
    return list(page_faults([top(printed)], Reading(EMPTY, pages=(top(marked),))))


def test_numbers_and_punctuation_of_a_line_from_right_to_left_may_stand_elsewhere() -> None:
    assert faults(AS_PDFIUM_READS_IT, HEBREW) == []


@pytest.mark.parametrize(
    ("printed", "marked"),
    [
        (HEBREW.replace("Ada", "Eva"), HEBREW),
        (HEBREW.replace("אומרת", "אמרה"), HEBREW),
        ("On page 27 stands this.", "On page 28 stands this."),
    ],
    ids=["a Latin word", "a Hebrew word", "a number from left to right"],
)
def test_other_words_are_a_fault(printed: str, marked: str) -> None:
    assert len(faults(printed, marked)) == 1
