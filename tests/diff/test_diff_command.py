import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.diff.states import HEAD, UUID

TEXT = """The harbor was silent in the winter of that year. Nobody answered the letter.

The lantern burned all night on the ladder. It was seen from the border.
"""


def manuscript(edition: str, text: str = TEXT) -> str:
    return HEAD.format(lang="en", uuid=UUID, more=f"edition: '{edition}'\n") + text


def chapbook(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "chapbook", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "GIT_AUTHOR_NAME": "Ada"},
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two archived editions of a text, and a manuscript for the third."""
    result = tmp_path_factory.mktemp("works")
    texts = {
        "1": TEXT,
        "2": TEXT.replace("Nobody", "No one"),
        "3": TEXT.replace("night on", "day on"),
    }
    for edition, text in texts.items():
        (result / "essay.md").write_text(manuscript(edition, text), "utf-8")
        if edition != "3":
            done = chapbook(result, "release", "essay.md")
            assert done.returncode == 0, done.stderr
    return result


def test_two_editions_are_compared_by_the_page_of_the_older(folder: Path) -> None:
    done = chapbook(folder, "diff", "essay@1", "essay@2")
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "A title: edition 1 → edition 2",
        "",
        "edition changed",
        "    [-1-]{+2+}",
        "",
        "p. 1, line 3  sentence changed",
        "    [-Nobody-]{+No one+} answered the letter.",
        "",
        "2 changes: 2 changed",
    ]


def test_an_edition_is_compared_with_the_manuscript_that_is_being_written(folder: Path) -> None:
    done = chapbook(folder, "diff", "essay@2", "essay.md", "--json")
    report = json.loads(done.stdout)
    assert (report["old"]["name"], report["new"]["name"]) == ("edition 2", "essay.md")
    changes = [
        (row["change"], row["what"], row.get("page"), row.get("line")) for row in report["changes"]
    ]
    assert changes == [
        ("changed", "edition", None, None),
        ("changed", "sentence", "1", 3),
        ("changed", "sentence", "1", 5),
    ]
    parts = report["changes"][2]["parts"]
    assert {"words": "night", "in": "old"} in parts
    assert {"words": "day", "in": "new"} in parts


def test_the_web_page_and_the_sheet_are_written_where_they_are_wanted(folder: Path) -> None:
    done = chapbook(
        folder, "diff", "essay@1", "essay@2", "--html", "out/diff.html", "--errata", "errata.md"
    )
    assert done.returncode == 0
    assert done.stdout.splitlines() == ["out/diff.html", "errata.md"]
    assert "<del>Nobody</del>" in (folder / "out" / "diff.html").read_text("utf-8")
    assert ":   for “Nobody” read “No one”\n" in (folder / "errata.md").read_text("utf-8")
    assert chapbook(folder, "build", "errata.md", "--out", "sheet").stderr == ""


def test_without_a_printed_edition_it_says_that_there_are_no_pages(folder: Path) -> None:
    done = chapbook(folder, "diff", "essay.md", "essay@2")
    assert done.returncode == 0
    assert done.stderr == "note: no pages: essay.md has no PDF\n"
    assert "\nsentence changed\n" in done.stdout


def test_the_same_is_no_change(folder: Path) -> None:
    done = chapbook(folder, "diff", "essay@1", "essay@1")
    assert (done.returncode, done.stdout) == (0, "A title: edition 1 → edition 1\n\nno change\n")


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["essay@1", "essay@7"], 7, "there is no edition 7"),
        (["essay@1", "missing.md"], 3, "missing.md: there is no such file"),
        (["essay@1"], 2, "Missing argument 'NEW'"),
        (["essay@1", "essay.md", "--errata", "essay.md"], 2, "would overwrite the manuscript"),
        (["essay@1", "essay@2", "--errata", "x", "--html", "x"], 2, "name the same file"),
        (["essay@1", "essay@2", "--archive", "nowhere"], 7, "nowhere"),
    ],
)
def test_states_that_cannot_be_compared_give_a_one_line_message(
    words: list[str], code: int, message: str, folder: Path
) -> None:
    before = (folder / "essay.md").read_bytes()
    done = chapbook(folder, "diff", *words)
    assert done.returncode == code
    assert done.stdout == ""
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert (folder / "essay.md").read_bytes() == before


def test_the_same_editions_give_the_same_files(folder: Path) -> None:
    result = []
    for number in ("1", "2"):
        names = [f"page{number}.html", f"sheet{number}.md"]
        chapbook(folder, "diff", "essay@1", "essay@2", "--html", names[0], "--errata", names[1])
        result.append([(folder / name).read_bytes() for name in names])
    assert result[0] == result[1]
