"""Metadata from files of unknown origin is cleaned for feeds, pages and file names."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from chapbook.catalog import text


@given(st.text())
def test_a_line_can_stand_in_xml_and_is_one_line(value: str) -> None:
    result = text.line(value)
    node = etree.Element("a")
    node.text = result  # raises ValueError for what XML cannot hold
    assert (etree.fromstring(etree.tostring(node)).text or "") == result
    assert len(result) <= text.LONGEST_LINE
    assert result == " ".join(result.split())


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Z"])))
def test_words_are_kept_as_they_are(value: str) -> None:
    words = " ".join(value.split())
    if len(words) <= text.LONGEST_LINE and not set(words) & set("\ufffe\uffff"):
        assert text.line(value) == words


@given(st.text(), st.text())
def test_a_slug_is_a_file_name_and_the_same_each_time(value: str, other: str) -> None:
    name = text.slug(value)
    assert name == text.slug(value)
    assert 0 < len(name.encode("utf-8", "surrogatepass")) < 240
    assert not set(name) & set("/\\.:?#%&\0 ")
    one, two = text.unique_slugs([(value, "1"), (other, "2")])
    assert one != two


def test_direction_marks_and_joiners_stay() -> None:
    assert text.line("می\u200cخواهم \u200fא") == "می\u200cخواهم \u200fא"


def test_slugs_are_latin_where_the_title_is() -> None:
    assert text.slug("Işık ve Gölge") == "isik-ve-golge"
    assert text.slug("الأيام") == "الأيام"
    assert text.slug("../../etc/passwd") == "etc-passwd"
    assert len(text.slug("…")) == 8


def test_only_language_tags_are_languages() -> None:
    tags = ["en", "pt_BR", "zh-Hant-TW", "English", "und", "", None, "e", "en US", "de-"]
    assert [text.language(each) for each in tags] == ["en", "pt-BR", "zh-Hant-TW", *[""] * 7]


def test_calibres_unknown_date_is_none() -> None:
    assert text.first_date(["0101-01-01T00:00:00+00:00"]) is None
    result = text.first_date(["18. December 2020", "0845", "2020"])
    assert result is not None
    assert result.iso == "0845"


def test_descriptions_in_html_become_words() -> None:
    assert text.passage("<p>One<br/>two</p><script>x</script>") == "One two x"
    assert text.passage("a < b > c") == "a < b > c"
    assert text.passage("  ") is None
