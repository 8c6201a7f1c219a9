"""The manual is a Chapbook: what it shows it does, and what it tells to run runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from chapbook.archive.rebuild import rebuild
from chapbook.archive.release import release
from chapbook.cli import COMMANDS, chapbook, inputs
from chapbook.metablock import KEYS
from chapbook.pipeline import publish
from tests.archive.memory import MemoryArchive
from tests.archive.shelf import ORDER

ROOT = Path(__file__).parents[1]
MANUAL = ROOT / "source" / "manual"
CHAPTERS = sorted((MANUAL / "chapters").glob("*.md"))
_SHOWN = re.compile(
    r"^(?P<fence>`{3,}) \{\.markdown \.shown\}\n(?P<shown>.*?)\n(?P=fence)\n\n"
    r"(?P<colons>:{3,}) set\n(?P<set>.*?)\n(?P=colons)$",
    re.MULTILINE | re.DOTALL,
)


def shown(chapter: Path) -> list[tuple[str, str]]:
    """Each example of *chapter* as it is shown, and as it is set below."""
    text = chapter.read_text("utf-8")
    found = [(each["shown"], each["set"]) for each in _SHOWN.finditer(text)]
    assert len(found) == text.count(".shown}"), "an example is shown and not set"
    return found


def code(language: str) -> list[str]:
    text = "\n".join(chapter.read_text("utf-8") for chapter in CHAPTERS)
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_example_is_set_as_it_is_shown(chapter: Path) -> None:
    for example, passage in shown(chapter):
        assert example == passage


def test_the_manual_has_nothing_that_could_not_be_carried() -> None:
    assert [str(found) for found in publish(inputs.job(str(MANUAL))).document.findings] == []


def test_the_manual_names_every_command_and_every_key() -> None:
    text = "".join(chapter.read_text("utf-8") for chapter in CHAPTERS)
    spans = set(re.findall(r"`([^`\n]+)`", text)) | {line for block in code("sh") for line in block}
    spans |= {line for block in code("sh") for line in block.splitlines()}
    for command in COMMANDS:
        assert any(span == command or span.startswith(f"chapbook {command}") for span in spans), (
            f"the manual does not tell of chapbook {command}"
        )
    keys = (MANUAL / "chapters" / "keys.md").read_text("utf-8")
    listed = {
        key
        for line in keys.splitlines()
        if line.startswith("`")
        for key in re.findall(r"`([\w-]+)`", line)
    }
    assert listed == set(KEYS)


def test_the_commands_of_the_manual_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    metadata, chapters, filters, printing = code("yaml")
    assert "filters:" in filters
    (settings,) = code("toml")
    (tmp_path / "chapbook.toml").write_text(settings, "utf-8")
    head = f"{metadata.strip().removesuffix('---')}{printing}---\n\n"
    (tmp_path / "essay.md").write_text(f"{head}A first sentence.\n", "utf-8")
    for line in (line for block in code("sh") for line in block.splitlines()):
        program, *words = line.split()
        done = CliRunner().invoke(chapbook, words)
        assert (program, done.exit_code, done.stderr) == ("chapbook", 0, ""), line
    book = tmp_path / "book" / "chapters"
    book.mkdir(parents=True)
    (book.parent / "index.md").write_text(f"---\n{chapters}---\n\nPreface.\n", "utf-8")
    (book / "beginning.md").write_text("# One\n\nWords.\n", "utf-8")
    (book / "end.md").write_text("# Two\n\nWords.\n", "utf-8")
    document = publish(inputs.job("book")).document
    assert document.manuscript.stem == "book"
    assert [node.text for node in document.body.iter("h2")] == ["One", "Two"]


def test_the_manual_is_released_as_an_edition_and_rebuilt_to_the_same_bytes() -> None:
    archive = MemoryArchive()
    outcome = release(archive, str(MANUAL), ORDER)
    assert [str(found) for found in outcome.findings] == []
    edition = outcome.edition
    assert edition is not None
    assert (edition.label, edition.stem) == ("1.0.0", "manual")
    kept = {
        path.removeprefix("manuscript/")
        for path in edition.version.files
        if path.startswith("manuscript/")
    }
    assert kept == {
        path.relative_to(MANUAL).as_posix() for path in MANUAL.rglob("*") if path.is_file()
    }
    assert rebuild(archive, edition).is_equal
