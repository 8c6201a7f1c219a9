"""Whatever HTML comes in, only what is on the list comes out, and no word is lost unseen."""

import re
from xml.etree.ElementTree import Element, fromstring

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chapbook.model import vocabulary
from chapbook.model.dom import classes, text_of, to_html, to_xhtml
from chapbook.model.errors import Code, Finding, Place, SourceError
from chapbook.reading.allowlist import (
    ATTRIBUTES,
    ELEMENTS,
    GLOBAL_ATTRIBUTES,
    MATHML_ATTRIBUTES,
    MATHML_ELEMENTS,
    PHRASING,
    settled_link,
)
from chapbook.reading.manuscript import CONTROL_CHARACTER, decode
from chapbook.reading.sanitizer import DEEPEST, sanitize, sanitize_inline
from chapbook.reading.source_positions import Places

WHERE = Place("essay.md", 2)


def clean(html: str) -> tuple[Element, tuple[Finding, ...]]:
    return sanitize(html, Places(decode("essay.md", "essay", b"x\n")))


def markup(html: str) -> str:
    return to_html(clean(html)[0]).removeprefix("<article>").removesuffix("</article>")


@pytest.mark.parametrize(
    ("html", "kept", "codes"),
    [
        ("<p>a <em>b</em></p>", "<p>a <em>b</em></p>", []),
        ("a<script>b</script>c", "ac", [Code.ELEMENT_REFUSED]),
        ("<font color=red>a</font>", "a", [Code.ELEMENT_REFUSED]),
        ("<p onclick=x id=y>a</p>", '<p id="y">a</p>', [Code.ATTRIBUTE_REFUSED]),
        ('<p data-x="1" aria-label="b">a</p>', "<p>a</p>", []),
        ('<p style="text-align:center">a</p>', '<p class="cb-align-center">a</p>', []),
        ('<col style="width: 33.3%">', "", []),
        ('<p style="width: 33.3%">a</p>', '<p class="cb-width-33">a</p>', []),
        ('<p style="color:red">a</p>', "<p>a</p>", [Code.ATTRIBUTE_REFUSED]),
        ('<a href="x.md">a</a>', "<a>a</a>", [Code.LINK_REFUSED]),
        ('<a href=" #b c ">a</a>', '<a href="#b c">a</a>', []),
        ('<p lang="en_US">a</p>', "<p>a</p>", [Code.ATTRIBUTE_REFUSED]),
        ('<p dir="up">a</p>', "<p>a</p>", [Code.ATTRIBUTE_REFUSED]),
        ('<ol start="1e9"><li>a</ol>', "<ol><li>a</li></ol>", [Code.ATTRIBUTE_REFUSED]),
        ('<p class="cb-noteref a task">a</p>', '<p class="a task">a</p>', []),
        ("<p>a&#8;b</p>", "<p>a\ufffdb</p>", [Code.ELEMENT_REFUSED]),
        ("<xmp><b>a</b></xmp>", "&lt;b&gt;a&lt;/b&gt;", [Code.ELEMENT_REFUSED]),
        (
            "<label><input type=checkbox checked>a</label>",
            '<span class="cb-task cb-done"></span>a',
            [],
        ),
        ("<input type=text>", "", [Code.ELEMENT_REFUSED]),
        ("<!-- a -->b<?c?>", "b", []),
    ],
)
def test_what_stays(html: str, kept: str, codes: list[Code]) -> None:
    assert markup(html) == kept
    assert [item.code for item in clean(html)[1]] == codes


def test_html_within_a_formula_is_no_html() -> None:
    article, findings = clean("<math><mtext><img src=x alt=words><b>bold</b></mtext></math>")
    assert [node.tag for node in article.iter()] == ["article", "math", "mtext"]
    assert text_of(article) == "wordsbold"
    assert len(findings) == 2


@pytest.mark.parametrize(
    ("html", "kept", "codes"),
    [
        ("A <em>b</em> &amp; c", "A <em>b</em> &amp; c", []),
        ("<p>a</p>", "a", []),
        ("<h1 id=x>a</h1>", "a", []),
        ('<em id="x" class="c">a</em>', '<em class="c">a</em>', []),
        ('<img src="http://x/y.png" alt="words">', "words", [Code.ELEMENT_REFUSED]),
        ('<a href="https://x.org">a</a>', "a", [Code.ELEMENT_REFUSED]),
        (
            'a<a href="#fn1" id="fnref1" role="doc-noteref" class="footnote-ref"><sup>1</sup></a>',
            "a",
            [Code.ELEMENT_REFUSED],
        ),
        ('</title><script src="x"></script>b', "b", [Code.ELEMENT_REFUSED]),
        ("<math><semantics><mi>x</mi><annotation>x^2</annotation></semantics></math>", "x^2", []),
    ],
)
def test_a_title_holds_phrases(html: str, kept: str, codes: list[Code]) -> None:
    span, findings = sanitize_inline(html, WHERE)
    assert to_html(span) == f"<span>{kept}</span>"
    assert [(finding.code, finding.where) for finding in findings] == [
        (code, WHERE) for code in codes
    ]


def test_depth_has_a_limit() -> None:
    clean("<div>" * (DEEPEST - 2) + "a")
    with pytest.raises(SourceError, match="nested more than 100 deep"):
        clean("<div>" * (DEEPEST + 1) + "a")


@pytest.mark.parametrize("value", ["a", "", "0", "99999999999", "-1"])
@pytest.mark.parametrize("tag", ["mi", "mtd", "math"])
def test_a_span_in_a_formula_is_a_number(tag: str, value: str) -> None:
    attributes = f'rowspan="{value}" columnspan="{value}"'
    article, findings = clean(f"<math><mtable><mtr><{tag} {attributes}>x</{tag}></mtr></mtable>")
    assert not [node for node in article.iter() if "rowspan" in node.attrib]
    assert [finding.code for finding in findings][:2] == [Code.ATTRIBUTE_REFUSED] * 2


def test_spans_have_a_limit() -> None:
    cell = '<td colspan="500" rowspan="150">a</td>'
    article, findings = clean(f"<table><tr>{cell}</tr></table><table><tr>{cell}</tr></table>")
    first, second = article.iter("td")
    assert first.get("colspan") == "500"
    assert "colspan" not in second.attrib
    assert len(findings) == 2


@pytest.mark.parametrize(
    ("value", "settled"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("HTTPS://example.org", "HTTPS://example.org"),
        (" https://example.org/a b ", "https://example.org/a%20b"),
        ('https://example.org/"<>', "https://example.org/%22%3C%3E"),
        ("https://example.org/日本", "https://example.org/日本"),
        ("mailto:a@b.org", "mailto:a@b.org"),
        ("tel:+1-2", "tel:+1-2"),
        ("#a", "#a"),
        ("ht\ntps://example.org", "https://example.org"),
        ("javascript:x", None),
        ("java\tscript:x", None),
        ("\x01javascript:x", None),
        ("java script:x", None),
        ("\u00a0javascript:x", None),
        ("data:text/html,x", None),
        ("vbscript:x", None),
        ("file:///etc/passwd", None),
        ("blob:x", None),
        ("//example.org", None),
        ("/a", None),
        ("a.md", None),
        ("", None),
        ("http:///a", None),
        ("http://[::1", None),
        ("http://x:y/", None),
    ],
)
def test_links(value: str, settled: str | None) -> None:
    assert settled_link(value) == settled


# Properties -------------------------------------------------------------------------------------

NAMES = (
    sorted(ELEMENTS | MATHML_ELEMENTS)
    + (
        "script style svg iframe form input template title base link meta object font plaintext "
        "annotation-xml mglyph foreignObject select option textarea noscript body html frameset"
    ).split()
)
pieces = st.one_of(
    st.sampled_from([f"<{name}>" for name in NAMES] + [f"</{name}>" for name in NAMES]),
    st.sampled_from(
        [
            "<a href='javascript:x'>", "<a href='#y'>", "<p onclick=x>", "<img src=//x onerror=y>",
            "<p style='background:url(x)'>", "<td colspan=99999999999>",
            "<p id='a b' class='cb-noteref'>",
            "<!--", "-->", "<![CDATA[", "]]>", "<?x", "&#8;", "&#0;", "&#xfffe;", "&lt;", "\0",
            "<p lang='\"'>", "<math><mi>", "<svg><desc>", '<p a"b=c>', "<p xlink:href=x>",
        ]
    ),
    st.text(max_size=6),
)  # fmt: skip


# What pandoc or the author says by a style, an attribute or an element.
_SAID_OTHERWISE = {*vocabulary.ALIGNMENTS, vocabulary.TASK, vocabulary.OPEN, vocabulary.DONE}


def allowed(node: Element) -> bool:
    if node.tag in MATHML_ELEMENTS:
        return set(node.attrib) <= MATHML_ATTRIBUTES | {"xmlns"}
    names = GLOBAL_ATTRIBUTES | ATTRIBUTES.get(str(node.tag), frozenset())
    return node.tag in ELEMENTS and set(node.attrib) <= names


@settings(max_examples=300, deadline=None)
@given(st.lists(pieces, max_size=25).map("".join))
def test_only_what_is_on_the_list_comes_out(html: str) -> None:
    article, findings = clean(html)
    for node in article.iter():
        assert node.tag == "article" or allowed(node), (node.tag, node.attrib)
        for value in (node.text or "", node.tail or "", *node.attrib.values()):
            assert not CONTROL_CHARACTER.search(value)
        assert settled_link(node.get("href", "#")) == node.get("href", "#")
        own = {name for name in classes(node) if vocabulary.is_ours(name)}
        assert own <= _SAID_OTHERWISE
    assert all(finding.where is not None for finding in findings)
    fromstring(to_xhtml(article))  # EPUB's readers parse XML


@settings(max_examples=150, deadline=None)
@given(st.lists(pieces, max_size=15).map("".join))
def test_titles_hold_phrases_alone(html: str) -> None:
    span, _ = sanitize_inline(html, WHERE)
    for node in span.iter():
        assert node.tag in PHRASING
        assert not {"id", "href", "src"} & set(node.attrib)


@settings(max_examples=200, deadline=None)
@given(st.lists(pieces, max_size=20).map("".join))
def test_what_is_written_is_read_as_it_was(html: str) -> None:
    """An independent parser finds no element in our markup that we did not write."""
    article, _ = clean(html)
    read = html5lib.parseFragment(to_html(article), namespaceHTMLElements=False)
    tags = {
        re.sub(r"^\\{.*\\}", "", str(node.tag))
        for node in read.iter()
        if node.tag != "DOCUMENT_FRAGMENT"
    }
    assert {re.sub(r"^{.*}", "", tag) for tag in tags} <= ELEMENTS | MATHML_ELEMENTS | {"article"}
    assert "".join(read.itertext()).split() == "".join(article.itertext()).split()
