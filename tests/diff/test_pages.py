"""The pages of a comparison agree with what PDFium, another reader, finds on them."""

import random
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest

from chapbook.checks.outline import Outline
from chapbook.checks.reading import Unreadable
from chapbook.diff.compare import compare
from chapbook.diff.pages import read_pages
from chapbook.diff.places import anchor, unit_letters
from chapbook.diff.states import State, compare_states
from chapbook.diff.values import Act, Change
from chapbook.diff.words import letters
from tests.diff.edits import Editor
from tests.diff.states import golden, outline_of, printed
from tests.printed import Line, read_lines

HALF_A_LINE_MM = 2.2  # notes are set 3.8 mm from line to line; a heading's call is raised by 2
RUNNING_HEAD_MM = 15  # above this an A5 page of ours has but its running head
FOLIO_FOOT_MM = 190  # below this an A5 page of ours has nothing but its folio


def pages_of(pdf: bytes) -> dict[str, list[str]]:
    """Return the letters of each line of text, for each page by its folio, printed or not."""
    with pypdfium2.PdfDocument(pdf) as document:
        labels = [
            document.get_page_label(number) or str(number + 1) for number in range(len(document))
        ]
    by_page: dict[int, list[Line]] = {}
    for line in read_lines(pdf):
        by_page.setdefault(line.page, []).append(line)
    result = {}
    for number, lines in by_page.items():
        lines.sort(key=bottom_mm)
        if lines[-1].top_mm > FOLIO_FOOT_MM:
            assert lines.pop().text == labels[number]
        body = [line for line in lines if line.top_mm > RUNNING_HEAD_MM]
        result[labels[number]] = [
            "".join(part.letters for part in sorted(group, key=lambda part: part.left_mm))
            for group in with_superscripts(body)
        ]
    return result


def bottom_mm(line: Line) -> float:
    return line.top_mm + line.height_mm


def with_superscripts(lines: list[Line]) -> list[list[Line]]:
    """Return *lines*, with lines of only raised signs joined to the line below."""
    groups: list[list[Line]] = []
    for line in lines:
        if groups and bottom_mm(line) - bottom_mm(groups[-1][-1]) < HALF_A_LINE_MM:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def is_printed_there(change: Change, pages: dict[str, list[str]]) -> bool:
    """Return whether the first changed word, or the word before it, is in that line."""
    spot = change.spots[0]
    lines = pages[spot.folio]
    if spot.note is not None:
        return any(_telling_letters(change) in line for line in lines)
    # A word that is split at a line end continues in the next line.
    near = lines[max(0, spot.line - 2) : spot.line + 1]
    return _telling_letters(change) in "".join(near) and _telling_letters(change)[:1] in "".join(
        lines[spot.line - 1]
    )


def _telling_letters(change: Change) -> str:
    at = next((at for at, part in enumerate(change.parts) if part.act is not None), 0)
    if at and change.parts[at].act is Act.ADDED:
        return letters(change.parts[at - 1].text)[-6:]
    return letters(change.parts[at].text)[:12]


@pytest.mark.parametrize("case", ["essay", "long", "book", "notes"])
def test_the_page_and_line_of_each_change_are_those_that_pdfium_reads(case: str) -> None:
    old = golden(case)
    assert old.pdf
    pages = pages_of(old.pdf)
    looked_at = 0
    for turn in range(12):
        rng = random.Random(turn)
        edited = Editor(old.outline, rng, 2).edit(12)
        comparison, silence = compare_states(old, State("new", edited.new))
        assert silence == ""
        for change in comparison.changes:
            assert change.spots, f"no page for {change}"
            if change.act is not Act.ADDED and change.parts[0].act is not Act.ADDED:
                assert is_printed_there(change, pages), change
                looked_at += 1
    assert looked_at > (50 if case in ("essay", "long") else 5)


@pytest.mark.parametrize("case", ["essay", "long", "book", "quotes", "figures", "lists"])
def test_every_unit_of_a_text_begins_where_pdfium_reads_it(case: str) -> None:
    state = golden(case)
    assert state.pdf
    stream = compare(state.outline, state.outline).text
    pages = read_pages(state.pdf, stream.old, ())
    read = pages_of(state.pdf)
    folios: Counter[str] = Counter()
    for unit in stream.old:
        spot = pages.spot(anchor(unit))
        assert spot is not None
        # Lines below pictures that are side by side are counted as one or as two.
        earlier = 4 if case == "figures" else 1
        lines = read[spot.folio][max(0, spot.line - earlier) : spot.line + 1]
        first = unit_letters(unit)[: 6 if unit.kind == "caption" else 12]
        assert first in "".join(lines), (unit, spot)
        folios[spot.folio] += 1
    assert len(folios) > (5 if case == "long" else 0)


TEXT = "\n\n".join(
    f"This is paragraph {name}. It says a few words, and then some more about {name}."
    for name in "amber basket candle dagger engine feather garden hammer island jacket".split()
)


def test_an_added_sentence_stands_behind_the_word_before_it(tmp_path: Path) -> None:
    old = printed(tmp_path, TEXT)
    new = State(
        "new", outline_of(tmp_path, TEXT.replace("about dagger.", "about dagger. One more."))
    )
    comparison, _ = compare_states(old, new)
    (change,) = comparison.changes
    (spot,) = change.spots
    assert old.pdf
    assert "aboutdagger" in pages_of(old.pdf)[spot.folio][spot.line - 1]


def test_a_change_in_a_note_shows_note_and_page(tmp_path: Path) -> None:
    text = f"{TEXT}^[A note at the end of the text.]"
    old = printed(tmp_path, text)
    new = State("new", outline_of(tmp_path, text.replace("end of the", "close of the")))
    comparison, _ = compare_states(old, new)
    (change,) = comparison.changes
    assert [(spot.folio, spot.note, spot.line) for spot in change.spots] == [("1", 1, 1)]


def test_without_a_pdf_it_is_said_that_there_are_no_pages(tmp_path: Path) -> None:
    outline = outline_of(tmp_path, TEXT)
    other = State("new", outline_of(tmp_path, TEXT.replace("amber", "ember")))
    assert compare_states(State("draft.md", outline), other)[1] == "no pages: draft.md has no PDF"
    broken = State("edition 1", outline, b"%PDF-1.7 and nothing more")
    comparison, silence = compare_states(broken, other)
    assert silence.startswith("no pages: the PDF of edition 1 cannot be read: ")
    assert comparison.changes
    assert not any(change.spots for change in comparison.changes)


def test_a_pdf_of_another_text_gives_no_wrong_error(tmp_path: Path) -> None:
    pdf = printed(tmp_path, TEXT).pdf
    assert pdf
    other = outline_of(tmp_path, "Wholly other words. They are printed nowhere at all.")
    stream = compare(other, Outline("", "", "en", "ltr")).text
    pages = read_pages(pdf, stream.old, ())
    assert all(spot.folio == "1" for _, spot in pages.text)


def test_what_is_no_pdf_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        read_pages(b"no PDF", (), ())
