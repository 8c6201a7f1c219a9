"""Measure Chapbook against pandoc and WeasyPrint alone, in one run, as ratios of CPU time.

The peer is what an author would do without Chapbook: `pandoc` to HTML, `pandoc` to EPUB and
`pandoc --pdf-engine=weasyprint`, one after another. Both sides run as whole processes, in turn,
so that a machine that slows down slows both; the median of the pairwise ratios is what counts.
All that both import is compiled, as it is where users installed it.

    python -m tests.benchmarks              prints the table
    python -m tests.benchmarks --readme     also writes it into README.md
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from chapbook.reading import pandoc

ROOT = Path(__file__).parents[2]
ESSAY = ROOT / "source" / "security-assistance.md"
README = ROOT / "README.md"
MARKS = ("<!-- benchmarks -->", "<!-- /benchmarks -->")
ROUNDS = 7
REPEATED = 40  # times the essay, for a text as long as a book


@dataclass(frozen=True, slots=True)
class Usage:
    """The cost of a run: seconds of user and system CPU, and the largest process in MB."""

    cpu_s: float
    memory_mb: float


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison, and the ratio it must not exceed."""

    name: str
    ours: Callable[[], Usage]
    peer: Callable[[], Usage]
    limit: float | None = None
    rounds: int | None = None  # where those of all would take too long


def run(*command: str | Path) -> Usage:
    """Run *command* to its end, its output thrown away. Raises where it fails."""
    with Path(os.devnull).open("wb") as nothing:
        process = subprocess.Popen(
            list(map(str, command)), stdout=nothing, stderr=nothing, cwd=ROOT
        )
        _, status, spent = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(map(str, command)))
    return Usage(spent.ru_utime + spent.ru_stime, spent.ru_maxrss / 1024)


def total(usages: Sequence[Usage]) -> Usage:
    """The CPU of all, and the memory of the largest."""
    return Usage(sum(usage.cpu_s for usage in usages), max(usage.memory_mb for usage in usages))


def peer(manuscript: Path, folder: Path, *formats: str) -> Usage:
    """Return the cost of pandoc alone, with one process for each format."""
    usages = []
    for name in formats:
        command: list[str | Path] = [
            pandoc.binary(),
            manuscript,
            "--standalone",
            "--metadata=lang:en",
        ]
        if name == "pdf":
            engine = Path(sys.executable).with_name("weasyprint")
            command.append(f"--pdf-engine={engine}")
        usages.append(run(*command, f"--output={folder / f'peer.{name}'}"))
    return total(usages)


def chapbook(*arguments: str | Path) -> Usage:
    """Chapbook as a user starts it."""
    return run(sys.executable, "-m", "chapbook", *arguments)


def cold_build(manuscript: Path, folder: Path, *formats: str) -> Usage:
    """Build into an empty folder."""
    out = folder / "cold"
    shutil.rmtree(out, ignore_errors=True)
    chosen = [word for name in formats for word in ("--format", name)]
    return chapbook("build", manuscript, "--out", out, *chosen)


def rows(folder: Path) -> list[Row]:
    """The comparisons, over files in *folder*."""
    warm = folder / "warm"
    chapbook("build", ESSAY, "--out", warm)
    long_text = folder / "long.md"
    head, _, text = ESSAY.read_text("utf-8").rpartition("---\n")
    long_text.write_text(f"{head}---\n{text * REPEATED}", "utf-8")

    def essay_by_peer() -> Usage:
        return peer(ESSAY, folder, "html", "epub", "pdf")

    return [
        Row(
            "cold build of the essay, all three formats",
            lambda: cold_build(ESSAY, folder),
            essay_by_peer,
            limit=1.5,
        ),
        Row("`chapbook --help`", lambda: chapbook("--help"), essay_by_peer, limit=0.1),
        Row(
            "unchanged rebuild of the essay",
            lambda: chapbook("build", ESSAY, "--out", warm),
            essay_by_peer,
            limit=0.15,
        ),
        Row(
            f"the essay {REPEATED} times over, PDF alone",
            lambda: cold_build(long_text, folder, "pdf"),
            lambda: peer(long_text, folder, "pdf"),
        ),
        _row_of_code(folder),
    ]


def _row_of_code(folder: Path) -> Row:
    """Return the cost of highlighting: a book of our source code, with and without its language."""
    named, unnamed = folder / "named.md", folder / "unnamed.md"
    for path, language in ((named, "python"), (unnamed, "")):
        path.write_text(book_of_code(language), "utf-8")
    return Row(
        f"{CODE_PAGES} pages of code highlighted ÷ the same plain, PDF alone",
        lambda: cold_build(named, folder, "pdf"),
        lambda: cold_build(unnamed, folder, "pdf"),
        limit=1.5,
        rounds=2,
    )


CODE_PAGES = 230
_LINES_A_PAGE = 31  # of code, between words and the space around listings


def book_of_code(language: str) -> str:
    """Our modules as chapters, cut at their empty lines into listings of *language*."""
    parts, lines = ["---\ntitle: Code\nlang: en\n---"], 0
    for path in sorted((ROOT / "chapbook").rglob("*.py")):
        if lines > CODE_PAGES * _LINES_A_PAGE:
            break
        source = path.read_text("utf-8").strip().encode("ascii", "replace").decode()
        lines += source.count("\n")
        parts.append(f"# {path.name}\n\nWhat it says, part by part.")
        parts += (f"~~~~ {language}\n{part}\n~~~~" for part in re.split(r"\n{3,}", source))
    return "\n\n".join(parts)


def compare(row: Row, rounds: int) -> tuple[str, bool]:
    """The table's line for *row*, and whether it keeps its limit."""
    pairs = [(row.ours(), row.peer()) for _ in range(rounds + 1)][1:]  # the first warms the disk
    ratios = [ours.cpu_s / other.cpu_s for ours, other in pairs]
    ratio = statistics.median(ratios)
    memory = statistics.median(ours.memory_mb / other.memory_mb for ours, other in pairs)
    kept = row.limit is None or ratio <= row.limit
    limit = "" if row.limit is None else f"≤ {row.limit:g}"
    cells = (
        row.name,
        f"{ratio:.2f}",
        f"{min(ratios):.2f}–{max(ratios):.2f}",
        limit,
        f"{memory:.2f}",
    )
    return f"| {' | '.join(cells)} |", kept


def main() -> int:
    """Print the table; the exit code is 1 where a limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--readme", action="store_true", help="write the table into README.md")
    parser.add_argument("--rounds", type=int, default=ROUNDS, metavar="N")
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # the first round keeps what it compiles
    lines = [
        "| what | CPU, Chapbook ÷ peer | lowest–highest | limit | memory |",
        "|---|---:|---:|---:|---:|",
    ]
    all_kept = True
    with tempfile.TemporaryDirectory() as name:
        for row in rows(Path(name)):
            print(f"measuring: {row.name} …", file=sys.stderr)
            line, kept = compare(row, row.rounds or options.rounds)
            lines.append(line)
            all_kept = all_kept and kept
    table = "\n".join(lines)
    print(table)
    if options.readme:
        text = README.read_text("utf-8")
        between = re.compile(f"{MARKS[0]}.*?{MARKS[1]}", re.DOTALL)
        README.write_text(between.sub(f"{MARKS[0]}\n\n{table}\n\n{MARKS[1]}", text), "utf-8")
    if not all_kept:
        print("A limit is not kept.", file=sys.stderr)
    return 0 if all_kept else 1


if __name__ == "__main__":
    sys.exit(main())
