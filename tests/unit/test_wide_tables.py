"""Wide tables in print: set closer, smaller or turned, and reported; also on finished pages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import Element

import pikepdf
import pytest

from chapbook.design import fonts
from chapbook.layout.wide_tables import fit_tables
from chapbook.model.document import Manuscript
from chapbook.model.dom import add_class, classes, element
from chapbook.model.errors import Finding, Severity
from chapbook.printing.geometry import Page
from chapbook.printing.trims import TrimSize
from chapbook.reading.source_positions import Places
from tests import golden_cases

A5 = Page(TrimSize(148, 210), 20, 23, 17, 20, 9.6)
LONG = "Internationalization"
FACE = fonts.instances(("Source Serif 4",), frozenset(LONG))[0]


def fitted(columns: int, *, inside: str = "", named: str = "", page: Page = A5) -> tuple[Any, ...]:
    """Return a table with that many long words in a row, fitted to *page*, and the findings."""
    row = element("tr", *(element("td", LONG) for _ in range(columns)))
    table = element("table", element("tbody", row), class_=named or None)
    text = element("div", element(inside, table) if inside else table)
    manuscript = Manuscript("a.md", "a", b"", f"\n\n| {LONG} " * columns)
    return table, list(fit_tables(text, page, FACE, Places(manuscript)))


def how(table: Element) -> tuple[str, ...]:
    small = ("smaller",) if "style" in table.attrib else ()
    return (*classes(table), *small)


@pytest.mark.parametrize(
    ("columns", "set_so"),
    [
        (2, ()),
        (3, ()),
        (4, ("cb-close", "smaller")),
        (5, ("cb-close", "cb-turned", "smaller")),
        (7, ("cb-close", "cb-turned", "cb-broken", "smaller")),
    ],
)
def test_a_table_is_set_closer_then_smaller_then_turned_then_broken(
    columns: int, set_so: tuple[str, ...]
) -> None:
    assert how(fitted(columns)[0]) == set_so


def test_what_is_done_is_reported_with_the_line_of_the_table() -> None:
    assert fitted(2)[1] == []
    findings: list[Finding] = fitted(5)[1]
    assert [(str(each.where), each.severity) for each in findings] == [("a.md:3", Severity.NOTE)]
    assert "turned by a quarter" in findings[0].message
    broken: list[Finding] = fitted(9)[1]
    assert broken[0].severity is Severity.WARNING
    assert "part it in two" in broken[0].message


def test_type_is_never_smaller_than_printers_hold() -> None:
    for columns in range(2, 12):
        size = fitted(columns)[0].get("style", "font-size: 1em")
        assert float(size.removeprefix("font-size: ").removesuffix("em")) * A5.text_pt >= 6.99


def test_a_table_in_a_list_or_a_note_is_not_turned() -> None:
    for around in ("li", "blockquote", "footnote", "aside"):
        assert "cb-turned" not in classes(fitted(5, inside=around)[0])
        assert "cb-broken" in classes(fitted(5, inside=around)[0])


def test_an_author_may_ask_for_the_one_or_the_other() -> None:
    turned, findings = fitted(1, named="landscape")
    assert how(turned) == ("landscape", "cb-turned")
    assert findings == []  # it is no news to who asked for it
    assert "cb-turned" not in classes(fitted(6, named="portrait")[0])


def test_on_a_larger_page_less_is_wide() -> None:
    a4 = replace(A5, trim=TrimSize(210, 297), text_pt=11)
    assert how(fitted(4, page=a4)[0]) == ()


def test_each_column_of_a_table_that_is_too_wide_has_its_share() -> None:
    table, _ = fitted(9)
    add_class(table, "seen")
    shares = [float(col.get("style", "").strip("width: %")) for col in table.iter("col")]
    assert len(shares) == 9
    assert sum(shares) == pytest.approx(100, abs=0.1)


# The finished page -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pdf() -> Iterator[pikepdf.Pdf]:
    result = golden_cases.make("tables-wide")
    content = next(each for path, each in result.files.items() if path.suffix == ".pdf")
    with pikepdf.open(io.BytesIO(content)) as opened:
        yield opened


def test_a_turned_page_is_a_page_like_the_others_with_its_links_on_it(pdf: pikepdf.Pdf) -> None:
    sizes = {tuple(round(float(side)) for side in page.mediabox) for page in pdf.pages}
    assert sizes == {(0, 0, 420, 595)}
    links = [link for page in pdf.pages for link in page.get("/Annots", ()) if "/A" in link]
    left, bottom, right, top = map(float, links[0].Rect)
    assert top - bottom > 2 * (right - left) > 0, "the words of the link run upward"
    assert 0 < left < right < 420
    assert 0 < bottom < top < 595


def test_each_cell_of_the_pdf_names_its_headers_whatever_spans(pdf: pikepdf.Pdf) -> None:
    cells = list(_cells(pdf.Root.StructTreeRoot))
    scopes = [str(cell.A.Scope) for cell in cells if cell.S == "/TH"]
    assert {"/Column", "/Row"} == set(scopes)
    named = {str(cell.ID): number for number, cell in enumerate(cells) if "/ID" in cell}
    first = cells[:13]  # a head of two rows, two rows, of which the first cell spans two above
    heads = [[named[str(each)] for each in cell.A.get("/Headers", ())] for cell in first[5:9]]
    assert heads == [[0], [1, 2], [1, 3], [1, 4]]


def _cells(node: Any) -> Iterator[Any]:
    kids = node.get("/K", ())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            if kid.S in ("/TH", "/TD"):
                yield kid
            yield from _cells(kid)


def test_rows_that_a_cell_spans_stay_together_unless_they_are_many() -> None:
    few = element("table", element("tbody", *_spanned(4), *_spanned(1)))
    many = element("table", element("tbody", *_spanned(30)))
    manuscript = Manuscript("a.md", "a", b"", "")
    for table in (few, many):
        list(fit_tables(element("div", table), A5, FACE, Places(manuscript)))
    assert ["cb-joined" in classes(row) for row in few.iter("tr")] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert not any("cb-joined" in classes(row) for row in many.iter("tr"))


def _spanned(height: int) -> list[Element]:
    """Rows of which the first has a cell that spans them all."""
    first = element("tr", element("td", "a", rowspan=str(height)), element("td", "b"))
    return [first, *(element("tr", element("td", "c")) for _ in range(height - 1))]
