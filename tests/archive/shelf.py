"""A manuscript that is released again and again, and the command line at hand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from PIL import Image

from chapbook.archive.release import Order, Outcome, release
from chapbook.archive.store import Archive
from chapbook.cli import chapbook

WORK = "urn:uuid:3c5c1d1e-58d3-4a3f-9a2c-6d1f8b8f2a10"
ORDER = Order("2026-11-23T12:00:00Z", {"name": "Ada", "address": "mailto:ada@example.org"})

_TEXT = """\
---
title: A Work of Many Editions
subtitle: And One Picture
author:
  - name: Ada Example
    file-as: Example, Ada
lang: en
identifier: {work}
edition: "{label}"
date: {date}
rights: CC BY 4.0
---

It has been said {words}.[^1]

![A seal](images/the%20seal.png){{width=6mm}}

[^1]: Perhaps.
"""


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder with a manuscript, a picture and a settings file."""

    folder: Path

    @property
    def manuscript(self) -> Path:
        return self.folder / "many.md"

    def write(self, label: str, words: str = "once", date: str = "2026-11-22") -> None:
        (self.folder / "images").mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 30), "teal").save(self.folder / "images" / "the seal.png")
        (self.folder / "chapbook.toml").write_text('publisher = "A Small Press"\n', "utf-8")
        text = _TEXT.format(work=WORK, label=label, words=words, date=date)
        self.manuscript.write_text(text, "utf-8")

    def restyle(self, rule: str) -> None:
        """Give the manuscript a stylesheet of its own for print, ours and *rule*."""
        ours = Path(__file__).parents[2] / "templates" / "print.css"
        own = self.folder / "templates"
        own.mkdir(exist_ok=True)
        (own / "print.css").write_text(f"{ours.read_text('utf-8')}\n{rule}\n", "utf-8")

    def release(self, archive: Archive, order: Order = ORDER) -> Outcome:
        return release(archive, str(self.manuscript), order)


def run(*words: str | Path) -> Result:
    """Run the command line with *words*."""
    return CliRunner().invoke(chapbook, [str(word) for word in words])


def run_as_json(*words: str | Path, exit_code: int = 0) -> Any:
    """Return the JSON that the command line prints for *words*."""
    done = run(*words, "--json")
    assert done.exit_code == exit_code, done.output
    return json.loads(done.stdout)
