"""`chapbook catalog` writes the whole folder or leaves it unchanged."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chapbook.catalog.gather import MARKER
from chapbook.cli.output import replace_folder
from chapbook.model.errors import OutputError
from tests.catalog.books import Book, jpeg, write_epub, write_shelf


def chapbook(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "chapbook", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_built_files_become_a_catalog_again_and_again(tmp_path: Path) -> None:
    (tmp_path / "essay.md").write_text("---\ntitle: An essay\nlang: en\n---\n\nWords.\n", "utf-8")
    assert chapbook("build", "essay.md", cwd=tmp_path).returncode == 0
    first = chapbook("catalog", cwd=tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.splitlines()[0] == "build/catalog/index.html  1 publication"
    out = tmp_path / "build" / "catalog"
    before = {name: (out / name).read_bytes() for name in names(out)}
    assert {"works/an-essay/an-essay.epub", "opds.atom", "opds.json", "index.html"} <= set(before)
    for suffix in ("epub", "pdf", "html"):
        built = (tmp_path / "build" / f"essay.{suffix}").read_bytes()
        assert before[f"works/an-essay/an-essay.{suffix}"] == built
    assert chapbook("catalog", cwd=tmp_path).returncode == 0
    assert {name: (out / name).read_bytes() for name in names(out)} == before


def test_json_shows_the_works_and_what_was_left_out(tmp_path: Path) -> None:
    write_epub(tmp_path / "b" / "a.epub", Book(cover=jpeg()))
    (tmp_path / "b" / "x.pdf").write_bytes(b"no PDF")
    done = chapbook("catalog", "b", "--out", "c", "--title", "Ours", "--json", cwd=tmp_path)
    report = json.loads(done.stdout)
    assert [(work["title"], work["files"]) for work in report["works"]] == [
        ("A Book", ["b/a.epub"])
    ]
    assert report["files"] == len(names(tmp_path / "c"))
    assert [(each["code"], each["file"]) for each in report["findings"]] == [
        ("unreadable", "b/x.pdf")
    ]
    assert "<name>Ours</name>" in (tmp_path / "c" / "opds.atom").read_text("utf-8")


def test_what_has_gone_from_the_shelf_goes_from_the_catalog(tmp_path: Path) -> None:
    write_shelf(tmp_path / "b", 3)
    assert chapbook("catalog", "b", "--out", "c", cwd=tmp_path).returncode == 0
    (tmp_path / "b" / "1.epub").unlink()
    assert chapbook("catalog", "b", "--out", "c", cwd=tmp_path).returncode == 0
    assert sorted(path.name for path in (tmp_path / "c" / "works").iterdir()) == [
        "volume-000",
        "volume-002",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "c"]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["none"], 3, "none: there is no such folder — build something first"),
        (["empty"], 3, "empty: there is no publication in it — run: chapbook build"),
        (["b", "--out", "b"], 2, "b would be replaced by the catalog, and b is in it"),
        (["b", "--out", "."], 2, ". would be replaced by the catalog, and b is in it"),
        (["b", "--out", "full"], 6, "full: this folder has other files, which would be lost — "),
        (["b", "--out", "b/a.epub"], 6, "this is not a folder"),
        (["b", "--lang", "xx"], 4, "the shelf has no words in “xx” — choose from en, de"),
        (["b", "--base-url", "books"], 2, "is not an address such as https://books.example/shelf"),
    ],
)
def test_what_cannot_be_done_is_reported_in_one_line(
    tmp_path: Path, words: list[str], code: int, message: str
) -> None:
    write_epub(tmp_path / "b" / "a.epub", Book(cover=jpeg()))
    (tmp_path / "empty").mkdir()
    write_epub(tmp_path / "full" / "a.epub", Book())
    before = names(tmp_path)
    done = chapbook("catalog", *words, cwd=tmp_path)
    assert done.returncode == code
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert names(tmp_path) == before


# The folder is there whole, or as it was ---------------------------------------------------------


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), OSError(28, "No space left"), ValueError()])
def test_what_stops_halfway_leaves_the_former_catalog(tmp_path: Path, stop: BaseException) -> None:
    folder = tmp_path / "c"
    replace_folder(folder, [(MARKER, b""), ("a/b.txt", b"former")], MARKER)

    def files() -> Iterator[tuple[str, bytes]]:
        yield "a/b.txt", b"new"
        raise stop

    with pytest.raises(OutputError if isinstance(stop, OSError) else type(stop)):
        replace_folder(folder, files(), MARKER)
    assert (folder / "a" / "b.txt").read_bytes() == b"former"
    assert [path.name for path in tmp_path.iterdir()] == ["c"]


def test_a_rename_that_fails_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "c"
    replace_folder(folder, [(MARKER, b""), ("a.txt", b"former")], MARKER)
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if target == folder and not self.name.endswith("-former"):
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OutputError, match="Permission denied"):
        replace_folder(folder, [(MARKER, b""), ("a.txt", b"new")], MARKER)
    assert (folder / "a.txt").read_bytes() == b"former"
    assert [path.name for path in tmp_path.iterdir()] == ["c"]


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    write_shelf(tmp_path / "b", 1)
    for number in range(40):  # without covers, which are drawn and take their time
        identifier = f"urn:uuid:00000000-0000-4000-8000-1{number:011}"
        write_epub(tmp_path / "b" / f"x{number}.epub", Book(f"X {number}", identifier))
    run = [sys.executable, "-m", "chapbook", "catalog", "b", "--out", "c"]
    with subprocess.Popen(run, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as running:
        while running.poll() is None and not list(tmp_path.glob(".chapbook-*/works/*/cover.jpg")):
            pass
        running.send_signal(signal.SIGINT)
        _, output = running.communicate(timeout=30)
    assert running.returncode == 130
    assert output.strip().endswith("stopped; earlier files are unchanged")
    assert [path.name for path in tmp_path.iterdir()] == ["b"]
