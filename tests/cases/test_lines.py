"""Lines of paragraphs in print: filled, and broken where the language and the matter allow it."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyphen

from tests.cases import build_case, build_text
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


def added_hyphens(pages: Iterable[str]) -> set[str]:
    """The words that run over the end of a line within a page, with a hyphen where they break."""
    breaks = (re.findall(r"(\w+)\ufffe\s*([a-z]+)", page) for page in pages)
    result = [each for page in breaks for each in page]
    return {f"{start}-{end}" for start, end in result}


def test_english_without_a_region_has_american_breaks() -> None:
    broken = added_hyphens(build_case("hyphenation-en").pdf_pages)
    patterns = pyphen.Pyphen(lang="en_US", left=3, right=3)
    words = {word.replace("-", "").casefold() for word in broken}
    assert words
    allowed = {"-".join(parts) for word in words for parts in patterns.iterate(word)}
    assert {word.casefold() for word in broken} <= allowed


def test_british_english_keeps_its_own_breaks() -> None:
    words = "representatives attempted temporary processes " * 60
    built = build_text(f"---\ntitle: T\nlang: en-GB\nidentifier: urn:x\n---\n\n{words}\n")
    broken = added_hyphens(built.pdf_pages)
    patterns = pyphen.Pyphen(lang="en_GB", left=3, right=3)
    assert broken
    assert broken <= {"-".join(parts) for word in words.split() for parts in patterns.iterate(word)}
