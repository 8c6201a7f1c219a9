"""Properties for any input: the parsers that read an untrusted manuscript first."""

from __future__ import annotations

import contextlib
import re

from hypothesis import example, given
from hypothesis import strategies as st

from chapbook.model.document import Manuscript
from chapbook.model.dom import text_of
from chapbook.model.errors import SourceError
from chapbook.reading import front_matter
from chapbook.reading.allowlist import ELEMENTS, MATHML_ELEMENTS
from chapbook.reading.manuscript import decode
from chapbook.reading.sanitizer import sanitize
from chapbook.reading.source_positions import Places

WORDS = st.text("abc xyz é<>&\"'`=/-!\n", max_size=30)
TAGS = st.sampled_from(
    "p div span em b ul li table tr td a img script style svg iframe form input textarea details "
    "math mi h1 h7 foo object template select option noscript title base meta link button".split()
)
ATTRIBUTES = st.sampled_from(
    [
        "",
        ' onclick="x()"',
        ' style="position:fixed"',
        ' href="javascript:x"',
        ' href=" java\tscript:x"',
        ' href="https://example.org/"',
        ' src="http://example.org/x.png"',
        ' srcdoc="x"',
        ' id="a"',
        ' lang="en"',
        ' lang="&quot;><script>"',
        ' colspan="9999999"',
        " x=<y",
    ]
)
PIECES = st.one_of(
    WORDS,
    st.builds(lambda tag, rest: f"<{tag}{rest}>", TAGS, ATTRIBUTES),
    st.builds(lambda tag: f"</{tag}>", TAGS),
    st.sampled_from(["<!--", "-->", "<![CDATA[", "]]>", "<?x", "&amp;", "&#0;", "<", "\u2028"]),
)
MARKUP = st.lists(PIECES, max_size=25).map("".join)


def manuscript(text: str) -> Manuscript:
    return Manuscript("essay.md", "essay", text.encode(), text)


@given(MARKUP)
@example("<math><mi><script>x</script></mi></math>")
@example('<a href="java&#10;script:x">y</a>')
@example("<svg><foreignObject><img src=x onerror=y></foreignObject></svg>")
def test_only_what_is_allowed_passes(markup: str) -> None:
    body, _ = sanitize(markup, Places(manuscript(markup)))
    for node in body.iter():
        assert node.tag in ELEMENTS | MATHML_ELEMENTS | {"article"}
        for name, value in node.items():
            assert not name.startswith("on")
            assert name not in {"style", "srcdoc", "xlink:href", "background"}
            if name == "href":
                scheme = re.sub(r"[\s\x00-\x20]", "", value).lower()
                assert scheme.startswith(("http:", "https:", "mailto:", "tel:", "#"))


@given(MARKUP)
def test_sanitizing_twice_changes_nothing_more(markup: str) -> None:
    from chapbook.model.dom import to_html

    once, _ = sanitize(markup, Places(manuscript(markup)))
    inner = to_html(once).removeprefix("<article>").removesuffix("</article>")
    twice, _ = sanitize(inner, Places(manuscript(markup)))
    assert text_of(once) == text_of(twice)


@given(
    st.lists(st.text("abcdefgh", min_size=1, max_size=6), min_size=1, max_size=8),
    st.lists(st.sampled_from("b em font foo span u button form object video".split()), max_size=8),
)
def test_words_survive_any_inline_element(words: list[str], tags: list[str]) -> None:
    markup = " ".join(words)
    for tag in tags:
        markup = f"<{tag}>{markup}</{tag}>"
    body, _ = sanitize(f"<p>{markup}</p>", Places(manuscript(markup)))
    assert text_of(body) == " ".join(words)


@given(st.text(max_size=60), st.text(max_size=8))
def test_a_place_is_a_line_of_the_text_or_the_whole(text: str, looked_for: str) -> None:
    lines = text.count("\n") + 1
    places = Places(manuscript(text))
    for place in (
        places.of(looked_for),
        places.of_element("b"),
        places.of_attribute("id", looked_for),
    ):
        assert place.line is None or 1 <= place.line <= lines


@given(st.text("ab: -\n'\"[]{}#&*!|>%@,\t", max_size=60), st.text(max_size=20))
def test_a_metadata_block_is_read_or_refused(block: str, text: str) -> None:
    source = f"---\n{block}\n---\n{text}"
    with contextlib.suppress(SourceError):
        whole = decode("essay.md", "essay", source.encode("utf-8", "replace"))
        split = front_matter.split(whole, {})
        assert whole.text.endswith(split.text)
        before = whole.text.removesuffix(split.text)
        assert before.count("\n") == split.first_line - 1
