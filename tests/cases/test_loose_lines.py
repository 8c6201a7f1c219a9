"""A line that nothing can fill is reported with its page and its line in the manuscript."""

from __future__ import annotations

import pytest

from chapbook.model.errors import Code
from tests.cases import Built, build_text

HEAD = "---\ntitle: T\nlang: en-US\nidentifier: urn:x\n---\n\n"
WORDS = "and some words that are set before what is as long as a line of type can be"
LONG, LONE = "x" * 47, "z" * 16
BEFORE = "A first paragraph.\n\n"


def reported(built: Built) -> list[tuple[int | None, str]]:
    findings = [each for each in built.findings if each.code is Code.TYPESETTING]
    return [(each.where.line if each.where else None, each.message) for each in findings]


@pytest.mark.parametrize("mark", ["", "- ", "> "])
def test_a_word_alone_on_an_inner_line_is_reported(mark: str) -> None:
    built = build_text(f"{HEAD}{BEFORE}{mark}{LONG} {LONE} {LONG} {WORDS}.\n")
    short = [line for line, message in reported(built) if f"“{LONE}” is too short" in message]
    assert short == [9]


def test_wide_spaces_are_reported_with_the_line_of_the_manuscript_that_they_stand_in() -> None:
    text = f"{WORDS} {WORDS}\n{WORDS}\nthe three words {LONG} {WORDS}.\n"
    built = build_text(HEAD + BEFORE + text)
    (place, message) = reported(built)[0]
    assert "times as wide as usual" in message
    assert place in {9, 10, 11}


@pytest.mark.parametrize(
    "text",
    [
        f"| yes\n| {LONG}\n",  # verse
        f"```\nyes\n{LONG}\n```\n",  # code
        f"{WORDS} yes\\\n{LONG[:10]}\\\n{LONG}\n",  # lines that their author breaks
        f"yes {LONG}\n",  # the last line
        f"| a | b |\n|---|---|\n| yes {LONG} | no |\n",  # ragged text
        f"## yes {LONG}\n\nText.\n",
        "漢字" * 60 + "\n",  # filled between its characters
    ],
)
def test_lines_that_nothing_has_to_fill_are_not_reported(text: str) -> None:
    built = build_text(HEAD + BEFORE + text)
    assert not [m for _, m in reported(built) if "too short" in m or "as wide as" in m]
