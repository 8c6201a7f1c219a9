"""Code taken apart for highlighting: no character changes, and little markup is made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.transforms.highlighting import CLASSES, LARGEST, LONGEST_LINE, highlighted, nearest
from tests.golden_cases import ROOT


def kinds(code: str, language: str) -> list[tuple[str, str]]:
    return [piece for piece in highlighted(code, language) or () if piece[1]]


@pytest.mark.parametrize(
    ("language", "code", "expected"),
    [
        (
            "python",
            'def f():\n    return not "x"  # why',
            [
                ("def", "keyword"),
                ("f", "name"),
                ("return not", "keyword"),
                ('"x"', "string"),
                ("# why", "comment"),
            ],
        ),
        ("Python", "pass", [("pass", "keyword")]),
        ("diff", "-x\n+y", [("-x", "removed"), ("+y", "added")]),
        ("html", "<p>a", [("p", "name")]),
        ("c", "#include <a.h>", [("#include", "keyword"), ("<a.h>", "string")]),
        ("bash", "ls  # all", [("# all", "comment")]),
        ("text", "def f", []),
    ],
)
def test_kinds(language: str, code: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(code, language) == expected


def test_a_comment_of_several_lines_is_a_piece_a_line() -> None:
    assert kinds("/* a\n\n   b */", "c") == [("/* a", "comment"), ("b */", "comment")]


@given(st.text(max_size=200), st.sampled_from("python c html json yaml bash diff tex css".split()))
def test_the_pieces_are_the_code_and_marked_ones_end_with_their_line(
    code: str, language: str
) -> None:
    pieces = highlighted(code, language)
    if pieces is not None:  # Pygments unites line ends of other kinds, which no manuscript has
        assert "".join(text for text, _ in pieces) == code
        assert all(kind in CLASSES and text.strip() == text for text, kind in pieces if kind)
        assert not any("\n" in text for text, kind in pieces if kind)


def test_source_code_makes_few_spans() -> None:
    code = (ROOT / "chapbook" / "reading" / "reader.py").read_text("utf-8")
    assert "".join(text for text, _ in highlighted(code, "python") or ()) == code
    assert len(kinds(code, "python")) < 1.5 * code.count("\n")


@pytest.mark.parametrize("code", ["x" * (LONGEST_LINE + 1), "x\n" * LARGEST])
def test_what_is_no_code_to_be_read_is_left_plain(code: str) -> None:
    assert highlighted(code, "python") is None


def test_unknown_languages_are_plain_and_slips_are_known() -> None:
    assert highlighted("x", "pyhton") is None
    assert [nearest(name) for name in ("pyhton", "haskel", "mermaid", "python", "py")] == [
        "python",
        "haskell",
        None,
        None,
        None,
    ]
