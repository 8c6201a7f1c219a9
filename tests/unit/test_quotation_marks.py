"""Quotation marks follow the language of their text."""

import re
from pathlib import Path

import pytest

from chapbook.cli import inputs
from chapbook.lang.quotation_marks import marks
from chapbook.model.dom import text_of
from chapbook.pipeline import publish


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("en", "“a ‘b’”"),
        ("de", "„a ‚b‘“"),
        ("de-CH", "«a ‹b›»"),
        ("fr", "«\u202fa “b”\u202f»"),
        ("ru", "«a „b“»"),
        ("ja", "「a 『b』」"),
        ("zh-Hant-TW", "「a 『b』」"),
        ("zh", "“a ‘b’”"),
        ("sv", "”a ’b’”"),
        ("ar", "«a “b”»"),
    ],
)
def test_straight_marks_become_those_of_the_language(
    lang: str, expected: str, tmp_path: Path
) -> None:
    assert read(tmp_path, f"---\nlang: {lang}\n---\n\n\"a 'b'\"\n") == expected


def test_inner_passages_have_the_marks_of_their_own_language(tmp_path: Path) -> None:
    text = '"a" [x "b"]{lang=de} <i lang="fr">"c"</i>\n\n::: {lang=ja}\n"d" ["e"]{lang=ru}\n:::\n'
    assert read(tmp_path, text) == "“a” x „b“ «\u202fc\u202f» 「d」 «e»"


def test_marks_that_an_author_typed_stay_as_they_are(tmp_path: Path) -> None:
    text = "---\nlang: de\n---\n\n“a” »b« 'c’s' `\"d\"`\n"
    assert read(tmp_path, text) == '“a” »b« ‚c’s‘ "d"'


def test_raw_quotes_and_descriptions_have_them_too(tmp_path: Path) -> None:
    text = '---\nlang: de\ntitle: "Das \\"x\\""\n---\n\n<q>a <b>b</b></q>\n'
    document = publish(inputs.job(written(tmp_path, text))).document
    assert text_of(document.body) == "„a b“"
    assert document.metadata.title == "Das „x“"


def test_an_end_of_line_within_chinese_is_no_space_but_in_korean_it_is(tmp_path: Path) -> None:
    assert read(tmp_path, "漢字\n仮名。\nかな\nand\n한글\n한글\n") == "漢字仮名。かな and 한글 한글"


def test_a_tag_falls_back_to_what_it_is_a_kind_of() -> None:
    assert marks("de-CH-1996") == marks("de-CH")
    assert marks("de-AT") == marks("de") != marks("de-CH")


def written(folder: Path, text: str) -> str:
    (folder / "essay.md").write_text(text, "utf-8")
    return str(folder / "essay.md")


def read(folder: Path, text: str) -> str:
    document = publish(inputs.job(written(folder, text))).document
    return re.sub("[ \n]+", " ", "".join(document.body.itertext())).strip()
