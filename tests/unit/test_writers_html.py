import json
import re
from base64 import b64decode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from chapbook.design.templates import Design, load_templates
from chapbook.model.document import Asset, Document, Manuscript, Note, Publication
from chapbook.model.dom import text_of
from chapbook.model.edition import Edition
from chapbook.model.metadata import Date, Metadata, Person
from chapbook.model.people import orcid_address
from chapbook.writers.html.metadata import open_graph_locale
from chapbook.writers.html.writer import write_html

BREAKOUT = "</script><script>alert(1)</script><!-- \u2028 ]]> \"'&amp;"
BODY = """<article>
<p>First <em>words</em>.<a class="cb-noteref" id="noteref-1" href="#note-1">1</a></p>
<section id="one" data-depth="1">\
<h2>One<a class="cb-noteref" id="noteref-2" href="#note-2">2</a></h2>
<p>Text.</p><section id="two" data-depth="2"><h3>Two</h3></section></section></article>"""
METADATA = Metadata(title="A Title", title_html="A Title", lang="en", identifier="urn:uuid:1")


class Page(HTMLParser):
    """The page as a browser's tokenizer sees it: elements in order, and the text of each."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.elements:
            self.texts.append((self.elements[-1][0], data))

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [
            attributes
            for name, attributes in self.elements
            if name == tag and wanted.items() <= attributes.items()
        ]

    def metas(self, name: str) -> list[str | None]:
        return [
            attributes["content"]
            for tag, attributes in self.elements
            if tag == "meta" and name in (attributes.get("name"), attributes.get("property"))
        ]

    @property
    def linked_data(self) -> dict[str, Any]:
        (script,) = (text for tag, text in self.texts if tag == "script" and text.strip())
        words: dict[str, Any] = json.loads(script)
        return words


@pytest.fixture(scope="module")
def design() -> Design:
    return Design(load_templates(None), "serif")


def publication(
    metadata: Metadata = METADATA,
    body: str = BODY,
    notes: tuple[str, ...] = ("<p>A note.</p>", "<p>Two.</p><ul><li>x</li></ul>"),
    assets: tuple[Asset, ...] = (),
) -> Publication:
    document = Document(
        metadata=metadata,
        body=fromstring(body),
        manuscript=Manuscript("a.md", "a", b"", ""),
        notes=tuple(
            Note(number, fromstring(f"<div>{note}</div>")) for number, note in enumerate(notes, 1)
        ),
        assets={asset.href: asset for asset in assets},
    )
    edition = Edition(metadata.identifier, metadata.edition, metadata.date, "0" * 64)
    return Publication(document, edition)


def markup(design: Design, **changes: Any) -> str:
    return write_html(publication(**changes), design).content.decode()


def page(design: Design, **changes: Any) -> Page:
    return Page(markup(design, **changes))


def without_faces(written: str) -> str:
    return re.sub(r"base64,[A-Za-z0-9+/=]+", "base64,", written)


# Metadata --------------------------------------------------------------------------------------


def test_nothing_breaks_out_of_any_vocabulary(design: Design) -> None:
    hostile = replace(
        METADATA,
        title=BREAKOUT,
        title_html="Plain",
        subtitle=BREAKOUT,
        subtitle_html="Plain",
        authors=(Person(BREAKOUT, affiliation=BREAKOUT),),
        keywords=(BREAKOUT,),
        abstract=BREAKOUT,
        publisher=BREAKOUT,
        rights=BREAKOUT,
        edition=BREAKOUT,
        identifier=BREAKOUT,
    )
    read = page(design, metadata=hostile)
    assert len(read.all("script")) == 1
    assert read.linked_data["abstract"] == BREAKOUT
    assert read.linked_data["author"][0]["name"] == BREAKOUT
    assert read.metas("DC.publisher") == read.metas("chapbook.edition") == [BREAKOUT]
    assert read.metas("citation_author") == read.metas("article:tag") == [BREAKOUT]
    assert ("title", f"{BREAKOUT}: {BREAKOUT}") in read.texts


def test_what_is_unknown_is_not_said(design: Design) -> None:
    read = page(design)
    text = {attributes.get("name") or attributes.get("property") for attributes in read.all("meta")}
    assert not {
        name for name in text if name and re.search("auth|creat|publi|right|date|isbn", name)
    }
    assert not {"author", "publisher", "datePublished", "keywords"} & read.linked_data.keys()


def test_people_are_said_by_what_they_did(design: Design) -> None:
    orcid = "0000-0002-1825-0097"
    metadata = replace(
        METADATA,
        authors=(
            Person("Ada B", file_as="B, Ada", orcid=orcid, affiliation="X"),
            Person("E", "edt"),
        ),
        contributors=(Person("T", "trl"), Person("P", "pbl")),
    )
    read = page(design, metadata=metadata)
    assert read.metas("citation_author") == ["B, Ada", "E"]
    assert read.metas("citation_author_orcid") == [f"https://orcid.org/{orcid}"]
    assert read.metas("author") == ["Ada B", "E"]
    data = read.linked_data
    assert [
        data[role][0]["name"] for role in ("author", "editor", "translator", "contributor")
    ] == [*("Ada B", "E", "T", "P")]


def test_a_book_is_said_to_be_one(design: Design) -> None:
    metadata = replace(
        METADATA, documentclass="book", isbn="9780306406157", edition="2", lang="pt-BR"
    )
    read = page(design, metadata=replace(metadata, date=Date("2026-11")))
    assert (read.linked_data["@type"], read.linked_data["bookEdition"]) == ("Book", "2")
    assert read.metas("og:type") == ["book"]
    assert read.metas("og:locale") == ["pt_BR"]
    assert read.metas("book:release_date") == ["2026-11"]
    assert read.metas("citation_publication_date") == ["2026/11"]


def test_the_description_is_the_abstract_or_the_first_words(design: Design) -> None:
    assert page(design).metas("description") == ["First words."]
    metadata = replace(METADATA, abstract="In short.")
    assert page(design, metadata=metadata).metas("og:description") == ["In short."]
    long = f"<article><p>{'word ' * 100}</p></article>"
    (described,) = page(design, body=long, notes=()).metas("description")
    assert described is not None
    assert described.endswith("word…")
    assert len(described) <= 200


def test_a_loose_file_can_be_traced(design: Design) -> None:
    metadata = replace(METADATA, edition="1.2", date=Date("2026-11-22"))
    read = page(design, metadata=metadata)
    assert read.metas("chapbook.edition") == ["1.2"]
    assert read.metas("chapbook.date") == ["2026-11-22"]
    assert read.metas("chapbook.source-sha256") == ["0" * 64]


def test_orcids_and_locales_take_the_form_that_is_asked_for() -> None:
    assert orcid_address("https://orcid.org/0000-0002-1825-0097").count("https://") == 1
    assert open_graph_locale("zh-Hant-TW") == "zh_TW"


# One file --------------------------------------------------------------------------------------


def test_the_policy_admits_this_style_and_nothing_else(design: Design) -> None:
    written = markup(design)
    (policy,) = re.findall(r'Security-Policy" content="([^"]+)"', written)
    (style,) = re.findall(r"<style>(.*?)</style>", written, re.DOTALL)
    (admitted,) = re.findall(r"'sha256-([^']+)'", policy)
    assert b64decode(admitted) == sha256(style.encode()).digest()
    assert policy.startswith("default-src 'none'; ")
    assert "http" not in policy
    assert "unsafe" not in policy


def test_nothing_outside_the_file_is_asked_for(design: Design) -> None:
    picture = Asset("a.png", "image/png", b"\x89PNG", 2, 3)
    body = '<article><p><img src="a.png" alt="A"/></p></article>'
    written = markup(design, body=body, notes=(), assets=(picture,))
    assert '<img src="data:image/png;base64,iVBORw==" alt="A">' in written
    assert set(re.findall(r"url\((\w+):", written)) == {"data"}
    loads = {"icon", "stylesheet", "preload", "modulepreload", "manifest"}
    for link in Page(written).all("link"):
        assert link["rel"] not in loads or str(link["href"]).startswith("data:")


def faces(written: str) -> set[str]:
    rule = r'@font-face \{ font-family: "([^"]+)"; font-style: (\w+); font-weight: (\d+)'
    return {" ".join(match) for match in re.findall(rule, written)}


@pytest.mark.parametrize(
    ("inside", "face"),
    [
        ("<p><code>x</code></p>", "Source Code Pro normal 400"),
        ("<p><em>x</em></p>", "Source Serif 4 italic 400"),
        ("<p><strong>x</strong></p>", "Source Serif 4 normal 600"),
        ("<p><strong><em>x</em></strong></p>", "Source Serif 4 italic 600"),
    ],
)
def test_a_face_is_embedded_only_where_it_is_used(design: Design, inside: str, face: str) -> None:
    bare = faces(markup(design, body="<article><p>x</p></article>", notes=()))
    assert bare == {"Source Serif 4 normal 400", "Source Serif 4 Display normal 400"}
    assert face in faces(markup(design, body=f"<article>{inside}</article>", notes=()))


def test_a_face_without_the_glyphs_is_not_embedded(design: Design) -> None:
    written = markup(design, body="<article><p><em>\u0643\u0644\u0645\u0629</em></p></article>")
    assert "Source Serif 4 italic 400" not in faces(written)


def test_two_pages_of_one_publication_are_equal(design: Design) -> None:
    again = Design(dict(reversed(list(design.files.items()))), design.theme)
    assert markup(design) == markup(again)


def test_the_tree_stays_as_it_was(design: Design) -> None:
    given = publication()
    before = text_of(given.document.body)
    write_html(given, design)
    assert text_of(given.document.body) == before
    assert not list(given.document.body.iter("nav"))
    assert "role" not in next(given.document.body.iter("a")).attrib


# The text --------------------------------------------------------------------------------------


def section_of(written: str, name: str) -> Element:
    (matches,) = re.findall(rf'<section id="{name}".*</section>', written, re.DOTALL)
    return fromstring(matches.partition("\n</div>")[0])


def test_a_permalink_stands_after_its_heading_and_names_it(design: Design) -> None:
    section = section_of(markup(design), "one")
    heading, permalink = section[0], section[1]
    assert "".join(heading.itertext()) == "One2"
    assert permalink.attrib == {
        "class": "cb-permalink",
        "href": "#one",
        "aria-label": "Link to this section: One",
        "data-furniture": "",
    }
    assert "".join(permalink.itertext()) == ""


def test_notes_and_calls_lead_to_each_other(design: Design) -> None:
    read = page(design)
    assert len(read.all("a", role="doc-noteref", href="#note-2", id="noteref-2")) == 1
    assert len(read.all("li", id="note-2")) == 1
    (back,) = read.all("a", role="doc-backlink", href="#noteref-2")
    assert back["aria-label"] == "Back to the text, Note 2"


def test_contents_nest_as_the_sections_do(design: Design) -> None:
    (nav,) = re.findall(r"<nav .*?</nav>", markup(design), re.DOTALL)
    inner = re.sub(r"\s*\n\s*", "", nav)
    assert (
        '<ol><li><a href="#one">One</a><ol><li><a href="#two">Two</a></li></ol></li></ol>' in inner
    )


def test_one_section_needs_no_contents(design: Design) -> None:
    body = '<article><section id="one" data-depth="1"><h2>One</h2></section></article>'
    assert not page(design, body=body, notes=()).all("nav")


def test_what_may_be_wide_is_a_region_with_a_name(design: Design) -> None:
    body = (
        f"<article><table><caption>Of <em>all</em></caption><tr><td>{'x' * 30}</td></tr></table>"
        "<table><tr><td>no wider than any screen</td></tr></table>"
        f"<pre><code>{'x' * 31}</code></pre><pre><code>{'x' * 30}</code></pre></article>"
    )
    regions = page(design, body=body, notes=()).all("div", role="region")
    assert [region["aria-label"] for region in regions] == ["Table 1: Of all"]
    codes = page(design, body=body, notes=()).all("pre")
    assert [code.get("aria-label") for code in codes] == [None, None]  # it wraps
    assert all(region["tabindex"] == "0" for region in regions)


def test_our_words_are_the_pages_language_or_say_theirs(design: Design) -> None:
    german = page(design, metadata=replace(METADATA, lang="de-AT"))
    assert ("h2", "Inhalt") in german.texts
    assert "lang" not in german.all("h2", id="contents")[0]
    unknown = page(design, metadata=replace(METADATA, lang="fi"))
    assert unknown.all("h2", id="contents")[0]["lang"] == "en"


def test_all_that_is_not_the_authors_is_furniture(design: Design) -> None:
    written = without_faces(markup(design, metadata=replace(METADATA, edition="1")))
    body = re.sub(r".*<main>|</main>.*", "", written, flags=re.DOTALL)
    kept = re.sub(r"<(\w+)\b[^>]*\bdata-furniture\b.*?</\1>", "", body, flags=re.DOTALL)
    words = re.sub(r"<[^>]+>", " ", kept).split()
    assert words == [*"A Title First words . 1 One 2 Text. Two A note. Two. x".split()]


def test_the_extent_is_counted_in_words(design: Design) -> None:
    assert write_html(publication(), design).extent == "9 words"
    single = publication(body="<article><p>One.</p></article>", notes=())
    assert write_html(single, design).extent == "1 word"


def test_a_folder_of_ones_own_restyles_the_page(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "web.css").write_text("p { color: teal }")
    written = markup(Design(load_templates(tmp_path), "serif"))
    assert "p { color: teal }" in written
    assert ".cb-permalink {" not in written
