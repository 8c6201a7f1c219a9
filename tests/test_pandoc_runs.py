"""pandoc reads a manuscript once, whether it is built, checked or released."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chapbook.checks import check_files
from chapbook.cli import inputs
from chapbook.pipeline import build
from chapbook.reading import bounded_process, pandoc
from chapbook.reading.reader import convert
from tests.archive.memory import MemoryArchive
from tests.archive.shelf import Desk
from tests.golden_cases import manuscript

MUTANT = Path(__file__).parent / "mutant" / "manuscript.md"


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that are run as pandoc, in order."""
    commands: list[list[str]] = []
    run = bounded_process.run_bounded

    def counted(command: list[str], *rest: Any) -> Any:
        commands.append(command)
        return run(command, *rest)

    monkeypatch.setattr(pandoc, "run_bounded", counted)
    return commands


def test_a_build_and_a_check_run_it_once_each(runs: list[list[str]]) -> None:
    job = inputs.job(str(MUTANT))
    built = build(job, ("epub", "html"))
    assert len(runs) == 1
    files = {Path(f"mutant{each.suffix}"): each.content for each in built.artefacts}
    assert check_files(job, files) == []
    assert len(runs) == 2


def test_a_release_runs_it_once(tmp_path: Path, runs: list[list[str]]) -> None:
    desk = Desk(tmp_path / "desk")
    desk.write("1.0.0")
    assert desk.release(MemoryArchive()).is_new
    assert len(runs) == 1


@pytest.mark.parametrize("case", ["book", "citations", "math", "metadata", "raw-media"])
def test_one_run_gives_what_two_runs_give(case: str) -> None:
    job = inputs.job(str(manuscript(case)), allow_filters=True)
    both = convert(job.manuscript, job.defaults, with_tree=True)
    alone = convert(job.manuscript, job.defaults)
    assert replace(both.converted, tree_json="") == alone.converted
    assert pandoc.parse(both.source, both.converted) == pandoc.parse(both.source)
