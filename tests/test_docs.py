"""The documentation is true: commands, keys, examples and names are what the code has."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from chapbook.cli import COMMANDS
from chapbook.metablock import KEYS
from tests.test_manual import code as manual_code

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def chapbook(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "chapbook", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def code_blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example_and_stands_in_the_readme(
    command: str, tmp_path: Path
) -> None:
    told = chapbook(command, "--help", cwd=tmp_path)
    assert told.returncode == 0
    assert re.search(rf"Example: chapbook {command} \S+", told.stdout)
    assert f"chapbook {command}" in README


def test_the_group_has_help_with_an_example_and_a_version(tmp_path: Path) -> None:
    assert "Example: chapbook build essay.md" in chapbook("--help", cwd=tmp_path).stdout
    assert re.search(r"chapbook, version \d", chapbook("--version", cwd=tmp_path).stdout)


def test_the_examples_of_the_readme_and_of_the_manual_run(tmp_path: Path) -> None:
    metadata, printing = code_blocks("yaml")
    metadata = f"{metadata.strip().removesuffix('---')}{printing}---"
    (settings,) = code_blocks("toml")
    (tmp_path / "essay.md").write_text(f"{metadata}\n\nA first sentence.\n", "utf-8")
    (tmp_path / "chapbook.toml").write_text(settings, "utf-8")
    blocks = (*code_blocks("sh"), *manual_code("sh"))
    lines = dict.fromkeys(line for block in blocks for line in block.splitlines())
    commands = [line.split()[1:] for line in lines if line.startswith("chapbook ")]
    assert len(commands) >= 2
    for words in commands:
        finished = chapbook(*words, cwd=tmp_path)
        assert finished.returncode == 0, finished.stderr
        assert finished.stderr == "", "the example has findings"
    assert sorted(path.suffix for path in (tmp_path / "build").glob("essay.*")) == [
        ".epub",
        ".html",
        ".pdf",
    ]


def test_the_make_targets_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"make (\w+)`", README)) - {"it"}:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_metadata_key_stands_in_the_readme_and_no_other() -> None:
    table = README[README.index("| key |") :].partition("\n\n")[0]
    named = {
        key
        for row in table.splitlines()[2:]
        for key in re.findall(r"`([\w-]+)`", row.split("|")[1])
    }
    assert named == set(KEYS)


def test_every_module_of_the_architecture_exists() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    for name in re.findall(r"`([\w/]+\.py)`", text):
        assert (ROOT / "chapbook" / name).is_file() or (ROOT / name).is_file(), name
    for name in re.findall(r"`(\w+)/`", text):
        assert (ROOT / "chapbook" / name).is_dir() or (ROOT / name).is_dir(), name


def test_every_dependency_has_its_line_in_the_architecture() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8").lower()
    for requirement in project["dependencies"]:
        name = re.match(r"[\w-]+", requirement)
        assert name
        word = name[0].lower().removeprefix("fontpkg")
        assert word in text, f"{name[0]} earns no line in ARCHITECTURE.md"


def test_the_figures_of_the_readme_are_those_of_the_benchmarks() -> None:
    between = README.split("<!-- benchmarks -->")[1].split("<!-- /benchmarks -->")[0]
    rows = [line for line in between.splitlines() if line.startswith("|")][2:]
    limits = [
        (float(ratio), float(limit))
        for ratio, limit in re.findall(r"\| ([\d.]+) \| [^|]* \| ≤ ([\d.]+) \|", "\n".join(rows))
    ]
    assert len(limits) == 4
    assert all(ratio <= limit for ratio, limit in limits)
