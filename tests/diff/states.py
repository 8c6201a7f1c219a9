"""Short manuscripts, read as a build reads them, and the report of their comparison."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from chapbook.checks.expected import expect
from chapbook.checks.outline import Outline
from chapbook.cli import inputs
from chapbook.diff.compare import compare
from chapbook.diff.states import State
from chapbook.diff.text_report import headline
from chapbook.diff.values import Change
from chapbook.pipeline import Job, build
from tests.golden_cases import manuscript

HEAD = "---\ntitle: A title\nlang: {lang}\nidentifier: urn:uuid:{uuid}\n{more}---\n\n"
UUID = "0b7d7c1e-0000-4000-8000-000000000001"


def job_of(folder: Path, text: str, *, lang: str = "en", more: str = "") -> Job:
    """Return the job of a manuscript with *text*."""
    path = folder / "manuscript.md"
    path.write_text(HEAD.format(lang=lang, uuid=UUID, more=more) + text, "utf-8")
    return inputs.job(str(path))


def outline_of(folder: Path, text: str, *, lang: str = "en", more: str = "") -> Outline:
    """Return the outline of a manuscript with *text*."""
    return expect(job_of(folder, text, lang=lang, more=more)).outline()


def printed(folder: Path, text: str, *, name: str = "edition 1", lang: str = "en") -> State:
    """Return the state of a manuscript with *text*, with its PDF."""
    job = job_of(folder, text, lang=lang)
    (pdf,) = build(job, ["pdf"]).artefacts
    return State(name, expect(job).outline(), pdf.content)


@cache
def golden(case: str) -> State:
    """Return the state of a golden case, with its PDF."""
    job = inputs.job(str(manuscript(case)))
    (pdf,) = build(job, ["pdf"]).artefacts
    return State("edition 1", expect(job).outline(), pdf.content)


def changes_of(folder: Path, old: str, new: str, *, lang: str = "en") -> tuple[Change, ...]:
    """Return the changes between two texts."""
    return compare(outline_of(folder, old, lang=lang), outline_of(folder, new, lang=lang)).changes


def reported(folder: Path, old: str, new: str, *, lang: str = "en") -> list[str]:
    """Return a line for each change between two texts: what happened, and the words."""
    return [
        f"{headline(change)}: {words(change)}" for change in changes_of(folder, old, new, lang=lang)
    ]


def words(change: Change) -> str:
    """Return the words of *change* with marks."""
    marks = {None: "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(
        marks[part.act.value if part.act else None].format(part.text) for part in change.parts
    )
