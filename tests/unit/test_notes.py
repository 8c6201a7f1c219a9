"""Notes are taken from pandoc's own list, whatever an author calls things."""

from pathlib import Path

import pytest

from chapbook.checks.outline import Outline, Passage, Table
from chapbook.checks.pages import page_faults
from chapbook.checks.reading import PageTop, Reading
from chapbook.cli.inputs import job
from chapbook.model.document import Document
from chapbook.model.dom import text_of
from chapbook.pipeline import publish


def document(folder: Path, text: str) -> Document:
    (folder / "x.md").write_text(f"---\ntitle: T\nlang: en\n---\n\n{text}\n", "utf-8")
    return publish(job(str(folder / "x.md"))).document


def notes(of: Document) -> list[tuple[int, str]]:
    return [(note.number, text_of(note.body)) for note in of.notes]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("# A[^1]\n\nb\n\n[^1]: c", [(1, "c")]),
        ("| a[^1] |\n|---|\n| b[^2] |\n\n[^1]: c\n[^2]: d", [(1, "c"), (2, "d")]),
        ("a^[b]  c[^x]\n\n[^x]: d\n\n    > e", [(1, "b"), (2, "d e")]),
        ("a[^x] b[^x]\n\n[^x]: c", [(1, "c"), (2, "c")]),
        ("- a[^x]\n\n    - b[^y]\n\n[^y]: c\n[^x]: d", [(1, "d"), (2, "c")]),
        ("a[^x]\n\n[^x]: b\n\n    # Heading\n\n    c", [(1, "b Heading c")]),
    ],
    ids=["heading", "table", "inline and blocks", "called twice", "out of order", "with heading"],
)
def test_notes_are_numbered_as_they_are_called(
    tmp_path: Path, text: str, wanted: list[tuple[int, str]]
) -> None:
    result = document(tmp_path, text)
    assert notes(result) == wanted
    calls = [node for node in result.body.iter("a") if node.get("class") == "cb-noteref"]
    assert [call.get("href") for call in calls] == [f"#{note.id}" for note in result.notes]
    assert [call.get("id") for call in calls] == [note.ref_id for note in result.notes]


@pytest.mark.parametrize(
    "text",
    [
        "# Footnotes {.footnotes}\n\nWords.",
        '<section class="footnotes" id="footnotes" role="doc-endnotes">\n\nWords.\n\n</section>',
        (
            '<section class="footnotes footnotes-end-of-document" id="footnotes"><ol><li id="fn1">'
            "Words.</li></ol></section>"
        ),
        "[Words.](#x){.noteref}",
        "[Words.](#fn1){.footnote-ref}",
        '<a class="footnote-back" href="#fnref1">Words.</a>',
        "[Words.]{.task} [b]{.note-body} [c]{.image-refused}",
    ],
)
def test_our_own_names_are_no_trap(tmp_path: Path, text: str) -> None:
    result = document(tmp_path, f"Before.[^1]\n\n{text}\n\nAfter.\n\n[^1]: The note.")
    assert notes(result) == [(1, "The note.")]
    for words in ("Before.", "Words.", "After."):
        assert words in text_of(result.body)


def test_a_tables_head_that_print_repeats_keeps_its_notes_calls() -> None:
    heads = Table("", (("# a head", "# b"), ("row 1", "x")))
    for printed, marked in (("ahead1brow19", "row19"), ("ahead1b23row", "23row")):
        outline = Outline("T", "", "en", "ltr", text=Passage(tables=(heads,)))
        reading = Reading(outline, pages=(PageTop("2", marked, marked),))
        assert list(page_faults([PageTop("2", printed, "")], reading)) == []
        other = Reading(outline, pages=(PageTop("2", "zyx", "zyx"),))
        assert list(page_faults([PageTop("2", printed, "")], other))
