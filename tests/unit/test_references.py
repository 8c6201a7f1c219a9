"""Numbers and cross-references, from the Markdown in which authors write them."""

from __future__ import annotations

import pytest

from chapbook.design.templates import load_templates
from chapbook.model.document import Document
from chapbook.model.dom import text_of
from chapbook.model.errors import SourceError
from chapbook.pipeline import Job, publish
from chapbook.reading.manuscript import decode
from chapbook.reading.pandoc import _most_open

HEAD = "---\ntitle: T\nlang: {lang}\nidentifier: urn:x\n{more}\n---\n\n"
TABLE = "| a |\n|---|\n| b |\n\n: {caption}\n\n"


def prepared(text: str, more: str = "", lang: str = "en") -> Document:
    content = (HEAD.format(lang=lang, more=more) + text).encode()
    return publish(Job(decode("m.md", "m", content), None, {}, load_templates(None))).document


def paragraphs(document: Document) -> list[str]:
    return [text_of(node) for node in document.body.iter("p")]


def messages_of(document: Document) -> list[str]:
    return [f"{finding.where}: {finding.message}" for finding in document.findings]


def test_references_say_what_they_lead_to_in_the_language_of_the_text() -> None:
    text = TABLE.format(caption="Zahlen {#tbl:x}") + "Siehe [@tbl:x], nur [-@tbl:x]."
    assert paragraphs(prepared(text, lang="de")) == ["Siehe Tabelle 1, nur 1."]


def test_both_spellings_of_a_name_are_one() -> None:
    text = "# One {#sec-one}\n\n[@sec:one], @sec-one and [](#sec:one).\n"
    document = prepared(text, "number-sections: true")
    assert paragraphs(document) == ["Section 1, Section 1 and Section 1."]
    assert {node.get("href") for node in document.body.iter("a")} == {"#sec-one"}


def test_a_reference_that_has_no_target_is_reported_with_its_line_and_the_nearest_name() -> None:
    text = TABLE.format(caption="Counts {#tbl:counts}") + "Text.\n\nSee [@tbl:cuonts]."
    document = prepared(text)
    assert messages_of(document) == [
        "m.md:16: the reference to “tbl:cuonts” has no target; did you mean “tbl:counts”?"
    ]
    assert paragraphs(document)[-1] == "See tbl:cuonts."


def test_a_name_that_two_things_have_is_reported_at_the_second() -> None:
    text = TABLE.format(caption="One {#tbl:x}") + TABLE.format(caption="Two {#tbl:x}")
    (message,) = messages_of(prepared(text + "See [@tbl:x]."))
    assert message.startswith("m.md:18: “tbl:x” names two things")


def test_what_has_no_number_cannot_be_referred_to_by_it() -> None:
    (message,) = messages_of(prepared("[x]{#fig:x}\n\nSee [](#fig:x)."))
    assert message.startswith("m.md:10: the reference to “fig:x” has no text")


def test_only_what_is_referred_to_or_listed_is_numbered() -> None:
    two = TABLE.format(caption="One") + TABLE.format(caption="Two {#tbl:two}")
    captions = [text_of(node) for node in prepared(two).body.iter("caption")]
    assert captions == ["One", "Table 1 Two"]
    listed = prepared(two, "list-of-tables: true")
    assert paragraphs(listed)[:2] == ["Table 1 One", "Table 2 Two"]


def test_what_is_captioned_is_numbered_by_chapter_in_books_alone() -> None:
    text = "# A\n\n" + TABLE.format(caption="x {#tbl:x}") + "# B\n\n"
    text += TABLE.format(caption="y {#tbl:y}")
    for more, expected in (("documentclass: book", "Table 2.1 y"), ("", "Table 2 y")):
        assert [text_of(node) for node in prepared(text, more).body.iter("caption")][1] == expected


def test_sections_are_numbered_but_for_those_that_stand_apart() -> None:
    text = (
        "# P {.frontmatter}\n\n## Q\n\n# A\n\n## B\n\n# C {.unnumbered}\n\n# D\n\n# E {.appendix}"
    )
    document = prepared(text, "number-sections: true\ndocumentclass: book")
    headings = [text_of(section[0]) for section in document.body.iter("section")]
    assert headings == ["P", "Q", "1 A", "1.1 B", "C", "2 D", "A E"]


def test_numbers_are_no_part_of_names() -> None:
    document = prepared("# One thing\n\n[a](#One-Thing)", "number-sections: true")
    assert [node.get("href") for node in document.body.iter("a")] == ["#one-thing"]


def test_handles_and_addresses_are_no_citations() -> None:
    text = "# A {#sec:a}\n\nAsk @ada or ada@example.org, see [@sec:a]."
    assert paragraphs(prepared(text)) == ["Ask @ada or ada@example.org, see A."]
    assert messages_of(prepared(text)) == []


def test_page_references_are_empty_until_pages_are_known() -> None:
    document = prepared("# A {#sec:a}\n\n[@sec:a]{.page}!", lang="de")
    (number,) = [node for node in document.body.iter("a") if node.get("class") == "cb-page-ref"]
    assert paragraphs(document) == ["A auf Seite !"]
    assert number.get("href") == "#sec-a"


def test_a_text_that_takes_pandoc_too_long_is_reported_with_its_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chapbook.reading.pandoc.LONGEST_SECONDS", 1.0)
    with pytest.raises(SourceError, match=r"m\.md:10: pandoc did not finish in 1 seconds"):
        prepared(f"See [@sec:a].\n\n{'abc [def ' * 40}\n")


@pytest.mark.parametrize("before", ["", "One line.\n\n"])
def test_the_paragraph_with_many_open_brackets_is_found(before: str) -> None:
    text = f"{before}Fine [a](b).\n\n{'abc [def ' * 20}\n\nEnd.\n"
    assert _most_open(text) == text[: text.index("abc")].count("\n") + 1
    assert _most_open("Fine [a](b) [c.") is None
