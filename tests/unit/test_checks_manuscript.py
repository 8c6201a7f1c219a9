"""The expected content, read from pandoc's own tree."""

from __future__ import annotations

from typing import Any

import pytest

from chapbook.checks.expected import expect
from chapbook.checks.outline import Note, Outline, Passage, as_json
from chapbook.checks.outline_builder import outline_parts
from chapbook.checks.read_manuscript import tree_of_manuscript
from chapbook.design.templates import load_templates
from chapbook.lang.quotation_marks import marked
from chapbook.model.document import Manuscript
from chapbook.pipeline import Job
from chapbook.reading import pandoc
from chapbook.reading.manuscript import decode


def parts(text: str) -> tuple[Passage, tuple[Note, ...]]:
    source = pandoc.Source(text, {}, Manuscript("essay.md", "essay", b"", text))
    return outline_parts(tree_of_manuscript(pandoc.parse(source)["blocks"]))


def words(text: str) -> str:
    return marked(" ".join(parts(text)[0].blocks), "en")


def outline(text: str) -> Outline:
    manuscript = decode("essay.md", "essay", text.encode())
    return expect(Job(manuscript, None, {}, load_templates(None))).outline()


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("a <b>b</b> c", "a b c"),
        ("<script>x = 1</script> after", "after"),
        ("before <script>x</script>after", "before after"),
        ("a <!-- not this --> b", "a b"),
        ("a <svg><text>no</text></svg> b", "a b"),
        ("<p>one<p>two", "one two"),
        ("<textarea>kept</textarea>", "kept"),
        ("a<br>b", "a b"),
        ("a<wbr>b", "ab"),
        ("<q>said</q>", "“said”"),
        ("&lt;b&gt; and <i>&amp;</i>", "<b> and &"),
        ("</div> stray end tags </b>", "stray end tags"),
        ("<title>no</title> yes", "yes"),
        ("`raw`{=latex} kept", "kept"),
        ("- [ ] task", "task"),
        ("| a\n| b", "a b"),
        ("\"x\" -- 'y'...", "“x” – ‘y’…"),
        ("a$x$b", "a b"),
    ],
)
def test_words(markdown: str, expected: str) -> None:
    assert words(markdown) == expected


def test_a_raw_element_left_open_in_markdown_ends_with_what_holds_it() -> None:
    passage, _ = parts("> <em>quoted\n\nafter")
    assert passage.quotes == ("quoted",)
    assert [each.text for each in passage.emphasis] == ["quoted"]


def test_raw_tables_around_markdown() -> None:
    passage, _ = parts("<table><tr><td>\n\n*a*\n\n</td><td>b</td></tr></table>\n")
    assert [table.rows for table in passage.tables] == [(("a", "b"),)]


def test_notes_know_where_they_are_called() -> None:
    _, notes = parts("One two three four five.[^1] Six.^[b]\n\n[^1]: a\n")
    messages = [(note.after, note.text.blocks if note.text else (), note.returns) for note in notes]
    assert messages == [
        ("two three four five.", ("a",), True),
        ("three four five. Six.", ("b",), True),
    ]


def test_the_title_stands_once() -> None:
    assert outline("# The *title*\n\nText.").text.blocks == ("Text.",)
    assert outline("# The *title*\n\nText.").title == "The title"
    repeated = outline("---\ntitle: A\nsubtitle: B\n---\n\n# A: B\n\nText.")
    assert (repeated.title, repeated.subtitle, repeated.text.blocks) == ("A", "B", ("Text.",))
    two = outline("# One\n\n# Two\n")
    assert [heading.text for heading in two.text.headings] == ["One", "Two"]


def test_links_that_are_none_are_words() -> None:
    result = outline(
        "[a](x.md) [b](#no) [c](javascript:x) [d](#Some-Where)\n\n## Some where\n"
    ).text
    assert [(link.text, link.target) for link in result.links] == [("d", "→ Some where")]
    assert result.blocks[0] == "a b c d"


def test_an_image_that_may_not_be_read_is_its_description() -> None:
    result = outline("Before ![the alt](http://example.org/x.png) after.").text
    assert result.blocks == ("Before the alt after.",)
    assert result.pictures == ()


def test_json_is_short_and_readable() -> None:
    values: Any = as_json(outline("# A\n\n## B\n\n- x\n- *y*\n").text)
    assert values == {
        "blocks": ["B", "x", "y"],
        "headings": ["# B"],
        "items": ["• | x", "• | y"],
        "emphasis": ["em: y"],
    }
