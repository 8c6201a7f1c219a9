"""CONTRIBUTING.md is true: its files exist, and its worked changes work on this very version."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pypdfium2
import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
DIFFS = re.findall(r"^```diff\n(.*?)\n```$", TEXT, re.MULTILINE | re.DOTALL)
ESSAY = """---
title: Rags
lang: en
identifier: urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6
theme: large
place: Mainz
print:
  layout: chapbook
  printer: example
  trim: a5
---

# The mill

Words of the text.

::: sidebar
Words aside.
:::
"""


class Hunk(NamedTuple):
    """One change of a file: the old lines, and the new ones."""

    file: str
    old: str
    new: str


def hunks(diff: str) -> Iterator[Hunk]:
    """Each change of a unified *diff*."""
    for part in re.split(r"^--- ", diff, flags=re.MULTILINE)[1:]:
        head, *bodies = re.split(r"^@@ .*\n", part, flags=re.MULTILINE)
        file = head.splitlines()[1].removeprefix("+++ b/")
        for body in bodies:
            lines = body.removesuffix("\n").split("\n")
            old = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("+"))
            new = "".join(f"{line[1:]}\n" for line in lines if not line.startswith("-"))
            yield Hunk(file, old, new)


def apply(diff: str, root: Path) -> None:
    """Make the changes of *diff* below *root*; each must fit in one place."""
    for hunk in hunks(diff):
        path = root / hunk.file
        text = path.read_text("utf-8") if path.exists() else ""
        assert (text.count(hunk.old) == 1) if hunk.old else not text, hunk
        path.write_text(text.replace(hunk.old, hunk.new, 1) if hunk.old else hunk.new, "utf-8")


def test_every_file_that_contributing_names_exists() -> None:
    prose = re.sub(r"^```.*?^```$", "", TEXT, flags=re.MULTILINE | re.DOTALL)
    # A file that one of its changes makes, and the environment, are not there yet.
    named = set(re.findall(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:md|toml))`", prose))
    named |= set(re.findall(r"\]\(([\w./-]+)\)", prose))
    named -= {"keys.md", ".venv/bin/chapbook"}
    assert len(named) > 25
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the essay with a copy of Chapbook that has all the changes; return its folder."""
    copy = tmp_path_factory.mktemp("changed")
    skip = shutil.ignore_patterns("__pycache__")
    for name in ("chapbook", "templates"):
        shutil.copytree(ROOT / name, copy / name, ignore=skip)
    for name in ("README.md", "source/manual/chapters/keys.md"):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    assert len(DIFFS) == 5
    for diff in DIFFS:
        apply(diff, copy)
    (copy / "essay.md").write_text(ESSAY, "utf-8")
    command = [sys.executable, "-m", "chapbook", "build", "essay.md"]
    for name in ("headings", "pdf", "html"):
        command += ["--format", name]
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    built = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert (built.returncode, built.stderr) == (0, "")
    return copy / "build"


def test_the_format_of_contributing_is_written(changed: Path) -> None:
    assert (changed / "essay-headings.txt").read_text("utf-8") == "The mill\n"


def test_the_key_the_theme_and_the_printer_of_contributing_are_taken(changed: Path) -> None:
    with pypdfium2.PdfDocument((changed / "essay.pdf").read_bytes()) as pdf:
        text = "\n".join(page.get_textpage().get_text_bounded() for page in pdf)
    assert "Mainz" in text
    assert "13 pt" in text  # the imprint says how it is set


def test_the_construct_of_contributing_is_an_aside(changed: Path) -> None:
    page = (changed / "essay.html").read_text("utf-8")
    assert re.search(r'<aside class="sidebar">\s*<p>Words aside.</p>', page)


def test_a_change_that_does_not_fit_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one\ntwo\n", "utf-8")
    apply("--- a/a.txt\n+++ b/a.txt\n@@ -1 +1,2 @@\n one\n+more", tmp_path)
    assert (tmp_path / "a.txt").read_text("utf-8") == "one\nmore\ntwo\n"
    with pytest.raises(AssertionError):
        apply("--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-three\n+four", tmp_path)
