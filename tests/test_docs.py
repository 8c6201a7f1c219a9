"""The documentation is true: commands, keys, examples and names are what the code has."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chapbook.cli import COMMANDS
from chapbook.printing.trims import MM_PER_INCH
from chapbook.printing.vendors import PRINTERS
from chapbook.reading.front_matter import KEYS
from tests.long_book import Author
from tests.test_manual import MANUAL
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
    output = chapbook(command, "--help", cwd=tmp_path)
    assert output.returncode == 0
    assert re.search(rf"Example: chapbook {command} \S+", output.stdout)
    assert f"chapbook {command}" in README
    assert ("--json" in output.stdout) == ("Print results as JSON." in output.stdout)


def test_the_group_has_help_with_an_example_and_a_version(tmp_path: Path) -> None:
    assert "Example: chapbook build essay.md" in chapbook("--help", cwd=tmp_path).stdout
    assert re.search(r"chapbook, version \d", chapbook("--version", cwd=tmp_path).stdout)


def manual_commands() -> list[str]:
    """The lines of the manual that run Chapbook, each once."""
    lines = (line for block in manual_code("sh") for line in block.splitlines())
    return [line for line in dict.fromkeys(lines) if line.startswith("chapbook ")]


def test_the_examples_of_the_readme_and_of_the_manual_run(tmp_path: Path) -> None:
    metadata, printing = code_blocks("yaml")
    metadata = f"{metadata.strip().removesuffix('---')}{printing}---"
    (settings,) = code_blocks("toml")
    (tmp_path / "essay.md").write_text(f"{metadata}\n\nA first sentence.\n", "utf-8")
    (tmp_path / "chapbook.toml").write_text(settings, "utf-8")
    lines = dict.fromkeys(line for block in code_blocks("sh") for line in block.splitlines())
    of_manual = (line for line in manual_commands() if "novel" not in line)
    commands = [
        line.split()[1:]
        for line in dict.fromkeys([*lines, *of_manual])
        if line.startswith("chapbook ")
    ]
    assert len(commands) >= 2
    for words in commands:
        finished = chapbook(*words, cwd=tmp_path)
        assert finished.returncode == 0, finished.stderr
        assert finished.stderr == "", "the example has findings"
    assert sorted(path.suffix for path in (tmp_path / "build").glob("essay.*")) == [
        ".epub",
        ".html",
        ".pdf",
        ".txt",
    ]


@pytest.mark.parametrize(
    ("printer", "folder"), [("kdp", ""), ("ingram", "ingram")], ids=["kdp", "ingram"]
)
def test_the_way_to_a_printer_ends_without_errors(
    printer: str, folder: str, tmp_path: Path
) -> None:
    head = next(block for block in manual_code("yaml") if f"printer: {printer}" in block)
    author = Author(random.Random(3))
    chapters = [f"# {author.title()}\n\n{author.paragraph(60)}" for _ in range(13)]
    book = tmp_path / folder / "novel.md"
    book.parent.mkdir(exist_ok=True)
    name = "title: Novel\nlang: en\nidentifier: urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
    book.write_text("\n\n".join([f"---\n{name}\n{head}---", *chapters]), "utf-8")
    novel = [line.split()[1:] for line in manual_commands() if "novel" in line]
    build = next(words for words in novel if f"{folder}/novel.md".lstrip("/") in words)
    check = next(words for words in novel if printer in words and "check" in words)
    for words in (build, check):
        finished = chapbook(*words, cwd=tmp_path)
        assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "novel-press.pdf" in finished.stdout
    assert "novel-cover.pdf" in finished.stdout


def test_the_figures_of_printers_in_the_manual_are_those_that_are_checked() -> None:
    text = (MANUAL / "chapters" / "printers.md").read_text("utf-8")
    rows = {
        name: (kdp, ingram)
        for name, kdp, ingram in re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    }
    kdp, ingram = PRINTERS["kdp"], PRINTERS["ingram"]

    def inches(mm: float) -> str:
        return f"{round(mm / MM_PER_INCH, 6):g}"

    def numbers(cell: str) -> list[str]:
        return re.findall(r"[\d.]*\d", cell)

    white, cream = kdp.papers["white"], kdp.papers["cream"]
    counts = (cream.fewest, cream.most, white.most)
    assert numbers(rows["pages"][0]) == [str(count) for count in counts]
    gutters = [inches(mm) for _, mm in kdp.margins.gutters]
    first = str(kdp.margins.gutters[0][0])
    assert numbers(rows["inner margin"][0]) == [gutters[0], first, *gutters[1:]]
    assert numbers(rows["inner margin"][1]) == [inches(ingram.margins.gutters[0][1])]
    others = (kdp.margins.other_mm, kdp.margins.other_with_bleed_mm)
    assert numbers(rows["other margins"][0]) == [inches(mm) for mm in others]
    assert kdp.image_ppi
    assert ingram.image_ppi
    assert kdp.type_pt
    assert kdp.line_pt
    assert ingram.ink_percent
    resolution = [f"{each.image_ppi.figure:g}" for each in (kdp, ingram) if each.image_ppi]
    assert list(rows["pixels an inch of a picture"]) == resolution
    assert numbers(rows["smallest type"][0]) == [f"{kdp.type_pt.figure:g}"]
    assert numbers(rows["thinnest line"][0]) == [f"{kdp.line_pt.figure:g}"]
    assert numbers(rows["ink on any spot"][1]) == [f"{ingram.ink_percent.figure:g}"]
    assert white.page_mm
    assert cream.page_mm
    thickness = [inches(paper.page_mm) for paper in (white, cream) if paper.page_mm]
    assert numbers(rows["thickness of a page"][0]) == thickness


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
