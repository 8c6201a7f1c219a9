"""More than fifty manuscripts with mistakes that authors make, and the expected message for each.

A folder has a manuscript, `essay.md`, the files beside it, and `expected.toml`: what is wrong, the
place (file and line), and words of the advice. `laid-out = true` is for mistakes that only layout
finds. `python -m tests.faults` prints how many get all three, and no other place.
"""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chapbook.cli import inputs
from chapbook.model.errors import ChapbookError
from chapbook.pipeline import build, publish

FOLDER = Path(__file__).parent
CASES = sorted(path.parent.name for path in FOLDER.glob("*/expected.toml"))


@dataclass(frozen=True, slots=True)
class Report:
    """The messages about a broken manuscript, and the expected ones."""

    case: str
    what: str
    where: str
    advice: str
    messages: tuple[tuple[str, str], ...]  # each with its place and its words

    @property
    def is_right(self) -> bool:
        """Whether file, line and advice were reported, and no other place."""
        return self.has_place and self.has_advice

    @property
    def has_place(self) -> bool:
        """Whether file and line are right."""
        return bool(self.messages) and all(place == self.where for place, _ in self.messages)

    @property
    def has_advice(self) -> bool:
        """Whether the advice was reported."""
        return any(self.advice in words for _, words in self.messages)

    def __str__(self) -> str:
        text = "".join(f"\n      reported: {place}: {words}" for place, words in self.messages)
        return f"{self.case}: {self.what}\n    wanted: {self.where}: … {self.advice} …{text}"


def report(case: str) -> Report:
    """Return the messages of `chapbook build essay.md` in the folder of *case*."""
    folder = FOLDER / case
    expected = tomllib.loads((folder / "expected.toml").read_text("utf-8"))
    with contextlib.chdir(folder):
        reported = tuple(_messages("essay.md", laid_out=expected.get("laid-out", False)))
    return Report(case, expected["what"], expected["where"], expected["advice"], reported)


def _messages(manuscript: str, *, laid_out: bool) -> Iterator[tuple[str, str]]:
    """Yield the place and the words of every message about *manuscript*."""
    try:
        job = inputs.job(manuscript)
        built = build(job, ["pdf"]) if laid_out else publish(job).document
    except ChapbookError as error:
        yield str(error.where or ""), f"{error.message} — {error.remedy}"
    else:
        for finding in built.findings:
            yield str(finding.where or ""), finding.message
