"""The adapter to pandoc reports pandoc's messages with their lines."""

from __future__ import annotations

import pytest

from chapbook.model.document import Manuscript
from chapbook.model.errors import Code
from chapbook.reading import pandoc


def source(text: str, first_line: int = 1) -> pandoc.Source:
    return pandoc.Source(text, {}, Manuscript("essay.md", "essay", b"", text), first_line)


LEFT_OUT = "is not supported and was left out"
INSTEAD = "write it in Markdown, or in HTML"


def findings(text: str, first_line: int = 1) -> list[tuple[Code, str, int | None]]:
    converted = pandoc.convert(source(text, first_line))
    return [
        (finding.code, finding.message, finding.where.line)
        for finding in converted.findings
        if finding.where
    ]


def test_raw_latex_is_reported_with_its_line() -> None:
    text = "Words \\ref{é “x”} here.\n\n\\begin{foo}\na\n\\end{foo}\n"
    assert findings(text, first_line=10) == [
        (Code.RAW_DROPPED, f"raw LaTeX {LEFT_OUT}: \\ref{{é “x”}}; {INSTEAD}", 10),
        (Code.RAW_DROPPED, f"raw LaTeX {LEFT_OUT}: \\begin{{foo}} a \\end{{foo}}; {INSTEAD}", 12),
    ]


def test_each_piece_of_raw_latex_has_its_own_line_whatever_code_and_notes_say() -> None:
    text = (
        "`\\vskip 1em` [^n]\n\nthen \\vskip 1em\n\n    \\vskip 1em\n\n[^n]: A \\vskip 2em note.\n\n"
        "again \\vskip 1em\n\n`\\x`{=latex} before \\xx\n"
    )
    messages = [(message.split(": ")[1].split(";")[0], line) for _, message, line in findings(text)]
    assert sorted(messages) == [
        ("\\vskip 1em", 3),
        ("\\vskip 1em", 9),
        ("\\vskip 2em", 7),
        ("\\x", 11),
        ("\\xx", 11),
    ]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a \\emph{b} c", "<p>a <em>b</em> c</p>"),
        ("a \\textbf{b \\textit{c}}", "<p>a <strong>b <em>c</em></strong></p>"),
        ("\\begin{quote}\nb\n\\end{quote}", "<blockquote> <p>b</p> </blockquote>"),
        ("\\begin{itemize}\n\\item b\n\\end{itemize}", "<ul> <li><p>b</p></li> </ul>"),
        ("`b`{=latex}", ""),  # for LaTeX alone, says its author
        ("a \\foo{b}", "<p>a </p>"),  # pandoc's reader would take the argument for words
        ("\\begin{quote}\n\\input{/etc/passwd}\n\\end{quote}", ""),
    ],
)
def test_latex_that_everybody_knows_is_read_and_no_other(text: str, html: str) -> None:
    assert " ".join(pandoc.convert(source(text)).html.split()).replace("<p></p>", "") == html


def test_an_equation_in_latex_is_a_formula() -> None:
    text = "\\begin{align*}\na &= b \\\\\nc &= d\n\\end{align*}"
    assert "<math" in pandoc.convert(source(text)).html


def test_raw_text_for_another_format_is_reported() -> None:
    assert findings("a\n\n```{=docx}\n<w/>\n```\n") == [
        (Code.RAW_DROPPED, f"raw docx {LEFT_OUT}: <w/>; {INSTEAD}", 4)
    ]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a\n\n[^n]: Nobody calls this.\n", 7, "write [^n] where it belongs"),
        ("a[^n]\n\n[^n]: One.\n\n[^n]: Two.\n", 9, "only the last is kept; give it another name"),
        ("a\n\n::: b\nc\n\nd\n", 7, "close it with a line :::"),
        ("a\n\n<div>\nc\n\nd\n", 7, "close it with </div>"),
        ("# A {#x}\n\n# B {#x}\n\nc\n", 7, "links lead to the first; give this one another"),
        ("[a]: https://a/\n[a]: https://b/\n\nb\n", 6, "two addresses are called [a]"),
    ],
)
def test_what_pandoc_warns_of_says_what_to_do(text: str, line: int, says: str) -> None:
    [(code, message, reported)] = findings(text, first_line=5)
    assert (code, reported) == (Code.CONVERSION, line)
    assert says in message


def test_what_pandoc_only_mentions_is_no_finding() -> None:
    assert findings("plain *words*\n") == []


@pytest.mark.parametrize("kind", ["Emph", "Note"])
def test_pandocs_own_tree(kind: str) -> None:
    [paragraph] = pandoc.parse(source("*a*^[b]"))["blocks"]
    assert kind in [inline["t"] for inline in paragraph["c"]]
