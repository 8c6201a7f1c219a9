"""If a page begins with any element, full or empty, its marker is where HTML allows it."""

from __future__ import annotations

from dataclasses import replace as replace_values
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring, tostring

import pytest

from chapbook.design.templates import Design, load_templates
from chapbook.layout.pagination import paginate
from chapbook.model.document import Break, Document, Layout, Manuscript, Page, Publication
from chapbook.model.dom import is_page_break, replace, walk
from chapbook.model.edition import Edition
from chapbook.model.metadata import Metadata
from chapbook.reading.allowlist import ELEMENTS
from chapbook.writers.epub.writer import write_epub
from tests.validators import tools

UUID = "urn:uuid:00000000-0000-4000-8000-000000000001"
VOID = frozenset("br col hr img wbr".split())
# The text before and after each element, on other pages. {} is the element itself.
CONTEXTS = {
    **dict.fromkeys("li".split(), "<ul><li>before</li>{}<li>after</li></ul>"),
    **dict.fromkeys("dt".split(), "<dl><dt>a</dt><dd>before</dd>{}<dd>after</dd></dl>"),
    **dict.fromkeys("dd".split(), "<dl><dt>a</dt>{}<dd>after</dd></dl>"),
    "caption": "<table>{}<tbody><tr><td>after</td></tr></tbody></table>",
    "colgroup": "<table><caption>before</caption>{}<tbody><tr><td>a</td></tr></tbody></table>",
    "col": "<table><colgroup>{}</colgroup><tbody><tr><td>after</td></tr></tbody></table>",
    "thead": "<table><caption>before</caption>{}<tbody><tr><td>after</td></tr></tbody></table>",
    **dict.fromkeys(
        "tbody tfoot".split(), "<table><thead><tr><th>before</th></tr></thead>{}</table>"
    ),
    "tr": "<table><tbody><tr><td>before</td></tr>{}<tr><td>after</td></tr></tbody></table>",
    **dict.fromkeys(
        "td th".split(),
        "<table><tbody><tr><td>before</td><td>b</td></tr><tr>{}<td>after</td></tr></tbody></table>",
    ),
    "figcaption": "<figure><p>before</p>{}</figure>",
    "summary": "<details>{}<p>after</p></details>",
    "rt": "<p>before <ruby>漢{}</ruby> after</p>",
    "rp": "<p>before <ruby>漢{}<rt>kan</rt><rp>)</rp></ruby> after</p>",
}
CONTENT = {
    **dict.fromkeys("ul ol".split(), "<li>one</li>"),
    "dl": "<dt>term</dt><dd>one</dd>",
    "table": "<caption>one</caption><tbody><tr><td>two</td></tr></tbody>",
    **dict.fromkeys("thead tbody tfoot".split(), "<tr><td>one</td></tr>"),
    "tr": "<td>one</td><td>two</td>",
    "colgroup": "<col />",
    "details": "<summary>one</summary><p>two</p>",
    "figure": "<p>one</p><figcaption>two</figcaption>",
    "ruby": "漢<rt>kan</rt>",
    "rp": "(",
    **dict.fromkeys("article aside blockquote div footer header section".split(), "<p>one</p>"),
}
ATTRIBUTES = {"bdo": ' dir="ltr"'}
NEVER_EMPTY = frozenset("details ruby rp".split())  # they would be no HTML, marker or not
PHRASES = frozenset(
    "a abbr b bdi bdo br cite code del dfn em i img ins kbd mark q ruby s samp small span strong "
    "sub sup time u var wbr".split()
)
EXAMPLES = {
    (tag, kind): CONTEXTS.get(tag, "<p>before {} after</p>" if tag in PHRASES else "{}").format(
        f'<{tag}{ATTRIBUTES.get(tag, "")} data-here="" />'
        if kind == "empty"
        else f'<{tag}{ATTRIBUTES.get(tag, "")} data-here="">{CONTENT.get(tag, "one")}</{tag}>'
    )
    for tag in sorted(ELEMENTS)
    for kind in ("empty", "full")
    if (kind == "full" or tag not in NEVER_EMPTY) and (kind == "empty" or tag not in VOID)
}
MORE = {
    "a nested list": '<ul><li>before</li><li data-here=""><ul><li>one</li></ul></li></ul>',
    "a nested empty item": "<ul><li>before<ul><li>b</li><li data-here='' /></ul></li></ul>",
    "a group of definitions": "<dl><div><dt>b</dt><dd>b</dd></div>"
    '<div data-here=""><dt>one</dt><dd>two</dd></div></dl>',
    "an empty group's term": "<dl><div><dt>b</dt><dd>b</dd></div>"
    '<div><dt data-here="" /><dd /></div></dl>',
    "a row without cells": '<table><tbody><tr><td>b</td></tr><tr data-here="" /></tbody></table>',
    "a row after its head": "<table><thead><tr><th>b</th></tr></thead><tbody>"
    '<tr data-here=""><td /><td>two</td></tr></tbody></table>',
    "an empty row of a table of nothing": '<table><tbody><tr data-here="" /></tbody></table>',
    "a caption that comes first": '<figure><figcaption data-here="" /><p>one</p></figure>',
}
ALL = {" ".join(key): markup for key, markup in EXAMPLES.items()} | MORE

ROOMLESS = frozenset("ul ol dl table thead tbody tfoot tr colgroup ruby rt rp".split()) | VOID


def tree_of(examples: list[str]) -> Element:
    return fromstring(f"<article>{'<p>Between.</p>'.join(['', *examples, ''])}</article>")


def paginated(body: Element) -> Publication:
    """*body* in a publication, a page beginning at each element with ``data-here``."""
    places = [number for number, node in enumerate(body.iter()) if "data-here" in node.attrib]
    for node in body.iter():
        node.attrib.pop("data-here", None)
    breaks = [Break(Page(str(page)), place, 0) for page, place in enumerate(places, 2)]
    metadata = Metadata(title="T", title_html="T", lang="en", identifier=UUID)
    document = Document(metadata, body, Manuscript("m.md", "m", b"", ""))
    layout = Layout(0, (Break(Page("1"), None), *breaks))
    return paginate(Publication(document, Edition(UUID, None, None, "ab" * 32), layout))


def faults(body: Element) -> list[str]:
    """Yield the markers in *body* that HTML does not allow there."""
    parents = {child: parent for parent in body.iter() for child in parent}
    result = []
    for parent, node in walk(body):
        if is_page_break(node):
            grandparent = parents.get(parent)
            in_group = parent.tag == "div" and grandparent is not None and grandparent.tag == "dl"
            is_before_summary = parent.tag == "details" and parent[0] is node
            is_in_bare_time = parent.tag == "time" and "datetime" not in parent.attrib
            if parent.tag in ROOMLESS or in_group or is_before_summary or is_in_bare_time:
                result.append(f"{node.get('id')} in {parent.tag}")
    return result


@pytest.mark.parametrize("name", ALL)
def test_every_element_that_begins_a_page_has_a_valid_place_for_the_marker(name: str) -> None:
    tree = tree_of([ALL[name]])
    body = paginated(tree).document.body
    assert [node.get("id") for node in body.iter() if is_page_break(node)] == ["page-2"]
    assert faults(body) == []
    before, _, after = "".join(
        "¶" if is_page_break(node) else f"{node.text or ''}" for node in body.iter()
    ).partition("¶")
    assert "one" not in before
    assert "before" not in after
    for parent, node in reversed(list(walk(body))):
        if is_page_break(node):
            replace(parent, node)
    assert tostring(body) == tostring(tree)


def test_an_empty_item_takes_the_marker_in() -> None:
    body = paginated(tree_of([EXAMPLES["li", "empty"]])).document.body
    (item,) = (parent for parent, node in walk(body) if is_page_break(node))
    assert item.tag == "li"
    assert len(item) == 1


def test_the_markers_of_all_elements_keep_their_order() -> None:
    body = paginated(tree_of([*ALL.values()])).document.body
    assert [node.get("id") for node in body.iter() if is_page_break(node)] == [
        f"page-{number}" for number in range(2, len(ALL) + 2)
    ]
    assert faults(body) == []


def test_epubcheck_accepts_a_marker_at_every_element(tmp_path: Path) -> None:
    result = paginated(tree_of([*ALL.values()]))
    for node in result.document.body.iter("img"):
        node.tag = "wbr"  # a picture would need a file; its place is that of any phrase
    for number, node in enumerate(result.document.body.iter("section")):
        node.set("id", f"section-{number}")
    result = replace_values(result, layout=None)
    path = tmp_path / "markers.epub"
    path.write_bytes(write_epub(result, Design(dict(load_templates(None)), "serif")).content)
    assert tools.epubcheck(path) == []
