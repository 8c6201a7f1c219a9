"""Notes stay on the page of their call, whatever follows."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from chapbook import weasy
from chapbook.cli import inputs
from chapbook.design import fonts
from chapbook.design.templates import Design, load_templates
from chapbook.model.dom import append, element
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
        for name, item in pages.items():
            if name in line.text:
                item.add(line.page)
    assert pages["called"]
    assert pages["called"] == pages["Noted"]


LINE_MM = 3  # less than the height of a line of notes
COLUMNS = """
@page { size: 90mm 120mm; margin: 10mm }
div { columns: 2 }
p { font: 10pt/1.4 'Source Serif 4'; margin: 0 }
footnote { float: footnote; footnote-policy: line; font-size: 8pt }
footnote::footnote-call, footnote::footnote-marker { content: none }
"""


def columns_with_notes() -> Element:
    """Eight paragraphs in two columns, each with two notes of four lines."""
    columns = element("div")
    for number in range(8):
        paragraph = element("p", "text " * 30)
        for _ in range(2):
            paragraph.append(element("footnote", f"note{number} " * 30))
            append(paragraph, " text" * 12)
        columns.append(paragraph)
    return element("html", element("body", columns), lang="en-US")


def test_notes_never_stand_over_the_text_of_columns() -> None:
    """Notes that did not fit once stayed on the page, and were printed over its last lines."""
    page = columns_with_notes()
    words = "".join(page.itertext())
    faces = fonts.instances(Design(load_templates(None), "serif").families, words)
    printed = read_lines(weasy.draw(page, weasy.Sheet(COLUMNS, faces)).pdf)
    for word in ("text", "note"):
        assert sum(line.text.count(word) for line in printed) == words.count(word)
    for number in range(printed[-1].page + 1):
        texts = [line.top_mm for line in printed if line.page == number and "text" in line.text]
        notes = [line.top_mm for line in printed if line.page == number and "note" in line.text]
        assert not notes or max(texts, default=0) + LINE_MM < min(notes)
