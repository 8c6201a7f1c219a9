"""Measure what the archive's commands cost as the archive grows, in one run, as ratios of CPU time.

An archive of a thousand editions of a hundred works against one of ten editions of one work: what
a command is about is the same in both, so the ratio should be 1. `editions` without a work lists
all of them; its ratio is given by edition listed.

    python -m tests.benchmarks.archive
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path
from unittest import mock

from chapbook.archive.store import open_archive
from tests.archive.samples import WORK, files, names, stamp
from tests.benchmarks.__main__ import chapbook

WORKS, EDITIONS = 100, 10
TOLD = ("findings.json", "toolchain.json")  # what `show` reads besides
ROUNDS = 5
LIMIT = 1.2  # of a command about one work


def fill(root: Path, works: int) -> None:
    """Make an archive whose editions have the metadata that the commands need."""
    with mock.patch("os.fsync"):  # only the commands are measured
        for work in names(works):
            archive = open_archive(str(root), create=True)
            for number in range(EDITIONS):
                record = json.dumps(record_of(work, f"{number + 1}.0.0")).encode()
                held = {**files(number), "edition.json": record, **dict.fromkeys(TOLD, b"{}")}
                archive.add(work, held, stamp(number), after=number)


def record_of(work: str, label: str) -> dict[str, object]:
    """Return the metadata of such an edition."""
    return {
        "work": work,
        "label": label,
        "title": "A Title",
        "released": "2026-01-01T00:00:00Z",
        "chapbook": "1.0.0",
        "printing": 1,
        "manuscript": {"name": "essay.md", "sha256": "0" * 64},
        "outputs": [],
        "metadata": {},
        "released-by": {"name": "A. Printer"},
    }


def ratio(large: Path, small: Path, *arguments: str) -> float:
    """The median of the pairwise ratios of CPU time, each command in its own process."""
    pairs = [
        [chapbook(*arguments, "--archive", root).cpu_s for root in (large, small)]
        for _ in range(ROUNDS + 1)
    ][1:]  # the first warms the disk
    return statistics.median(ours / other for ours, other in pairs)


def main() -> int:
    """Print the table; the exit code is 1 where a limit is not kept."""
    all_kept = True
    with tempfile.TemporaryDirectory() as name:
        large, small = Path(name, "large"), Path(name, "small")
        print(f"making {WORKS * EDITIONS} editions …", file=sys.stderr)
        fill(large, WORKS)
        fill(small, 1)
        print(f"| command | CPU, {WORKS * EDITIONS} editions ÷ {EDITIONS} editions | limit |")
        print("|---|---:|---:|")
        for arguments in (
            ("show", f"{WORK}@3.0.0"),
            ("editions", WORK),
            ("verify", WORK),
            ("verify", f"{WORK}@3.0.0"),
        ):
            result = ratio(large, small, *arguments)
            all_kept = all_kept and result <= LIMIT
            command = " ".join(arguments).replace(WORK, "WORK")
            print(f"| `{command}` | {result:.2f} | ≤ {LIMIT} |")
        for command in ("editions", "verify"):
            result = ratio(large, small, command)
            print(f"| `{command}`, by edition | {result / WORKS:.3f} | |")
    return 0 if all_kept else 1


if __name__ == "__main__":
    sys.exit(main())
