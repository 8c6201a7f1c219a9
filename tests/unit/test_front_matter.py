"""The front matter block is separated from the text, and every key has its line."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.model.document import Manuscript
from chapbook.model.errors import Code, Place, SourceError
from chapbook.reading.front_matter import Metablock, read_settings, split
from chapbook.reading.manuscript import decode
from chapbook.reading.yaml_reader import Entry


def manuscript(text: str) -> Manuscript:
    return decode("essay.md", "essay", text.encode())


def block(text: str, defaults: dict[str, Entry] | None = None) -> Metablock:
    return split(manuscript(text), defaults or {})


def values(of: Metablock) -> dict[str, object]:
    return {key: entry.value for key, entry in of.entries.items()}


def test_scalars_stay_as_they_were_typed() -> None:
    result = block("---\nedition: 1.0\nlang: no\ndate: 2026-11-22\nrights: 0x1F\n---\na\n")
    assert values(result) == {
        "edition": "1.0",
        "lang": "no",
        "date": "2026-11-22",
        "rights": "0x1F",
    }
    assert (result.text, result.first_line) == ("a\n", 7)
    assert result.where("lang") == Place("essay.md", 3)
    assert result.where("title") is None


@pytest.mark.parametrize(
    ("text", "first_line"),
    [
        ("a\n", 1),
        ("---\n---\na\n", 3),
        ("---  \nlang: en\n...\t\na\n", 4),
        ("---\n# a comment\n---\na\n", 4),
        ("---\n\nA rule, and words.\n\n---\n", 1),
        ("----\nlang: en\n----\n", 1),
    ],
)
def test_where_the_text_begins(text: str, first_line: int) -> None:
    result = block(text)
    assert result.first_line == first_line
    assert text.endswith(result.text)


def test_a_block_below_empty_lines_is_read_with_its_own_lines() -> None:
    result = block("\n \n---\nlang: en\n---\na\n")
    assert (result.text, result.first_line) == ("a\n", 6)
    assert result.where("lang") == Place("essay.md", 4)


def test_a_word_processors_quotation_marks_are_reported() -> None:
    with pytest.raises(SourceError, match=r'^essay\.md:3: .* straight .*: title: "A: b"$'):
        block("---\nlang: en\ntitle: “A: b”\n---\na\n")


def test_other_names_mean_the_same() -> None:
    result = block("---\ncreator: A\nlanguage: en\ndescription: B\nsubject: C\n---\na\n")
    assert values(result) == {"author": "A", "lang": "en", "abstract": "B", "keywords": "C"}
    assert result.findings == ()


def test_both_names_at_once_are_reported() -> None:
    for text in ("author: A\ncreator: B", "creator: B\nauthor: A"):
        result = block(f"---\n{text}\n---\na\n")
        assert values(result) == {"author": "A"}
        assert [finding.code for finding in result.findings] == [Code.METADATA_KEY]


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("titel", "title"),
        ("athor", "author"),
        ("languag", "lang"),
        ("Title", "title"),
        ("isnb", "isbn"),
    ],
)
def test_an_unknown_key_is_reported_with_its_line_and_the_nearest(key: str, nearest: str) -> None:
    (findings,) = block(f"---\nrights: A\n{key}: B\n---\na\n").findings
    assert findings.where == Place("essay.md", 3)
    assert f"“{key}”" in findings.message
    assert f"did you mean “{nearest}" in findings.message


def test_a_key_like_no_other_has_no_effect() -> None:
    (findings,) = block("---\nxyzzy: B\n---\na\n").findings
    assert "it has no effect" in findings.message


def test_unknown_keys_of_people_have_their_own_lines() -> None:
    result = block("---\nauthor:\n  - name: A\n    rol: edt\n  - name: B\n    orcd: x\n---\na\n")
    assert [(finding.where, finding.message) for finding in result.findings] == [
        (Place("essay.md", 4), "unknown metadata key “rol”: did you mean “role”?"),
        (Place("essay.md", 6), "unknown metadata key “orcd”: did you mean “orcid”?"),
    ]


def test_the_block_overrides_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "chapbook.toml"
    path.write_text(
        '# ours\npublisher = "P"\ncreator = "Q"\nedition = 2\n\n[extra]\na = 1\n', "utf-8"
    )
    result = block("---\nauthor: A\ntitle: T\n---\na\n", dict(read_settings(path)))
    assert values(result) == {"publisher": "P", "author": "A", "edition": "2", "title": "T"}
    assert result.where("publisher") == Place("chapbook.toml", 2)
    assert result.where("author") == Place("essay.md", 2)
    assert [finding.where for finding in result.findings] == [Place("chapbook.toml", 6)]


def test_settings_may_be_absent_or_empty(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "chapbook.toml") == {}
    (tmp_path / "chapbook.toml").write_bytes(b"")
    assert read_settings(tmp_path / "chapbook.toml") == {}


def test_settings_hold_people(tmp_path: Path) -> None:
    path = tmp_path / "chapbook.toml"
    path.write_text('[[author]]\nname = "A"\nrol = "aut"\n', "utf-8")
    result = block("a\n", dict(read_settings(path)))
    assert values(result) == {"author": [{"name": "A", "rol": "aut"}]}
    assert [finding.where for finding in result.findings] == [Place("chapbook.toml", 1)]


def test_a_later_block_is_reported_and_blanked() -> None:
    result = block("---\ntitle: A\n---\na\n\n---\ntitle: B\nlang: de\n---\n\nb\n")
    assert values(result) == {"title": "A"}
    assert result.text.split() == ["a", "b"]
    assert result.text.count("\n") == 8
    assert [finding.where for finding in result.findings] == [Place("essay.md", 6)]


yamlish = st.text(
    st.sampled_from("abc:-#[]{},&*!|>'\"%@` \n\t?.0é<=~\\") | st.characters(codec="utf-8"),
    max_size=60,
)


def outcome(inner: str) -> Metablock | SourceError:
    try:
        return block(f"---\n{inner}\n---\na\n")
    except SourceError as error:
        return error


@given(yamlish)
def test_no_block_does_anything_but_raise_a_source_error(inner: str) -> None:
    result = outcome(inner)
    if isinstance(result, Metablock):
        assert result.text.endswith("a\n")
        return
    assert result.where is not None
    assert result.where.line is None or 1 <= result.where.line <= inner.count("\n") + 6
    assert result.remedy or result.where.line is None


@given(st.binary(max_size=80))
def test_no_settings_do_anything_but_raise_a_source_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("settings") / "chapbook.toml"
    path.write_bytes(content)
    with contextlib.suppress(SourceError):
        read_settings(path)
