"""Listings in the one DOM: numbers, names, wrapped lines, and the pages that begin within them."""

from __future__ import annotations

import re

import pytest

from chapbook.design.templates import Design, load_templates
from chapbook.model.document import Document
from chapbook.model.dom import text_of, to_html
from chapbook.pipeline import Job, build, publish
from chapbook.reading.manuscript import decode
from tests.golden_cases import ROOT


def listing(markdown: str) -> str:
    body = prepared(markdown).body
    return to_html(next(node for node in body.iter() if node.tag in {"figure", "pre"}))


def prepared(markdown: str) -> Document:
    return publish(job(markdown)).document


def job(markdown: str) -> Job:
    return Job(decode("essay.md", "essay", markdown.encode()), None, {}, load_templates(None))


def test_a_listing_has_a_span_for_each_part_that_is_not_plain() -> None:
    assert listing("```python\nif x:\n    y  # z\n```") == (
        '<pre class="python"><code><span class="cb-keyword">if</span> x:\n'
        '    y  <span class="cb-comment"># z</span></code></pre>'
    )


def test_lines_are_numbered_where_asked_for() -> None:
    result = listing("``` {.text .numberLines startFrom=9}\na\n\nb\n```")
    assert re.sub(r"</?(?:pre|code)[^>]*>", "", result) == (
        '<span class="cb-line-number"> 9  </span>a\n'
        '<span class="cb-line-number">10  </span>\n'
        '<span class="cb-line-number">11  </span>b'
    )
    assert 'class="cb-digits-2"' in result
    assert "startfrom" not in result


@pytest.mark.parametrize("start", ["", "x", "-3", "1.5", "9999999999"])
def test_a_strange_first_number_is_1(start: str) -> None:
    assert ">1  </span>a" in listing(f'``` {{.text .number-lines startFrom="{start}"}}\na\n```')


def test_numbers_are_no_words_of_the_text() -> None:
    assert text_of(prepared("``` {.text .numberLines}\na\nb\n```").body) == "a b"


def test_a_line_that_a_small_screen_cannot_hold_is_a_block_with_its_end() -> None:
    wide = "x " * 16
    result = listing(f"```\na\n{wide}\nb\n{wide}\n```")
    code = result.removeprefix("<pre><code>").removesuffix("</code></pre>")
    assert code == (
        f'a\n<span class="cb-wide-line">{wide}\n</span>b\n<span class="cb-wide-line">{wide}</span>'
    )


def test_a_file_name_and_a_caption_stand_above_the_code() -> None:
    result = listing('``` {.text #lst:a filename="a&b.txt" lst-cap="What it does"}\na\n```')
    assert result.startswith(
        '<figure class="cb-listing cb-figure" id="lst-a"><figcaption>'
        '<span class="cb-label">Listing\xa01</span> <code class="cb-file-name">'
        "a&amp;b.txt</code> What it does</figcaption><pre"
    )
    assert "data-" not in result


def test_raw_html_keeps_the_markup_that_its_author_gave_it() -> None:
    html = '<pre class="python">if <em>x</em>: pass</pre>'
    assert listing(html) == html


def test_a_slip_in_the_name_of_a_language_is_reported_with_its_line() -> None:
    document = prepared("Text.\n\n> ``` pyhton\n> x\n> ```\n")
    (findings,) = [each for each in document.findings if each.code.value == "language-unknown"]
    assert str(findings.where) == "essay.md:3"
    assert "python?" in findings.message


def test_pages_begin_in_highlighted_code_where_print_has_them() -> None:
    code = "\n".join(f'x{n} = "s{n}" if y{n} else None  # comment {n}' for n in range(80))
    result = build(job(f"``` {{.python .numberLines}}\n{code}\n```\n"), ("html",))
    html = result.artefacts[0].content.decode()
    pages = re.findall(r'<span class="cb-page-break" id="page-(\d)"[^>]*></span>', html)
    assert len(pages) > 2
    line = re.compile(r'id="page-[^1]"[^>]*></span><span class="cb-line-number"> *\d+ ')
    assert len(line.findall(html)) == len(pages) - 1  # a page begins with a line and its number


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["keyword", "name", "string", "comment", "added", "removed"])
def test_every_color_of_code_has_contrast(scheme: str, kind: str) -> None:
    tokens = dict(Design(load_templates(None), "serif").tokens)
    if scheme == "dark":
        sheet = (ROOT / "templates" / "tokens.css").read_text("utf-8")
        tokens |= dict(re.findall(r"(--[\w-]+): ([^;]+);", sheet.partition("@media")[2]))
    ratio = contrast(tokens[f"--color-code-{kind}"], tokens["--color-tint"])
    assert ratio >= 4.5  # WCAG 2.2, SC 1.4.3


def contrast(one: str, other: str) -> float:
    """The ratio of contrast of two colors (WCAG 2.2, definitions)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
