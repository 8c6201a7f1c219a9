"""The table of formats, and how the command line uses it."""

from dataclasses import replace
from pathlib import Path

import pytest

from chapbook.cli.inputs import job
from chapbook.pipeline import Job, build
from chapbook.writers.registry import (
    FORMATS,
    PAGED,
    READING_FORMATS,
    Format,
    format_of_content,
    format_of_suffix,
    listed_formats,
    media_type_of,
    readable_formats,
    released_formats,
    resolve,
)

ROWS = list(FORMATS.values())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Job:
    path = tmp_path_factory.mktemp("formats") / "essay.md"
    path.write_text("---\ntitle: A\nlang: en\n---\n\nText.\n", "utf-8")
    return job(str(path))


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_makes_the_files_that_its_row_names(name: str, small: Job) -> None:
    result = build(small, [name]).artefacts
    assert tuple(each.suffix for each in result) == FORMATS[name].suffixes
    assert {each.format for each in result} == {name}


def test_no_two_formats_write_one_file() -> None:
    suffixes = [suffix for row in ROWS for suffix in row.suffixes]
    assert len(set(suffixes)) == len(suffixes)


def test_every_function_that_a_row_names_exists() -> None:
    for row in ROWS:
        for name in (row.writer, row.reader, row.judge, row.record, row.cover):
            assert name is None or callable(resolve(name)), row.name


def test_every_format_that_is_read_back_says_what_it_is(small: Job) -> None:
    for row in readable_formats():
        if row.signature is None:  # plain text says nothing of itself
            continue
        (result,) = build(small, [row.name]).artefacts
        assert format_of_content(result.content) is row
        assert format_of_suffix(result.suffix.upper()) is row


@pytest.mark.parametrize(
    "content", [b"", b"PK\x05\x06", b"words about %PDF- files", b" " * 1024 + b"<html>", b"\x89PNG"]
)
def test_other_files_are_of_no_format(content: bytes) -> None:
    assert format_of_content(content) is None


def test_a_page_that_mentions_another_format_is_a_page() -> None:
    page = b"<!-- PK\x03\x04 %PDF- -->\n<!DOCTYPE HTML><title>%PDF-</title>"
    assert format_of_content(page) is FORMATS["html"]


def test_readers_get_three_formats_and_printers_two_more() -> None:
    assert READING_FORMATS == ("pdf", "epub", "html")
    assert released_formats("home") == READING_FORMATS
    assert released_formats("kdp") == (*READING_FORMATS, "press", "cover")


def test_what_is_released_to_readers_is_read_back() -> None:
    assert set(READING_FORMATS) <= {row.name for row in readable_formats()}
    assert PAGED in readable_formats()


def test_catalogs_list_what_is_best_for_e_readers_first() -> None:
    assert [row.name for row in listed_formats()] == ["epub", "pdf", "html"]


def test_each_file_has_its_own_media_type() -> None:
    assert media_type_of("outputs/essay-cover.jpg") == "image/jpeg"
    assert media_type_of("outputs/essay-cover.pdf") == "application/pdf"
    assert media_type_of("outputs/essay.epub") == "application/epub+zip"
    assert media_type_of("notes.md") is None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_format_is_a_value(row: Format) -> None:
    assert hash(row) == hash(replace(row))
    with pytest.raises(AttributeError):
        row.name = "other"  # type: ignore[misc]


def test_no_other_module_has_a_table_of_formats() -> None:
    package = Path(__file__).parents[2] / "chapbook"
    words = {
        f'"{word}"': row.name
        for row in readable_formats()
        for word in (row.name, row.suffix, row.media_type)
        if not word.startswith("text") or row.signature  # others write text, too
    }
    named = {
        path.relative_to(package).as_posix(): {
            words[word] for word in words if word in path.read_text("utf-8")
        }
        for path in package.rglob("*.py")
    }
    tables = {path for path, formats in named.items() if len(formats) > 1}
    assert tables == {
        "writers/registry.py",
        "reading/dialects/conditions.py",  # what authors of other tools call families of formats
    }
