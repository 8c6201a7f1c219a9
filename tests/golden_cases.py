"""The golden manuscripts: a folder each in `tests/golden`, with what it should come to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chapbook.checks import read_file
from chapbook.checks.expected import expect
from chapbook.checks.outline import as_json
from chapbook.cli import inputs
from chapbook.pipeline import Job, build

FOLDER = Path(__file__).parent / "golden"
ROOT = Path(__file__).parents[1]
SOURCES = {"essay": "security-assistance.md", "manual": "manual"}
FORMATS = ("pdf", "epub", "html", "text")
CASES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


@dataclass(frozen=True, slots=True)
class Made:
    """A case, built: the job, the files by name, and the findings."""

    job: Job
    files: dict[Path, bytes]
    findings: list[str]


def manuscript(case: str) -> Path:
    """The manuscript of *case*; the essay's and the manual's are those in `source/`."""
    own = FOLDER / case / "manuscript.md"
    return own if own.exists() else ROOT / "source" / SOURCES[case]


@cache
def make(case: str) -> Made:
    """Build *case* in every format, once for all tests of this process."""
    job = inputs.job(str(manuscript(case)))
    built = build(job, FORMATS)
    files = {Path(f"{case}{artefact.suffix}"): artefact.content for artefact in built.artefacts}
    texts = [f"{finding.code.value} {_line(finding.where)}".strip() for finding in built.findings]
    return Made(job, files, texts)


def _line(place: Any) -> str:
    return str(place.line) if place and place.line else ""


def golden(case: str) -> dict[str, Any]:
    """Return the outline of *case*, which all formats share, and each format's own facts."""
    result = make(case)
    values = {"said": result.findings, "outline": as_json(expect(result.job).outline())}
    for path, content in result.files.items():
        if facts := read_file(path.suffix, content).facts:
            values[path.suffix[1:]] = as_json(facts)
    return values


def accepted(case: str) -> Any:
    """Return the accepted facts of *case*; empty for a new one."""
    path = FOLDER / case / "outline.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else None


def accept(case: str) -> None:
    """Write down what *case* comes to, so that a person can read it in a diff."""
    text = json.dumps(golden(case), indent=1, ensure_ascii=False) + "\n"
    (FOLDER / case / "outline.json").write_text(text, "utf-8")
