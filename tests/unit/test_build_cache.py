"""The record of a build is a shortcut, and never in the way."""

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from chapbook.cli import build_cache, chapbook
from chapbook.cli.build_cache import Entry, dump, load
from chapbook.layout import page_layout
from chapbook.model.document import Artefact, Layout
from chapbook.writers.html import writer

TEXT = "---\ntitle: T\nlang: en\nidentifier: urn:x\n---\n\nWords. ![A picture](p.svg)\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="9"/>'


def test_a_record_comes_back(tmp_path: Path) -> None:
    entries = {"a.pdf": Entry("1", ("x.png",), "2", "5 pages")}
    (tmp_path / build_cache.RECORD_NAME).write_bytes(dump(entries))
    assert load(tmp_path) == entries


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"1", b"null", b'{"a": 1}', b'{"a": {"inputs": 1}}', b"\xff\xfe",
        b"[" * 100_000, b'{"a": {"inputs": "", "assets": 1, "output": "", "extent": ""}}',
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_no_record(tmp_path: Path, content: bytes) -> None:
    (tmp_path / build_cache.RECORD_NAME).write_bytes(content)
    assert load(tmp_path) == {}


def test_assets_that_are_no_names_do_no_harm(tmp_path: Path) -> None:
    row = b'{"a": {"inputs": "", "assets": [1, null, "\\u0000"], "output": "", "extent": ""}}'
    (tmp_path / build_cache.RECORD_NAME).write_bytes(row)
    (entry,) = load(tmp_path).values()
    (tmp_path / "essay.md").write_text(TEXT, "utf-8")
    assert build_cache.inputs_digest(str(tmp_path / "essay.md"), entry.assets)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "essay.md").write_text(TEXT, "utf-8")
    (tmp_path / "p.svg").write_text(SVG.format(9), "utf-8")
    return tmp_path


def build(*arguments: str) -> str:
    done = CliRunner().invoke(
        chapbook, ["build", "--format", "html", "essay.md", *arguments], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.output


def is_current() -> bool:
    return "Everything is up to date." in build()


def test_an_unchanged_manuscript_is_not_built_again(folder: Path) -> None:
    build()
    before = (folder / "build" / "essay.html").stat().st_mtime_ns
    assert is_current()
    assert (folder / "build" / "essay.html").stat().st_mtime_ns == before
    assert "up to date" not in build("--force")


def test_layout_has_its_own_line_and_its_own_seconds(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    real_lay_out, real_write_html = page_layout.lay_out, writer.write_html

    def lay_out(*arguments: Any) -> Layout:
        now[0] += 30
        return real_lay_out(*arguments)

    def write_html(*arguments: Any) -> Artefact:
        now[0] += 7
        return real_write_html(*arguments)

    monkeypatch.setattr("chapbook.cli.build.time.perf_counter", lambda: now[0])
    monkeypatch.setattr(page_layout, "lay_out", lay_out)
    monkeypatch.setattr(writer, "write_html", write_html)
    lines = build().splitlines()
    assert lines[0] == "layout  1 page  30.0 s"
    assert re.fullmatch(r"build/essay\.html  \d+ kB  \d+ words?  7\.0 s", lines[1])
    assert len(lines) == 2
    assert "layout" not in build(), "nothing was laid out"


def test_whatever_changes_is_noticed(folder: Path) -> None:
    build()
    (folder / "templates").mkdir()
    changes = {
        "essay.md": TEXT.replace("Words", "Other words"),
        "p.svg": SVG.format(8),
        "chapbook.toml": 'publisher = "P"\n',
        "templates/web.css": "/* ours */",
        "build/essay.html": "broken",
        f"build/{build_cache.RECORD_NAME}": "{",
    }
    for name, content in changes.items():
        (folder / name).write_text(content, "utf-8")
        assert not is_current(), name
        assert is_current(), name


def test_what_is_saved_during_a_build_is_built_the_next_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chapbook.cli import output

    def save_and_make(path: Path) -> None:
        (folder / "essay.md").write_text(TEXT.replace("Words", "Later words"), "utf-8")
        make(path)

    make = output.make_folder
    monkeypatch.setattr(output, "make_folder", save_and_make)
    build()
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    assert not is_current()
    assert b"Later words" in (folder / "build" / "essay.html").read_bytes()


def test_what_has_errors_is_reported_again(folder: Path) -> None:
    (folder / "essay.md").write_text(TEXT.replace("Words", "𒀀"), "utf-8")
    for _ in range(2):
        done = CliRunner().invoke(chapbook, ["build", "--format", "pdf", "essay.md"])
        assert done.exit_code == 8
        assert "glyph" in done.output
