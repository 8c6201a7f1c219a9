"""The notes of an EPUB, touched in a reading system: each pops up whole."""

import json
import subprocess
from pathlib import Path

import pytest

from chapbook.cli import inputs
from chapbook.model.dom import text_of
from chapbook.pipeline import build
from tests.validators import tools

ROOT = tools.HERE.parents[1]


@pytest.mark.parametrize(
    "path", ["tests/golden/notes/manuscript.md", "tests/validators/hard/arabic.md"]
)
def test_every_note_pops_up_whole(path: str, tmp_path: Path) -> None:
    tools.node_module("foliate-js")
    result = build(inputs.job(str(ROOT / path)), ["epub"])
    book = tmp_path / "book.epub"
    book.write_bytes(result.artefacts[0].content)
    command: list[str | Path] = [tools.node(), tools.HERE / "pop_up.mjs", tools.chromium(), book]
    command += ["--", *tools.chromium_flags()]
    finished = subprocess.run(command, capture_output=True, check=True, timeout=120)
    answer = json.loads(finished.stdout)
    assert answer["errors"] == []
    notes = result.document.notes
    assert [note["call"] for note in answer["notes"]] == [str(note.number) for note in notes]
    for touched, note in zip(answer["notes"], notes, strict=True):
        assert (touched["type"], touched["hidden"]) == ("footnote", True)
        wanted = f"{note.number}{text_of(note.body)}"
        if note.body.find(".//math") is None:
            assert "".join(touched["popped"].split()) == "".join(wanted.split())
