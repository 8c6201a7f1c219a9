"""Fifty and more manuscripts, each broken as authors break them, and what they shall be told.

A folder is a manuscript, `essay.md`, with what lies beside it, and `expected.toml`: what is wrong,
the place where (file and line), and words of the advice. `laid-out = true` says that it shows
itself in the layout alone. `python -m tests.faults` tells how many are told all three, and of no
other place besides.
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
class Told:
    """What the author of one broken manuscript was told, against what is wrong with it."""

    case: str
    what: str
    where: str
    advice: str
    told: tuple[tuple[str, str], ...]  # each as its place and its words

    @property
    def is_right(self) -> bool:
        """Whether file, line and what to do were told, and no other place."""
        return self.has_place and self.has_advice

    @property
    def has_place(self) -> bool:
        """Whether file and line are right."""
        return bool(self.told) and all(place == self.where for place, _ in self.told)

    @property
    def has_advice(self) -> bool:
        """Whether what to do is said."""
        return any(self.advice in words for _, words in self.told)

    def __str__(self) -> str:
        said = "".join(f"\n      told: {place}: {words}" for place, words in self.told)
        return f"{self.case}: {self.what}\n    wanted: {self.where}: … {self.advice} …{said}"


def tell(case: str) -> Told:
    """What `chapbook build essay.md` tells in the folder of *case*."""
    folder = FOLDER / case
    expected = tomllib.loads((folder / "expected.toml").read_text("utf-8"))
    with contextlib.chdir(folder):
        told = tuple(_told("essay.md", laid_out=expected.get("laid-out", False)))
    return Told(case, expected["what"], expected["where"], expected["advice"], told)


def _told(manuscript: str, *, laid_out: bool) -> Iterator[tuple[str, str]]:
    """The place and the words of everything told of *manuscript*."""
    try:
        job = inputs.job(manuscript)
        built = build(job, ["pdf"]) if laid_out else publish(job).document
    except ChapbookError as error:
        yield str(error.where or ""), f"{error.message} — {error.remedy}"
    else:
        for found in built.findings:
            yield str(found.where or ""), found.message
