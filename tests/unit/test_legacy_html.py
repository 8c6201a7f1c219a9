"""Old tags and tags of other media: their replacements, and the findings about them."""

from __future__ import annotations

import pytest

from chapbook.model.dom import to_html
from chapbook.reading.manuscript import decode
from chapbook.reading.sanitizer import sanitize
from chapbook.reading.source_positions import Places

PLAYS = "cannot be played in a book, so a link replaces it"


def clean(html: str, source: str = "") -> tuple[str, list[tuple[str, int | None]]]:
    """Return the rest of *html*, and the findings with lines of *source* or of *html* itself."""
    article, findings = sanitize(html, Places(decode("a.md", "a", (source or html).encode())))
    markup = to_html(article).removeprefix("<article>").removesuffix("</article>")
    return markup, [
        (finding.message, finding.where.line if finding.where else 0) for finding in findings
    ]


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<tt>a</tt> <strike>b</strike>", "<code>a</code> <s>b</s>"),
        ('<acronym title="x">a</acronym>', '<abbr title="x">a</abbr>'),
        ("<center>a</center>", '<div class="cb-align-center">a</div>'),
        ('<p align="Right">a</p>', '<p class="cb-align-right">a</p>'),
        ('<div data-align="center">a</div>', '<div class="cb-align-center">a</div>'),
        ('<a name="x">a</a>', '<a id="x">a</a>'),
        ('<a name="x" id="y">a</a>', '<a id="y">a</a>'),
        ("<main><p>a</p></main><nav>b</nav>", "<p>a</p><div>b</div>"),
        ('<picture><source srcset="b"><img src="a" alt="c"></picture>', '<img src="a" alt="c">'),
        (
            '<a href="https://e.org/" target="_blank" rel="x">a</a>',
            '<a href="https://e.org/">a</a>',
        ),
    ],
)
def test_what_has_a_name_today_is_kept_without_a_finding(html: str, kept: str) -> None:
    assert clean(html) == (kept, [])


@pytest.mark.parametrize(
    ("html", "words", "address"),
    [
        ('<iframe src="//e.org/x" title="A film">old</iframe>', "A film", "https://e.org/x"),
        ('<iframe src="https://e.org/x">old</iframe>', "https://e.org/x", "https://e.org/x"),
        ('<video src="https://e.org/x">No film.</video>', "No film.", "https://e.org/x"),
        ('<audio><source src="https://e.org/x"></audio>', "https://e.org/x", "https://e.org/x"),
        ('<object data="https://e.org/x">a <b>b</b></object>', "a b", "https://e.org/x"),
        ('<embed src="https://e.org/x">', "https://e.org/x", "https://e.org/x"),
    ],
)
def test_what_plays_in_no_book_is_a_link(html: str, words: str, address: str) -> None:
    tag = html[1:].split(maxsplit=1)[0].split(">", maxsplit=1)[0]
    link = f'<a href="{address}">{words}</a>'
    assert clean(html) == (f"<p>{link}</p>", [(f"<{tag}> {PLAYS}", 1)])
    assert clean(f"<p>a {html}</p>")[0] == f"<p>a {link}</p>"


def test_a_caption_is_not_said_twice() -> None:
    html = '<figure><video src="https://e.org/x"><a href="https://e.org/x">A film</a></video>'
    kept, findings = clean(
        f"{html}<figcaption>A film</figcaption></figure>", "a\n\n![A film](https://e.org/x)\n"
    )
    assert '<p><a href="https://e.org/x">https://e.org/x</a></p>' in kept
    assert findings == [(f"“https://e.org/x” {PLAYS}", 3)]


def test_what_shows_nothing_is_left_out() -> None:
    assert clean("<video></video>a") == (
        "a",
        [("<video> is not supported and was left out: delete it", 1)],
    )


def test_a_film_beside_the_manuscript_is_no_link_and_keeps_its_words() -> None:
    kept, findings = clean('<p><video src="film.mp4">A film</video></p>')
    assert kept == "<p><a>A film</a></p>"
    assert len(findings) == 2
    assert "put it on the web" in findings[1][0]
