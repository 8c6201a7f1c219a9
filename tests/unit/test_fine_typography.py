"""The faults in a proof, and how they are mended."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

import pytest

from chapbook.layout.faults import Fault, Paragraphs, faults
from chapbook.layout.fine_typography import SPACINGS, Attempts, mend
from chapbook.model.dom import element
from chapbook.weasy.lines import Line


def line(
    node: Element, text: str = "some words", page: int = 0, width: float = 300, **more: object
) -> Line:
    texts: dict[str, object] = {"hyphenated": text.endswith("-"), **more}
    return Line(node, page, text, width, 300, 0, 12, **texts)  # type: ignore[arg-type]


def faults_in(lines: Sequence[Line], text: Element) -> list[Fault]:
    return list(faults(Paragraphs(lines, text), []))


@pytest.mark.parametrize(
    ("widths", "message"),
    [([300, 300, 17], "a line of its own"), ([300, 300, 18], None), ([17], None)],
)
def test_a_last_line_shorter_than_an_indent_is_a_runt(
    widths: list[float], message: str | None
) -> None:
    paragraph = element("p")
    lines = [line(paragraph, width=width) for width in widths]
    texts = [fault.message for fault in faults_in(lines, element("main", paragraph))]
    assert [message in each for each in texts] == [True] if message else texts == []


@pytest.mark.parametrize(("hyphens", "count"), [(2, 0), (3, 1), (4, 1)])
def test_more_than_two_hyphens_in_a_row_are_a_ladder(hyphens: int, count: int) -> None:
    paragraph = element("p")
    lines = [line(paragraph, "bro-")] * hyphens + [line(paragraph), line(paragraph)]
    assert len(faults_in(lines, element("main", paragraph))) == count


def test_a_widow_an_orphan_and_a_stranded_heading_are_reported_with_their_page() -> None:
    widow, orphan, heading = element("p"), element("p"), element("h2")
    section = element("section", heading, orphan)
    text = element("main", widow, section)
    lines = [
        *(line(widow, page=page) for page in (0, 0, 1)),
        line(heading, page=1),
        *(line(orphan, page=page) for page in (2, 3, 3)),
    ]
    assert {(fault.message[:14], fault.page) for fault in faults_in(lines, text)} == {
        ("the last line ", 1),
        ("the first line", 2),
        ("the heading “s", 1),
    }


def test_a_part_that_is_only_a_heading_is_not_stranded() -> None:
    heading, paragraph = element("h2"), element("p")
    part, chapter = element("section", heading), element("section", paragraph)
    lines = [line(heading), *[line(paragraph, page=1)] * 4]
    assert faults_in(lines, element("main", part, chapter)) == []


def test_what_is_wider_than_the_measure_is_reported() -> None:
    code = element("pre")
    assert "wider" in faults_in([line(code, width=301)], element("main", code))[0].message


def galley(widths: dict[tuple[float, float], list[tuple[float, bool]]]) -> object:
    """Returns given lines for each spacing, (width, hyphenated) a line, without layout."""

    def lay_out(main: Element) -> list[Line]:
        lines = []
        for number, copy in enumerate(main):
            spacing = SPACINGS[number % len(SPACINGS)]
            for width, hyphenated in widths.get(spacing, [(300, False), (5, False)]):
                lines.append(line(copy, width=width, hyphenated=hyphenated))
        return lines

    return lay_out


def test_the_least_change_of_spacing_that_mends_is_taken() -> None:
    paragraph = element("p")
    text = element("main", paragraph)
    runt = [line(paragraph), line(paragraph, width=5)]
    good = [(300.0, False), (90.0, False)]
    lay_out = galley({(-0.005, 0.0): good, (0.0025, 0.0): good})
    assert mend(Paragraphs(runt, text), [text], lay_out, Attempts())  # type: ignore[arg-type]
    assert paragraph.get("style") == "letter-spacing: 0.0025em"


def test_what_no_spacing_mends_stays_as_it_is_and_is_not_tried_again() -> None:
    paragraph = element("p")
    text = element("main", paragraph)
    runt = [line(paragraph), line(paragraph, width=5)]
    assert not mend(Paragraphs(runt, text), [text], galley({}), Attempts())  # type: ignore[arg-type]
    assert "style" not in paragraph.attrib


def test_spacing_changes_by_no_more_than_a_hundredth_of_an_em() -> None:
    assert all(abs(each) <= 0.01 for spacing in SPACINGS for each in spacing)


@pytest.mark.parametrize(("wins", "count"), [(-1, 1), (1, 2)])
def test_a_chapter_that_ends_with_a_line_or_two_wins_or_loses_one(wins: int, count: int) -> None:
    paragraph, last = element("p"), element("p")
    text = element("main", paragraph, last)
    lines = [*[line(paragraph)] * 6, *[line(last)] * 2, *[line(last, page=1)] * count]
    other = [(300.0, False)] * (6 + wins)
    lay_out = galley({(-0.01, 0.0): other})
    attempts = Attempts()
    assert mend(Paragraphs(lines, text), [text], lay_out, attempts)  # type: ignore[arg-type]
    assert [node for node in (paragraph, last) if "style" in node.attrib]
    assert attempts.longer == set()


@pytest.mark.parametrize(
    ("last", "count", "pages"),
    [(4, 1, {3}), (4, 2, {3, 1, 2}), (5, 2, {3, 4}), (2, 2, {0, 1}), (1, 1, {0}), (1, 2, None)],
)
def test_where_no_paragraph_can_facing_pages_are_a_line_longer(
    last: int, count: int, pages: set[int] | None
) -> None:
    paragraph = element("p")
    text = element("main", paragraph)
    lines = [line(paragraph, page=page) for page in range(last) for _ in range(30)]
    lines += [line(paragraph, page=last)] * count
    attempts = Attempts()
    changed = mend(Paragraphs(lines, text), [text], galley({}), attempts)  # type: ignore[arg-type]
    assert changed is (pages is not None)
    assert attempts.longer == (pages or set())


@pytest.mark.parametrize("name", ["full-page", "cb-turned", "cb-after-page-break"])
def test_what_has_a_page_of_its_own_may_end_a_chapter_with_two_lines(name: str) -> None:
    paragraph, caption = element("p"), element("figcaption")
    text = element("main", paragraph, element("figure", caption, class_=name))
    lines = [*[line(paragraph)] * 6, *[line(caption, page=1)] * 2]
    assert list(faults(Paragraphs(lines, text), [text])) == []
    text[1].attrib.clear()
    assert [fault.page for fault in faults(Paragraphs(lines, text), [text])] == [1]


@pytest.mark.parametrize(
    ("text", "stretch", "message"),
    [
        ("two words", 3.0, []),
        ("two words", 3.2, ["the spaces of the line “two words” are 3.2 times as wide as usual"]),
        ("allow", 40.0, ["the line “allow” is too short"]),
    ],
)
@pytest.mark.parametrize("tag", ["p", "li", "dd"])
def test_an_inner_line_that_is_too_short_or_too_loose_is_reported(
    tag: str, text: str, stretch: float, message: list[str]
) -> None:
    block = element(tag)
    lines = [line(block), line(block, text, page=1, stretch=stretch), *[line(block, page=1)] * 2]
    texts = [
        fault
        for fault in faults_in(lines, element("main", block))
        if "line of" not in fault.message
    ]
    loose = [fault for fault in texts if fault.line is lines[1]]
    assert [fault.message.split(":")[0] for fault in loose] == message
    assert all(fault.page == 1 and fault.mendable for fault in loose)


def test_an_item_with_paragraphs_is_not_spaced_for_its_own_line() -> None:
    item = element("li", element("p", "inner"))
    (fault,) = faults_in([line(item, "allow", stretch=9), line(item)], element("main", item))
    assert not fault.mendable


def test_of_settings_that_keep_a_fault_that_with_fewer_is_taken() -> None:
    paragraph = element("p")
    text = element("main", paragraph)
    before = [line(paragraph, "a b", stretch=5), line(paragraph), line(paragraph, width=5)]

    def lay_out(main: Element) -> list[Line]:
        lines = []
        for number, copy in enumerate(main):
            is_best = SPACINGS[number % len(SPACINGS)] == (0.0025, 0.0)
            last = 90.0 if is_best else 5.0
            lines += [line(copy, "a b", stretch=5), line(copy), line(copy, width=last)]
        return lines

    assert mend(Paragraphs(before, text), [text], lay_out, Attempts())
    assert paragraph.get("style") == "letter-spacing: 0.0025em"
