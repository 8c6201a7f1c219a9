"""Notes stay on the page of their call, whatever follows."""

from __future__ import annotations

from pathlib import Path

import pytest

from chapbook.cli import inputs
from chapbook.pipeline import build
from tests.printed import read_lines

HEAD = "---\ntitle: T\nlang: en\nidentifier: urn:x\n---\n\nA.\n\n\\newpage\n\n"


@pytest.mark.parametrize("lines", [24, 25, 26, 27])
def test_a_note_stays_with_its_call_where_a_box_follows(tmp_path: Path, lines: int) -> None:
    """A box that breaks only where it overflows once sent the page's notes away."""
    words = " ".join("word" for _ in range(12 * lines))
    box = "::: warning\n" + " ".join("boxed" for _ in range(50)) + "\n:::\n"
    text = f"{words} called.[^n] More.\n\n[^n]: {'Noted. ' * 30}\n\n{box}\n{box}\nThe end.\n"
    (tmp_path / "a.md").write_text(HEAD + text, "utf-8")
    built = build(inputs.job(str(tmp_path / "a.md")), ["pdf"])
    pages: dict[str, set[int]] = {"called": set(), "Noted": set()}
    for line in read_lines(built.artefacts[0].content):
        for name, found in pages.items():
            if name in line.text:
                found.add(line.page)
    assert pages["called"]
    assert pages["called"] == pages["Noted"]
