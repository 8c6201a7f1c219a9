"""The manual is a Chapbook: what it shows it does, and what it tells to run runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chapbook.archive.release import release
from chapbook.cli import COMMANDS, inputs
from chapbook.dom import classes
from chapbook.metablock import KEYS
from chapbook.pipeline import publish
from tests.archive.memory import MemoryArchive
from tests.archive.shelf import ORDER
from tests.golden_cases import make

ROOT = Path(__file__).parents[1]
MANUAL = ROOT / "source" / "manual"
CHAPTERS = [
    MANUAL / name
    for name in re.findall(
        r"^  - (\S+\.md)$", (MANUAL / "index.md").read_text("utf-8"), re.MULTILINE
    )
]
_SHOWN = re.compile(
    r"^(?P<fence>`{3,}) \{\.markdown \.shown\}\n(?P<shown>.*?)\n(?P=fence)\n\n"
    r"(?P<colons>:{3,}) example\n(?P<set>.*?)\n(?P=colons)$",
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


def test_the_metadata_of_the_manual_are_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    metadata, chapters, filters, printing = code("yaml")
    (settings,) = code("toml")
    (tmp_path / "chapbook.toml").write_text(settings, "utf-8")
    head = f"{metadata.strip().removesuffix('---')}{printing}{filters}---\n\n"
    (tmp_path / "essay.md").write_text(f"{head}An ISBN names one edition.\n", "utf-8")
    (tmp_path / "own").mkdir()
    (lua,) = code("lua")
    (tmp_path / "own" / "terms.lua").write_text(lua, "utf-8")
    essay = publish(inputs.job("essay.md", allow_filters=True))
    assert essay.document.findings == ()
    assert essay.metadata.publisher == "A Small Press"
    small = [node.text for node in essay.document.body.iter() if "smallcaps" in classes(node)]
    assert small == ["ISBN"]
    folder = tmp_path / "book" / "chapters"
    folder.mkdir(parents=True)
    (folder.parent / "index.md").write_text(f"---\n{chapters}---\n\nPreface.\n", "utf-8")
    (folder / "beginning.md").write_text("# One\n\nWords.\n", "utf-8")
    (folder / "end.md").write_text("# Two\n\nWords.\n", "utf-8")
    book = publish(inputs.job("book")).document
    assert book.manuscript.stem == "book"
    assert [node.text for node in book.body.iter("h2")] == ["One", "Two"]


def test_only_who_asks_for_the_manual_builds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert inputs.manuscripts(()) == ["source/security-assistance.md"]


@pytest.mark.xdist_group("manual")
def test_the_manual_is_released_as_an_edition_with_just_the_files_that_a_build_makes() -> None:
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
    built = {f"outputs/{path}": content for path, content in make("manual").files.items()}
    assert {path: archive.read(edition.version, path) for path in built} == built
