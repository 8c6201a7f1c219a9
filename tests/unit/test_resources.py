"""The text files of a manuscript are read only beside it, and archived with it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from chapbook.model.document import Manuscript, Part, SourceFile
from chapbook.model.errors import Place, SourceError
from chapbook.reading.resources import named_files, read_beside
from chapbook.reading.yaml_reader import Entry

WHERE = Place("essay.md", 3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "desk"
    (inside / "data").mkdir(parents=True)
    (inside / "data" / "100% # ü?.bib").write_text("@book{a}", "utf-8")
    (tmp_path / "secret.bib").write_text("secret", "utf-8")
    (inside / "out.bib").symlink_to(tmp_path / "secret.bib")
    os.mkfifo(inside / "pipe.bib")
    return inside


def test_a_file_is_read_by_its_plain_name_whatever_signs_it_has(folder: Path) -> None:
    result = read_beside("./data//100% # ü?.bib", folder, WHERE)
    assert result == SourceFile("data/100% # ü?.bib", b"@book{a}")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nowhere.bib", "the bibliography “nowhere.bib” is missing — correct its name"),
        ("../secret.bib", "it leads out of the manuscript's folder"),
        ("/etc/passwd", "only files beside the manuscript are read"),
        ("https://example.org/a.bib", "only files beside the manuscript are read"),
        ("out.bib", "a symbolic link leads out"),
        ("pipe.bib", "it is not a plain file"),
        ("data", "it is not a plain file"),
        ("a\0b", "only files beside the manuscript are read"),
    ],
)
def test_what_is_not_beside_the_manuscript_is_refused_with_its_place(
    folder: Path, name: str, message: str
) -> None:
    with pytest.raises(SourceError) as caught:
        read_beside(name, folder, WHERE, "bibliography")
    assert str(caught.value).startswith("essay.md:3: the bibliography")
    assert message in str(caught.value)


def test_standard_input_has_nothing_beside_it() -> None:
    with pytest.raises(SourceError, match="standard input has no files beside it"):
        read_beside("a.bib", None, WHERE)


@pytest.mark.parametrize("value", [{"a": "b"}, ["a.bib", {"b": "c"}], "", [" "]])
def test_a_key_of_files_takes_names_alone(folder: Path, value: object) -> None:
    entries = {"bibliography": Entry(value, WHERE)}  # type: ignore[arg-type]
    with pytest.raises(SourceError, match=r"essay.md:3: .*list of names"):
        list(named_files(entries, folder))


def test_the_digest_of_several_files_is_that_of_what_sha256sum_prints() -> None:
    alone = Manuscript("desk/essay.md", "essay", b"Words.", "Words.")
    assert alone.digest == hashlib.sha256(b"Words.").hexdigest()
    both = Manuscript(
        "desk/essay.md", "essay", b"Words.", "Words.", beside=(SourceFile("a/b.bib", b"@"),)
    )
    listed = (
        f"{hashlib.sha256(b'@').hexdigest()}  a/b.bib\n"
        f"{hashlib.sha256(b'Words.').hexdigest()}  essay.md\n"
    )
    assert both.digest == hashlib.sha256(listed.encode()).hexdigest()


def test_every_line_of_the_text_has_its_place_in_a_file() -> None:
    text = "one\ntwo\nthree\nfour\n"
    parts = (Part(2, Place("b.md", 7)), Part(4, Place("a.md", 3)))
    manuscript = Manuscript("a.md", "a", b"", text, parts)
    messages = [str(manuscript.place_at(text.index(word))) for word in text.split()]
    assert messages == ["a.md:1", "b.md:7", "b.md:8", "a.md:3"]
    assert str(manuscript.place(None)) == "a.md"
