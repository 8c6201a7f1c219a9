"""The house style, rule by rule, on trees small enough to read."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from chapbook.model.document import Document, Manuscript
from chapbook.model.dom import text_of, to_html
from chapbook.model.metadata import Metadata
from chapbook.reading.sanitizer import sanitize
from chapbook.reading.source_positions import Places
from chapbook.transforms import prepare


def document(html: str, title: str = "Title", subtitle: str | None = None) -> Document:
    manuscript = Manuscript("essay.md", "essay", b"", "")
    body, findings = sanitize(html, Places(manuscript))
    metadata = Metadata(
        title=title, title_html=title, subtitle=subtitle, lang="en", identifier="urn:x"
    )
    return Document(metadata, body, manuscript, findings=findings)


def headings(body: Element) -> list[str]:
    return [f"{node.tag} {text_of(node)}" for node in body.iter() if node.tag in {"h1", "h2", "h3"}]


def test_a_heading_in_a_div_opens_a_section_of_its_level() -> None:
    # So pandoc writes a fenced div whose heading is not its first block.
    html = (
        '<section class="level1" id="a"><h1>A</h1>'
        '<div><p>p</p><section class="level1" id="b"><h1>B</h1>after</section></div></section>'
    )
    prepared = prepare(document(html))
    assert headings(prepared.body) == ["h2 A", "h2 B"]
    assert [node.get("id") for node in prepared.body.iter("section")] == ["a", "b"]
    assert "h1" not in to_html(prepared.body)


def test_sections_in_sections_in_divs_all_go() -> None:
    html = (
        '<div><p>p</p><section class="level1"><h1>B</h1>'
        '<section class="level2"><h2>C</h2><p>c</p></section></section></div>'
    )
    prepared = prepare(document(html))
    assert headings(prepared.body) == ["h2 B", "h3 C"]
    assert text_of(prepared.body) == "p B C c"


NOTE = (
    '<section id="footnotes" class="footnotes footnotes-end-of-document" role="doc-endnotes">'
    '<ol><li id="fn1"><p>thanks'
    '<a href="#fnref1" class="footnote-back" role="doc-backlink">↩</a></p></li></ol></section>'
)
CALL = '<a href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a>'


def test_a_note_on_the_title_is_called_from_the_first_paragraph() -> None:
    prepared = prepare(document(f"<h1>Title{CALL}</h1><p>First.</p><p>Second.</p>{NOTE}"))
    assert headings(prepared.body) == []
    assert [text_of(note.body) for note in prepared.notes] == ["thanks"]
    assert 'First.<a class="cb-noteref"' in to_html(prepared.body)


def test_a_note_on_the_title_of_a_text_without_paragraphs_is_kept() -> None:
    prepared = prepare(document(f"<h1>Title{CALL}</h1><ul><li>x</li></ul>{NOTE}"))
    assert [text_of(note.body) for note in prepared.notes] == ["thanks"]
    assert "noteref-1" in to_html(prepared.body)


def test_a_fragment_spelled_as_on_github_leads_to_the_first_heading_of_that_name() -> None:
    html = (
        '<p><a href="#Same-Name">x</a></p><section id="one" class="level1"><h1>Same name</h1>'
        '</section><section id="two" class="level1"><h1>Same name</h1></section>'
    )
    assert 'href="#one"' in to_html(prepare(document(html)).body)


def test_the_number_of_a_note_is_no_word_of_a_heading() -> None:
    html = f'<section class="level1"><h1>Sub{CALL}</h1><p><a href="#sub">x</a></p></section>{NOTE}'
    prepared = prepare(document(html))
    assert 'href="#sub"' in to_html(prepared.body)
    assert text_of(prepared.body) == "Sub x"
