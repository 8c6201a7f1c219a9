"""Tables: the places of cells, scopes of headers, alignment of numbers, and HTML's model."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.model.document import Document, Manuscript
from chapbook.model.dom import classes, element, text_of
from chapbook.model.metadata import Metadata
from chapbook.model.table_grid import column_count, slots
from chapbook.reading.sanitizer import sanitize
from chapbook.reading.source_positions import Places
from chapbook.transforms import prepare
from chapbook.transforms.tables import LONGEST_KEPT_WHOLE


def table(html: str, lang: str = "en") -> Element:
    """The first table of *html*, in house style."""
    manuscript = Manuscript("essay.md", "essay", b"", "")
    body, _ = sanitize(html, Places(manuscript))
    metadata = Metadata(title="T", title_html="T", subtitle=None, lang=lang, identifier="urn:x")
    prepared = prepare(Document(metadata, body, manuscript)).body
    return next(prepared.iter("table"))


def rows(*lines: str, head: str = "") -> str:
    """Return a table's markup: bars separate cells, a colon at the end of a cell aligns it."""

    def row(line: str, tag: str) -> str:
        cells = [cell.strip() for cell in line.split("|")]
        aligned = [
            f'<{tag} style="text-align:right">{cell[:-1]}'
            if cell.endswith(":")
            else f"<{tag}>{cell}"
            for cell in cells
        ]
        return f"<tr>{''.join(aligned)}</tr>"

    top = f"<thead>{row(head, 'th')}</thead>" if head else ""
    return f"<table>{top}<tbody>{''.join(row(line, 'td') for line in lines)}</tbody></table>"


# Places of cells ------------------------------------------------------------------------------


def test_a_cell_below_one_that_spans_rows_stands_beside_it() -> None:
    output = table('<table><tr><td rowspan="2">a<td colspan=2>b<tr><td>c<td>d<tr><td>e</table>')
    result = {text_of(slot.cell): (slot.row, slot.column) for slot in slots(output)}
    assert result == {"a": (0, 0), "b": (0, 1), "c": (1, 1), "d": (1, 2), "e": (2, 0)}
    assert column_count(slots(output)) == 3


@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), max_size=4),
        min_size=1,
        max_size=5,
    )
)
def test_no_cell_begins_where_another_stands(spans: list[list[tuple[int, int]]]) -> None:
    body = element("tbody")
    for cells in spans:
        row = element("tr")
        for width, height in cells:
            row.append(element("td", colspan=str(width), rowspan=str(height)))
        body.append(row)
    begun = [(slot.row, slot.column) for slot in slots(element("table", body))]
    assert len(begun) == len(set(begun)) == sum(map(len, spans))
    for slot in slots(element("table", body)):
        assert slot.row + slot.height <= len(spans)


# HTML's model ----------------------------------------------------------------------------------


def test_a_table_has_one_caption_one_head_and_its_foot_last_and_keeps_every_word() -> None:
    result = table(
        "<table><caption>one</caption><caption>two</caption><tfoot><tr><td>f</tfoot>"
        "<thead><tr><th>h</thead><thead><tr><th>i</thead><tbody><tr></tr><tr><td>b</tbody></table>"
    )
    assert [part.tag for part in result] == ["caption", "thead", "tbody", "tbody", "tfoot"]
    assert text_of(result) == "one two h i b f"
    assert all(len(row) for row in result.iter("tr"))


def test_no_cell_reaches_below_its_group_and_no_row_is_empty() -> None:
    result = table(
        "<table><tbody><tr><td rowspan=9>a<td>b<tr><tr><td>c</tbody>"
        "<tbody><tr><td>d</tbody></table>"
    )
    assert [cell.get("rowspan") for cell in result.iter("td")] == ["2", None, None, None]
    assert len(list(result.iter("tr"))) == 3


def test_columns_are_named_as_often_as_there_are_any() -> None:
    more = table("<table><colgroup><col><col><col></colgroup><tr><td>a<td>b</table>")
    fewer = table("<table><colgroup><col></colgroup><tr><td>a<td>b</table>")
    assert len(list(more.iter("col"))) == 0
    assert len(list(fewer.iter("col"))) == 2


# Headers ---------------------------------------------------------------------------------------


def scopes(result: Element) -> dict[str, str | None]:
    return {text_of(cell): cell.get("scope") for cell in result.iter("th")}


def test_headers_of_columns_rows_and_groups_say_so() -> None:
    result = table(
        "<table><thead><tr><th>place<th>count</thead><tbody><tr><th colspan=2>North"
        "<tr><th>Oslo<td>1<tr><th colspan=2>South<tr><th>Rome<td>2</tbody></table>"
    )
    assert scopes(result) == {
        "place": "col",
        "count": "col",
        "North": "rowgroup",
        "Oslo": "row",
        "South": "rowgroup",
        "Rome": "row",
    }
    assert len(result.findall("tbody")) == 2


def test_under_an_empty_corner_the_first_column_heads_the_rows() -> None:
    result = table(rows("apple | 1", "pear | 2", head=" | count"))
    assert scopes(result) == {"count": "col", "apple": "row", "pear": "row"}


@pytest.mark.parametrize(
    "html",
    [
        rows("apple | 1", " | 2", head=" | count"),  # a row without a name
        rows("apple | 1", "pear | 2", head="fruit | count"),  # names of things, not of rows
        rows("apple | 1", "pear | 2"),
    ],
)
def test_otherwise_it_does_not(html: str) -> None:
    assert "row" not in scopes(table(html)).values()


def test_an_author_may_ask_for_it() -> None:
    html = rows("apple | 1", head="fruit | count").replace("<table", '<table class="row-headers"')
    assert scopes(table(html)) == {"fruit": "col", "count": "col", "apple": "row"}


# Numbers ---------------------------------------------------------------------------------------


def pads(result: Element) -> list[str]:
    return [cell.get("data-pad", "") for cell in result.iter("td")]


def test_numbers_with_fewer_decimals_get_the_room_of_those_missing() -> None:
    result = table(rows("1.25:", "3.5:", "1,200:", "–:", "7.5 %:"))
    assert pads(result) == [" %", "5 %", ".25 %", "", "5"]
    assert text_of(result) == "1.25 3.5 1,200 – 7.5 %"
    assert all("cb-decimal" in classes(cell) for cell in result.iter("td"))


def test_decimals_are_those_of_the_language() -> None:
    assert pads(table(rows("1.200:", "3,5:", "12:"), lang="de")) == [",5", "", ",5"]
    assert pads(table(rows("1.200:", "3.5:", "12:"), lang="de")) == ["", "00", ".200"]
    assert pads(table(rows("1.200:", "12:"), lang="de")) == ["", ""]
    assert pads(table(rows("1.200:", "12:"), lang="en")) == ["", ".200"]


def test_a_column_of_decimals_that_nobody_aligned_is_aligned() -> None:
    result = table(rows("a | 1.25", "b | 3", head="name | length"))
    aligned = [text_of(cell) for cell in slots_aligned(result)]
    assert aligned == ["length", "1.25", "3"]


def slots_aligned(result: Element) -> list[Element]:
    return [slot.cell for slot in slots(result) if "cb-align-right" in classes(slot.cell)]


@pytest.mark.parametrize(
    "html",
    [
        rows("1.2.3", "1.10"),  # a version
        rows("1.25 and more", "3"),
        rows("1.25"),  # alone
        rows("1998", "12"),  # no decimals, and nobody asked
        rows("1.25", "3").replace("<td>", '<td style="text-align:left">'),
        rows("", "–"),
    ],
)
def test_other_columns_stay_as_they_are(html: str) -> None:
    result = table(html)
    assert not any(pads(result))
    assert not any("cb-decimal" in classes(cell) for cell in result.iter("td"))


def test_the_room_is_given_where_the_number_stands() -> None:
    result = table("<table><tr><td><p>1.25</p><tr><td><p><b>3</b></p></table>")
    assert [node.get("data-pad") for node in result.iter("p")] == [None, ".25"]


# Length ----------------------------------------------------------------------------------------


def test_a_table_of_many_lines_may_break_however_few_its_rows() -> None:
    prose = " ".join(["word"] * 120)
    assert "cb-long" in classes(table(rows(*[f"{prose} | x"] * 2)))
    assert "cb-long" not in classes(table(rows(*["word | x"] * LONGEST_KEPT_WHOLE)))
    assert "cb-long" in classes(table(rows(*["word | x"] * (LONGEST_KEPT_WHOLE + 1))))
