import random
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from chapbook.design.templates import Design, load_templates
from chapbook.diff.states import State, compare_states
from chapbook.diff.webpage import web_page
from chapbook.diff.words import letters
from tests.diff.edits import Editor
from tests.diff.states import golden, outline_of
from tests.golden_cases import CASES

DESIGN = Design(load_templates(None), "serif")


def page_of(old: State, new: State) -> str:
    comparison, _ = compare_states(old, new)
    return web_page(old, new, comparison, DESIGN)


def states(case: str, turn: int = 0) -> tuple[State, State]:
    """Return a golden case as it was printed, and after some edits."""
    old = golden(case)
    edited = Editor(old.outline, random.Random(turn), 2).edit(8)
    return old, State("edition 2", edited.new)


def column(page: Any, number: int) -> str:
    """Return the letters of one version, as the page shows them."""
    texts = []
    for cell in page.iterfind(f".//tbody/tr/td[{number}]"):
        for mark in cell.xpath(
            ".//*[@class='mark' or @class='folio' or @class='formula' or @class='figure']"
        ):
            mark.drop_tree()
        texts.append(cell.text_content())
    return letters("".join(texts)).replace("|", "")


@pytest.mark.parametrize("case", CASES)
def test_both_versions_stand_on_the_page_whole(case: str) -> None:
    old, new = states(case)
    page: Any = html.fromstring(page_of(old, new))
    for number, state in enumerate((old, new), 1):
        notes = [note.text for note in state.outline.notes if note.text]
        blocks = [block for part in (state.outline.text, *notes) for block in part.blocks]
        assert column(page, number) == letters("".join(blocks)).replace("|", "")


@pytest.mark.parametrize("case", ["essay", "long", "notes"])
def test_every_change_leads_to_the_row_that_shows_it(case: str) -> None:
    old, new = states(case)
    page: Any = html.fromstring(page_of(old, new))
    ids = [node.get("id") for node in page.iterfind(".//*[@id]")]
    assert len(ids) == len(set(ids))
    links = page.findall(".//section[@class='changes']//a")
    assert len(links) >= 3
    for link in links:
        (row,) = page.xpath(".//tr[@id=$name]", name=link.get("href")[1:])
        assert row.get("class") == "changed", link.text_content()


def test_the_folios_of_the_printed_edition_stand_in_its_text() -> None:
    old, new = states("long")
    page: Any = html.fromstring(page_of(old, new))
    folios = [int(node.text or "0") for node in page.iterfind(".//td/p/span[@class='folio']")]
    assert folios == sorted(set(folios))
    assert len(folios) > 8
    assert page.findall(".//td[2]//span[@class='folio']") == []


def test_formulas_and_figures_stand_between_the_words_of_both_versions() -> None:
    old, new = states("math")
    page: Any = html.fromstring(page_of(old, new))
    formulas = [each.alt for each in old.outline.text.pictures if each.kind == "math"]
    assert len(formulas) > 3
    for number in (1, 2):
        shown = page.findall(f".//tbody/tr/td[{number}]//code[@class='formula']")
        assert [
            node.text_content() for node in shown if node.text_content() in formulas
        ] == formulas


def test_a_changed_formula_and_a_task_that_was_done_show_both_versions(tmp_path: Path) -> None:
    text = "So $a^2$ it is.\n\n- [ ] write it\n"
    old, new = (
        State(name, outline_of(tmp_path, words))
        for name, words in (("1", text), ("2", text.replace("a^2", "a^3").replace("[ ]", "[x]")))
    )
    page: Any = html.fromstring(page_of(old, new))
    rows = page.findall(".//tr[@class='changed']")
    assert [" ".join(row.text_content().split()) for row in rows] == [
        "So a^2 it is. So a^3 it is.",
        "☐ write it ☑ write it",
    ]


def test_the_page_needs_nothing_but_itself() -> None:
    text = page_of(*states("essay"))
    assert re.findall(r"(?:src|url\((?!\"data:)|@import|<script|<link)", text) == []
    assert {address[:1] for address in re.findall(r'href="([^"]*)', text)} == {"#"}


def test_marks_differ_by_more_than_color() -> None:
    sheet = DESIGN.file("diff.css")
    for mark in ("del", "ins", r"\.moved"):
        rule = re.search(rf"^{mark} \{{[^}}]*text-decoration: (\w+)", sheet, re.MULTILINE)
        assert rule
        assert re.search(rf'{mark}::before \{{ content: " \[\w+: "', sheet)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marked_words_are_legible(scheme: str) -> None:
    light, dark = re.findall(r":root \{([^}]*--removed[^}]*)\}", DESIGN.file("diff.css"))
    colors = dict(re.findall(r"--([\w-]+): (#\w{6})", light if scheme == "light" else dark))
    for mark in ("removed", "added", "moved"):
        assert contrast(colors[mark], colors[f"{mark}-tint"]) >= 4.5  # WCAG 2.2, SC 1.4.3


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_what_a_manuscript_says_is_no_markup_of_the_page() -> None:
    old, new = states("raw-html")
    page = page_of(State("<script>old", old.outline), State("new</title>", new.outline))
    assert "<script" not in page
    assert page.count("</title>") == 1


def test_headings_of_the_page_skip_no_level() -> None:
    page: Any = html.fromstring(page_of(*states("book")))
    levels = [int(node.tag[1]) for node in page.iter("h1", "h2", "h3")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
