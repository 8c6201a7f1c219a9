"""The places of page markers in a document's tree, and that they change nothing else."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace as replace_values
from xml.etree.ElementTree import Element, fromstring, tostring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.lang.numerals import roman
from chapbook.layout.pagination import paginate
from chapbook.model.document import Break, Document, Layout, Manuscript, Page, Publication
from chapbook.model.dom import HEADINGS, is_page_break, replace, walk
from chapbook.model.edition import Edition
from chapbook.model.metadata import Metadata
from chapbook.weasy.pages import own_text

TREE = """<article><p>One two <em>three four</em> five<a class="cb-noteref" id="noteref-1" \
href="#note-1">1</a>, six in<em>side</em>s.</p>
<section id="s" data-depth="1"><h2>A heading <em>here</em></h2><p>First. Second.</p>
<ul><li>item one</li><li><p>item two</p><p>more of it</p><ul><li>inner item</li></ul></li></ul>
<table><colgroup><col /></colgroup><thead><tr><th>Head</th></tr></thead><tbody>\
<tr><td>cell one</td><td><p>cell two</p></td></tr></tbody></table>
<pre><code>line one
line two</code></pre><figure><img src="x.png" alt="" /><figcaption>The caption</figcaption></figure>
<p><math><mi>x</mi></math> and more</p><p lang="ja">日本語の文章</p>
<dl><dt>term</dt><dd>what it is</dd></dl><blockquote><p>quoted words</p></blockquote></section>
<section id="t" data-depth="1"><h2>Last</h2><p>End.</p></section></article>"""


def publication(body: Element, breaks: list[Break]) -> Publication:
    document = Document(
        metadata=Metadata(title="T", title_html="T", lang="en", identifier="urn:x"),
        body=body,
        manuscript=Manuscript("m.md", "m", b"", ""),
    )
    edition = Edition(identifier="urn:x", label=None, date=None, source_digest="")
    first = Break(Page("1"), None)
    return Publication(document, edition, Layout(0, (first, *breaks)))


def paginated(*places: tuple[int, int]) -> Element:
    """TREE with a marker for page 2, 3 … at each of *places*: a node's number, and a count."""
    breaks = [Break(Page(str(number)), *place) for number, place in enumerate(places, 2)]
    return paginate(publication(fromstring(TREE), breaks)).document.body


def numbered(tag: str, nth: int = 0) -> int:
    nodes = list(fromstring(TREE).iter())
    return [number for number, node in enumerate(nodes) if node.tag == tag][nth]


def text_around(body: Element) -> str:
    """Return the tree as markup, with ¶ for the marker."""
    for parent, node in list(walk(body)):
        if is_page_break(node):
            replace(parent, node, "¶")
    return tostring(body, encoding="unicode")


@pytest.mark.parametrize(
    ("tag", "nth", "count", "expected"),
    [
        ("p", 0, 0, "<article><p>¶One two"),
        ("p", 0, 3, "One ¶two"),
        ("p", 0, 5, "One ¶two"),  # within “two”
        ("em", 0, 0, "two ¶<em>three"),
        ("em", 0, 5, "<em>three ¶four"),
        ("p", 0, 6, "<em>three four</em> ¶five"),
        ("p", 0, 10, "</em> ¶five<a"),  # the comma after the note's call
        ("p", 0, 11, ", ¶six in"),
        ("p", 0, 16, "six ¶in<em>side</em>s."),  # a word runs through the emphasis
        ("em", 1, 2, "six ¶in<em>side</em>s."),
        ("h2", 0, 0, "¶<section id="),
        ("em", 2, 0, "<h2>A heading ¶<em>here"),
        ("li", 0, 0, "¶<ul><li>item one"),
        ("li", 0, 4, "<li>item ¶one"),
        ("p", 2, 0, "<li><p>¶item two"),
        ("p", 3, 0, "<p>¶more of it"),
        ("li", 2, 0, "<ul><li>¶inner"),
        ("th", 0, 0, "¶<table>"),
        ("td", 0, 0, "<td>¶cell one"),
        ("p", 4, 0, "<td><p>¶cell two"),
        ("code", 0, 0, "¶<pre><code>"),
        ("code", 0, 7, "line one\n¶line two"),
        ("img", 0, 0, "¶<figure><img"),
        ("figcaption", 0, 3, "<figcaption>The ¶caption"),
        ("math", 0, 0, "<p>¶<math>"),
        ("p", 6, 3, "日本語¶の文章"),
        ("dt", 0, 0, "¶<dl><dt>term"),
        ("dd", 0, 0, "<dd>¶what"),
        ("p", 7, 0, "<blockquote><p>¶quoted"),
    ],
)
def test_a_marker_stands_where_it_breaks_nothing(
    tag: str, nth: int, count: int, expected: str
) -> None:
    assert expected in text_around(paginated((numbered(tag, nth), count)))


def test_pages_of_nothing_but_a_note_are_marked_in_their_order_where_the_text_goes_on() -> None:
    for place in ((numbered("h2"), 0), (numbered("p", 1), 6), (numbered("code"), 0)):
        body = paginated(place, place, place)
        assert [node.get("id") for node in body.iter() if is_page_break(node)] == [
            "page-2",
            "page-3",
            "page-4",
        ]


def places() -> st.SearchStrategy[list[tuple[int, int]]]:
    nodes = list(fromstring(TREE).iter())
    inside_formulas = {inner for node in nodes if node.tag == "math" for inner in node.iter()}
    every = [
        (number, count)
        for number, node in enumerate(nodes)
        if node not in inside_formulas or node.tag == "math"
        for count in range(max(1, len(own_text(node))))
        if own_text(node) or node.tag in {"img", "math"}
    ]
    return st.lists(st.sampled_from(every), unique=True).map(in_reading_order)


def in_reading_order(findings: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """*findings* sorted by where each stands in the text."""
    order: dict[tuple[int, int], int] = {}
    nodes = list(fromstring(TREE).iter())
    numbers = {id(node): number for number, node in enumerate(nodes)}

    def visit(node: Element) -> None:
        count = 0
        for slot in range(len(node) + 1):
            if slot:
                visit(node[slot - 1])
            text = (node[slot - 1].tail if slot else node.text) or ""
            if not own_text(node):
                order.setdefault((numbers[id(node)], 0), len(order))
            for _ in "".join(text.split()):
                order[numbers[id(node)], count] = len(order)
                count += 1

    visit(nodes[0])
    return sorted(findings, key=lambda place: order[place])


@given(places())
def test_markers_stand_in_order_and_change_nothing_else(positions: list[tuple[int, int]]) -> None:
    body = paginated(*positions)
    ids = [node.get("id") for node in body.iter() if is_page_break(node)]
    assert ids == [f"page-{number}" for number in range(2, len(positions) + 2)]
    bare = deepcopy(body)
    for parent, node in reversed(list(walk(bare))):
        if is_page_break(node):
            replace(parent, node)
    assert tostring(bare) == tostring(fromstring(TREE))


@given(places())
def test_markers_stand_only_where_html_allows_them(positions: list[tuple[int, int]]) -> None:
    body = paginated(*positions)
    for parent, node in walk(body):
        if is_page_break(node):
            assert parent.tag not in {"ul", "ol", "dl", "table", "thead", "tbody", "tr", "math"}
            assert not (parent.tag in HEADINGS and parent[0] is node and not parent.text)
    for section in body.iter("section"):
        assert section[0].tag in HEADINGS


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "i"), (4, "iv"), (9, "ix"), (14, "xiv"), (40, "xl"), (1999, "mcmxcix")],
)
def test_roman_folios(number: int, written: str) -> None:
    assert roman(number) == written


def test_page_references_say_where_their_targets_are_printed() -> None:
    result = publication(
        fromstring('<article><p id="x">See <a class="cb-page-ref" href="#s" />.</p></article>'), []
    )
    layout = Layout(0, (Break(Page("1"), None),), folios={"s": "xii"})
    body = paginate(replace_values(result, layout=layout)).document.body
    assert "".join(body.itertext()) == "See xii."
    assert "".join(result.document.body.itertext()) == "See ."  # what was laid out stays as it is
