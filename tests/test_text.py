"""Plain text: its lines, its options, and that no change of it passes the check."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from chapbook.checks.compare import differences
from chapbook.checks.expected import expect
from chapbook.checks.outline import Outline
from chapbook.checks.plain_words import plain_outline, with_code
from chapbook.checks.read_text import read_text
from chapbook.checks.reading import Unreadable
from chapbook.cli import chapbook, inputs
from chapbook.design.templates import Design
from chapbook.model.errors import Code
from chapbook.pipeline import Job, build
from chapbook.writers.text import WIDTH, columns, wrap, write_text
from tests import mutations as m
from tests.test_mutations import TEXT

MUTANT = Path(__file__).parent / "mutant" / "manuscript.md"

BOOK = """---
title: The Book
subtitle: Of Things
author: [Ann Example, Bob Example]
documentclass: book
lang: en
identifier: urn:x
date: 2020-01-02
---

# One

Words[^1] with [a link](https://example.org/x) and <https://example.org/y>,
10^3^, H~2~O and $x^2$.

[^1]: A note.

    Its second paragraph.

- tight

  1. and nested

Term
:   Meaning.

| A | B |
|---|--:|
| x | 100 |

```
def f():
    return  1
```

| A line of verse
|   and another

---

# Two

More.[^2]

[^2]: Another.
"""

PAGE = """\
The Book
Of Things
Ann Example, Bob Example

January 2, 2020
========================================

One
===

Words[1] with a link
<https://example.org/x> and
https://example.org/y, 10³, H₂O and
$x^2$.

• tight

  1. and nested

Term
    Meaning.

A |   B
--+----
x | 100

    def f():
        return  1

A line of verse
  and another

                   ⁂

Notes
-----

[1] A note.

    Its second paragraph.

Two
===

More.[2]

Notes
-----

[2] Another.
"""


@cache
def job(path: Path = MUTANT) -> Job:
    return inputs.job(str(path))


def text_of(job: Job, **options: int) -> str:
    return build(job, ["text"], options=options).artefacts[0].content.decode()


def test_what_stands_for_what(tmp_path: Path) -> None:
    (path := tmp_path / "book.md").write_text(BOOK, "utf-8")
    assert text_of(inputs.job(str(path)), width=40) == PAGE


def test_the_numbers_of_pages_stand_at_the_margin(tmp_path: Path) -> None:
    (path := tmp_path / "book.md").write_text(BOOK, "utf-8")
    lines = text_of(inputs.job(str(path)), width=40, page_numbers=True).splitlines()
    margins = [line.rpartition("|") for line in lines if re.search(r"  \|\w+$", line)]
    assert {columns(words) for words, _, _ in margins} == {42}
    assert [(words.rstrip(), page) for words, _, page in margins] == [("One", "1"), ("Two", "3")]


# Lines ------------------------------------------------------------------------------------------

WORDS = st.text(st.sampled_from("ab é漢字、。「」한글 \u0301ـ"), max_size=80)


@given(WORDS, st.integers(4, 30))
def test_no_word_is_changed_and_no_line_too_long(text: str, width: int) -> None:
    text = " ".join(text.split())
    lines = [line.text for line in wrap(text, width)]
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines:
        assert columns(line) <= width or len(list(wrap(line, 1))) == 1 or " " not in line


def test_japanese_lines_end_between_characters_that_may_be_parted() -> None:
    lines = [
        line.text for line in wrap("安全保障支援とは「国際関係」における、重要な概念である。", 16)
    ]
    assert lines == ["安全保障支援とは", "「国際関係」にお", "ける、重要な概念", "である。"]


def test_korean_lines_end_at_spaces() -> None:
    assert [line.text for line in wrap("안보 지원은 국제", 8)] == ["안보", "지원은", "국제"]


# The check --------------------------------------------------------------------------------------


@cache
def expected() -> Outline:
    return plain_outline(expect(job()).for_family("pdf"), (), {})


def found(content: str) -> set[Code]:
    """The codes of what differs in the plain text *content* of the mutant."""
    reading = with_code(read_text(content.encode()), expected().text.code)
    return {each.code for each in differences(expected(), reading)}


@cache
def finished() -> str:
    return text_of(job())


UNSEEN = {
    "a heading dropped",  # its words stay
    "a heading's level",
    "a link's section",
    "a quote unmarked",
    "a table's header cell",
    "a symbol of a formula altered",  # its TeX stays
    "a symbol of a formula dropped",
    "an item nested",
    "two calls crossed",  # their numbers stay
}
"""What plain text does not show, of what can be altered in the other formats."""


def test_the_untouched_text_agrees() -> None:
    assert found(finished()) == set()


@pytest.mark.parametrize("name", sorted(TEXT))
def test_an_altered_document(name: str) -> None:
    publication = m.altered(job(), TEXT[name][0])
    design = Design(job().templates, publication.metadata.theme)
    content = write_text(publication, design).content.decode()
    assert (found(content) != set()) == (name not in UNSEEN)


def is_furniture(line: str) -> bool:
    """Whether *line* holds no word: a rule, or a date below the title."""
    return not line.strip("=-+⁂ ") or "2026" in line


def test_no_line_is_lost_unnoticed() -> None:
    lines = finished().splitlines()
    lost = [at for at, line in enumerate(lines) if not is_furniture(line)]
    assert len(lost) > 25
    kept = [lines[at] for at in lost if not found("\n".join([*lines[:at], *lines[at + 1 :]]))]
    assert kept == []


def test_no_word_is_lost_doubled_or_moved_unnoticed() -> None:
    lines = finished().splitlines()
    unnoticed = []
    for at, line in enumerate(lines):
        if is_furniture(line):
            continue
        words = line.split(" ")
        changed = [words[:n] + words[n + 1 :] for n, word in enumerate(words) if word]
        changed += [words[: n + 1] + words[n:] for n, word in enumerate(words) if word]
        changed += [
            [*words[:n], words[n + 1], words[n], *words[n + 2 :]]
            for n in range(len(words) - 1)
            if words[n] != words[n + 1] and words[n] and words[n + 1]
        ]
        unnoticed += [
            each
            for each in changed
            if not found("\n".join([*lines[:at], " ".join(each), *lines[at + 1 :]]))
        ]
    assert unnoticed == []


def test_code_keeps_its_indents() -> None:
    altered = finished().replace("    first = 1", "      first = 1")
    assert altered != finished()
    assert found(altered) == {Code.CODE_DIFFERS}


@pytest.mark.parametrize("content", [b"\xff", b"no rule\n"])
def test_what_is_no_text_of_ours_is_unreadable(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_text(content)


# The command line -------------------------------------------------------------------------------


def test_the_options_of_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("book.md").write_text(BOOK, "utf-8")
    run = CliRunner().invoke
    built = ["build", "book.md", "--format", "text"]
    assert run(chapbook, [*built, "--width", "40"]).exit_code == 0
    assert Path("build/book.txt").read_text("utf-8") == PAGE
    assert "up to date" in run(chapbook, [*built, "--width", "40"]).output
    assert "up to date" not in run(chapbook, built).output
    lines = Path("build/book.txt").read_text("utf-8").splitlines()
    assert "=" * WIDTH in lines
    assert run(chapbook, ["check", "book.md"]).output.startswith("build/book.txt  agrees")
    assert run(chapbook, [*built, "--width", "19"]).exit_code == 2
    refused = run(chapbook, ["build", "book.md", "--page-numbers"])
    assert refused.exit_code == 2
    assert "--page-numbers goes with --format text" in refused.output


def test_page_references_are_compared_beside_the_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "---\ntitle: T\nlang: en\nidentifier: urn:x\n---\n\n# A {#a}\n\nSee [](#a){.page}.\n"
    Path("a.md").write_text(text, "utf-8")
    run = CliRunner().invoke
    assert run(chapbook, ["build", "a.md", "--format", "text"]).exit_code == 0
    alone = run(chapbook, ["check", "a.md"])
    assert "to compare it, run: chapbook build --format pdf" in alone.output
    assert run(chapbook, ["build", "a.md", "--format", "pdf"]).exit_code == 0
    assert "a.txt  agrees" in run(chapbook, ["check", "a.md"]).output
    Path("build/a.txt").write_text(Path("build/a.txt").read_text("utf-8").replace("1.", "2."))
    assert run(chapbook, ["check", "a.md"]).exit_code == 8
