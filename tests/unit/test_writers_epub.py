import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring, tostring

import pytest
from PIL import Image

from chapbook.cli import inputs
from chapbook.design.template_context import View
from chapbook.design.templates import Design, load_templates
from chapbook.model.document import Asset, Document, Manuscript, Note, Page, Publication
from chapbook.model.edition import Edition
from chapbook.model.errors import Code, Place
from chapbook.model.metadata import Date, Evaluation, Metadata, Person
from chapbook.pipeline import publish
from chapbook.transforms.content import mend_content
from chapbook.writers.accessibility import discovery
from chapbook.writers.cover import COVER_HEIGHT_PX, COVER_WIDTH_PX, draw_cover, title_size
from chapbook.writers.epub.stylesheet import reflowable
from chapbook.writers.epub.writer import write_epub
from chapbook.writers.html.metadata import linked_data

_dot = io.BytesIO()
Image.new("L", (1, 1)).save(_dot, "PNG")
DOT = _dot.getvalue()

OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
XHTML = "{http://www.w3.org/1999/xhtml}"
TYPE = "{http://www.idpf.org/2007/ops}type"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

METADATA = Metadata(title="A Title", title_html="A Title", lang="en", identifier="urn:uuid:1")
BODY = """<article><p>Before.</p>
<section id="one" data-depth="1">\
<h2>One<a class="cb-noteref" id="noteref-1" href="#note-1">1</a></h2>
<p>See <a href="#three">three</a>.</p>
<section id="two" data-depth="2"><h3>Two</h3>
<section id="three" data-depth="3"><h4>Three</h4></section></section></section>
<section id="four" data-depth="1"><h2>Four</h2><p>Back to <a href="#one">one</a>.</p></section>
</article>"""


def publication(metadata: Metadata = METADATA, body: str = BODY, **changes: object) -> Publication:
    note = Note(1, fromstring('<div><p>A note: <a href="#four">four</a>.</p></div>'))
    document = Document(metadata, fromstring(body), Manuscript("a.md", "a", b"", ""), (note,))
    document = replace(document, **changes)  # type: ignore[arg-type]
    return Publication(document, Edition("urn:uuid:1", "1.0", metadata.date, "ab" * 32))


def design(theme: str = "serif", **files: str) -> Design:
    return Design({**load_templates(None), **files}, theme)


def written(result: Publication) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(write_epub(result, design()).content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def package(result: Publication) -> Element:
    return fromstring(written(result)["EPUB/content.opf"])


def metas(root: Element, name: str) -> list[str | None]:
    return [meta.text for meta in root.iter(f"{OPF}meta") if meta.get("property") == name]


def spine(root: Element) -> list[str]:
    names = {item.get("id"): item.get("href", "") for item in root.iter(f"{OPF}item")}
    return [names[reference.get("idref")] for reference in root.iter(f"{OPF}itemref")]


def test_the_same_publication_gives_the_same_bytes() -> None:
    assert (
        write_epub(publication(), design()).content == write_epub(publication(), design()).content
    )


def test_the_mimetype_is_first_and_stored_and_no_entry_has_the_time() -> None:
    with zipfile.ZipFile(io.BytesIO(write_epub(publication(), design()).content)) as packed:
        first, *_ = entries = packed.infolist()
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}


def test_an_essay_is_one_document() -> None:
    assert spine(package(publication())) == ["cover.xhtml", "text.xhtml", "nav.xhtml"]


def test_a_book_is_one_document_a_chapter() -> None:
    book = publication(replace(METADATA, documentclass="book"))
    chapters = ["opening.xhtml", "chapter-1.xhtml", "chapter-2.xhtml"]
    assert spine(package(book)) == ["cover.xhtml", "title.xhtml", "nav.xhtml", *chapters]


def test_links_lead_across_chapters_and_notes_stay_with_their_calls() -> None:
    files = written(publication(replace(METADATA, documentclass="book")))
    first, second = (fromstring(files[f"EPUB/chapter-{number}.xhtml"]) for number in (1, 2))
    links = [link.get("href") for link in first.iter(f"{XHTML}a")]
    assert links == ["#note-1", "#three", "#noteref-1", "chapter-2.xhtml#four"]
    assert [link.get("href") for link in second.iter(f"{XHTML}a")] == ["chapter-1.xhtml#one"]
    (aside,) = first.iter(f"{XHTML}aside")
    assert (aside.get("id"), aside.get(TYPE), aside.get("role")) == (
        "note-1",
        "footnote",
        "doc-footnote",
    )
    call = next(first.iter(f"{XHTML}a"))
    assert (call.get(TYPE), call.get("role")) == ("noteref", "doc-noteref")


def test_every_document_shows_its_language_direction_and_title() -> None:
    result = publication(replace(METADATA, lang="ar", direction="rtl", documentclass="book"))
    files = written(result)
    for name in spine(package(result)):
        root = fromstring(files[f"EPUB/{name}"])
        assert (root.get("lang"), root.get(LANG), root.get("dir")) == ("ar", "ar", "rtl")
        title = root.find(f"{XHTML}head/{XHTML}title")
        assert title is not None
        assert title.text
    direction = next(package(result).iter(f"{OPF}spine")).get("page-progression-direction")
    assert direction == "rtl"


def test_the_contents_hold_every_heading_and_the_ncx_two_levels() -> None:
    files = written(publication())
    toc = next(fromstring(files["EPUB/nav.xhtml"]).iter(f"{XHTML}nav"))
    labels = ["A Title", "One", "Two", "Three", "Four"]
    assert [link.text for link in toc.iter(f"{XHTML}a")] == labels
    assert b"Two" in files["EPUB/toc.ncx"]
    assert b"Three" not in files["EPUB/toc.ncx"]


MARKED = BODY.replace("<p>See", "<p>See {0}").replace('<section id="four"', '{1}<section id="four"')
MARKED = MARKED.format(
    *(
        f'<span class="cb-page-break" id="page-{label}" data-page="{label}"/>'
        for label in ("iv", "1")
    )
)
PAGES = (Page("i"), Page("iv"), Page("1"))  # templates mark the first, with the title


@pytest.mark.parametrize(
    ("documentclass", "hrefs"),
    [
        ("article", [f"text.xhtml#{page.id}" for page in PAGES]),
        ("book", ["title.xhtml#page-i", "chapter-1.xhtml#page-iv", "chapter-2.xhtml#page-1"]),
    ],
)
def test_printed_pages_are_marked_and_listed_in_the_document_of_their_words(
    documentclass: str, hrefs: list[str]
) -> None:
    result = publication(replace(METADATA, documentclass=documentclass), MARKED, pages=PAGES)
    files = written(result)
    for href in hrefs:
        file, _, fragment = href.partition("#")
        root = fromstring(files[f"EPUB/{file}"])
        (marker,) = [node for node in root.iter() if node.get("id") == fragment]
        label = fragment.removeprefix("page-")
        values = marker.get(TYPE), marker.get("role"), marker.get("aria-label"), marker.text
        assert values == ("pagebreak", "doc-pagebreak", label, None)
    (pages,) = [
        nav
        for nav in fromstring(files["EPUB/nav.xhtml"]).iter(f"{XHTML}nav")
        if nav.get(TYPE) == "page-list"
    ]
    assert (pages.get("role"), pages.get("hidden")) == ("doc-pagelist", "hidden")
    links = [(link.get("href"), link.text) for link in pages.iter(f"{XHTML}a")]
    assert links == list(zip(hrefs, [page.label for page in PAGES], strict=True))


def test_a_page_that_begins_with_a_chapter_is_marked_before_its_section() -> None:
    result = publication(replace(METADATA, documentclass="book"), MARKED, pages=PAGES)
    text = written(result)["EPUB/chapter-2.xhtml"].decode()
    assert 0 < text.index('id="page-1"') < text.index('<section id="four"')
    assert 'id="page-1"' not in written(result)["EPUB/chapter-1.xhtml"].decode()


def test_the_ncx_lists_the_pages_and_counts_all_places_in_reading_order() -> None:
    result = publication(replace(METADATA, documentclass="book"), MARKED, pages=PAGES)
    root = fromstring(written(result)["EPUB/toc.ncx"])
    text = {meta.get("name"): meta.get("content") for meta in root.iter(f"{NCX}meta")}
    assert (text["dtb:totalPageCount"], text["dtb:maxPageNumber"]) == ("3", "1")
    _, front, normal = root.iter(f"{NCX}pageTarget")
    assert (front.get("type"), front.get("value")) == ("front", None)
    assert (normal.get("type"), normal.get("value")) == ("normal", "1")
    places = [node for node in root.iter() if node.get("playOrder")]
    places.sort(key=lambda node: int(node.get("playOrder", "")))
    # The title, the opening, "One", page iv in its text, "Two", and page 1, which "Four" begins.
    assert [node.find(f"{NCX}content").get("src") for node in places] == [  # type: ignore[union-attr]
        "title.xhtml#page-i",
        "opening.xhtml",
        "chapter-1.xhtml#one",
        "chapter-1.xhtml#page-iv",
        "chapter-1.xhtml#two",
        "chapter-2.xhtml#page-1",
        "chapter-2.xhtml#four",
    ]


def test_the_package_shows_what_the_page_list_counts() -> None:
    result = publication(replace(METADATA, edition="2.1"), MARKED, pages=PAGES)
    root = package(result)
    (source,) = root.iter(f"{DC}source")
    assert source.text == "A Title, Edition 2.1, PDF (148 × 210 mm)"
    (refinement,) = [
        meta for meta in root.iter(f"{OPF}meta") if meta.get("property") == "source-of"
    ]
    assert (refinement.get("refines"), refinement.text) == (f"#{source.get('id')}", "pagination")
    assert metas(root, "pageBreakSource") == [source.text]
    features = metas(root, "schema:accessibilityFeature")
    assert {"printPageNumbers", "pageBreakMarkers", "pageNavigation"} <= set(features)


def test_without_printed_pages_nothing_is_said_of_them() -> None:
    files = written(publication())
    values = b"".join(files[f"EPUB/{name}"] for name in ("content.opf", "nav.xhtml", "toc.ncx"))
    for word in (b"page-list", b"pageList", b"pageBreak", b"printPageNumbers", b"pagination"):
        assert word not in values


def test_a_text_without_headings_is_reached_by_its_title() -> None:
    files = written(publication(body="<article><p>Words.</p></article>", notes=()))
    toc = next(fromstring(files["EPUB/nav.xhtml"]).iter(f"{XHTML}nav"))
    assert [link.get("href") for link in toc.iter(f"{XHTML}a")] == ["text.xhtml"]


def test_the_package_says_all_that_is_known() -> None:
    root = package(
        publication(
            replace(
                METADATA,
                subtitle="And More",
                subtitle_html="And More",
                authors=(
                    Person("Ada Example", "aut", "Example, Ada", "0000-0002-1825-0097", "A School"),
                    Person("Bo Sample", "edt"),
                ),
                contributors=(Person("Cy Person", "ill"),),
                date=Date("2026-11"),
                edition="2.1",
                keywords=("one", "two"),
                rights="CC BY 4.0",
                publisher="A Press",
                abstract="What it says.",
                isbn="978-0-306-40615-7",
            )
        )
    )
    texts = [(node.tag.removeprefix(DC), node.text) for node in root[0] if node.tag.startswith(DC)]
    assert dict(texts[:1]) == {"identifier": "urn:uuid:1"}
    assert set(texts) == {
        ("identifier", "urn:uuid:1"),
        ("identifier", "urn:isbn:9780306406157"),
        ("title", "A Title"),
        ("title", "And More"),
        ("language", "en"),
        ("creator", "Ada Example"),
        ("creator", "Bo Sample"),
        ("contributor", "Cy Person"),
        ("date", "2026-11"),
        ("subject", "one"),
        ("subject", "two"),
        ("rights", "CC BY 4.0"),
        ("publisher", "A Press"),
        ("description", "What it says."),
    }
    assert metas(root, "role") == ["aut", "edt", "ill"]
    assert metas(root, "file-as") == ["Example, Ada"]
    assert metas(root, "schema:identifier") == ["https://orcid.org/0000-0002-1825-0097"]
    assert metas(root, "schema:bookEdition") == ["2.1"]
    assert metas(root, "title-type") == ["main", "subtitle"]
    assert metas(root, "dcterms:source") == [f"nih:sha-256;{'ab' * 32}"]
    assert metas(root, "dcterms:modified") == ["2026-11-01T00:00:00Z"]


def test_the_package_invents_nothing() -> None:
    text = {node.tag.removeprefix(DC) for node in package(publication())[0]}
    assert text & {"creator", "contributor", "date", "publisher", "rights", "subject"} == set()


def test_formulas_are_declared() -> None:
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'
    body = Element("article")
    body.append(Element("p"))
    formula = Element("math", {"xmlns": "http://www.w3.org/1998/Math/MathML"})
    body[0].append(formula)
    result = publication(replace(METADATA, title_html=f"A {math} Title"), notes=())
    for each in (publication(body=BODY, notes=()), result):
        root = package(each)
        (item,) = [item for item in root.iter(f"{OPF}item") if item.get("href") == "text.xhtml"]
        assert item.get("properties") == ("mathml" if each is result else None)
    text = discovery(replace(result.document, body=body), design().words("en"))
    assert ("schema:accessibilityFeature", "MathML") in text


@pytest.mark.parametrize("alt", ["A dot.", ""])
def test_descriptions_are_claimed_only_where_every_image_has_one(alt: str) -> None:
    image = '<img src="a b.png" alt="{}"/>'
    body = f"<article><p>{image.format('A dot.')}{image.format(alt)}</p></article>"
    asset = Asset("a b.png", "image/png", DOT, 1, 1)
    result = publication(body=body, notes=(), assets={"a b.png": asset})
    root = package(result)
    assert ("alternativeText" in metas(root, "schema:accessibilityFeature")) == bool(alt)
    assert metas(root, "schema:accessModeSufficient") == ["textual" if alt else "textual,visual"]
    assert metas(root, "schema:accessMode") == ["textual", "visual"]
    files = written(result)
    assert "EPUB/images/image-1.png" in files
    assert b'src="images/image-1.png"' in files["EPUB/text.xhtml"]


EVALUATION = Evaluation(
    "EPUB Accessibility 1.1 - WCAG 2.2 Level AA",
    "A Certifier",
    "A Credential",
    "https://example.org/report",
)


def test_conformance_is_claimed_where_an_evaluation_is_named_and_nowhere_else() -> None:
    root = package(publication(replace(METADATA, evaluation=EVALUATION)))
    assert metas(root, "dcterms:conformsTo") == [EVALUATION.conforms_to]
    assert metas(root, "a11y:certifiedBy") == ["A Certifier"]
    assert metas(root, "a11y:certifierCredential") == ["A Credential"]
    (report,) = root.iter(f"{OPF}link")
    assert (report.get("rel"), report.get("href")) == ("a11y:certifierReport", EVALUATION.report)
    ids = {node.get("id") for node in root.iter()}
    refined = {node.get("refines") for node in root.iter()} - {None}
    assert {f"#{name}" for name in ids} >= refined
    text = written(publication())["EPUB/content.opf"]
    assert b"conformsTo" not in text
    assert b"a11y:" not in text


@pytest.mark.parametrize(
    ("lang", "language"), [("en", None), ("de-AT", None), ("nl-BE", "en"), ("sv", "en")]
)
def test_the_summary_says_its_language_where_it_is_not_the_books(
    lang: str, language: str | None
) -> None:
    result = publication(replace(METADATA, lang=lang))
    (summary,) = [
        meta
        for meta in package(result).iter(f"{OPF}meta")
        if meta.get("property") == "schema:accessibilitySummary"
    ]
    assert summary.get(LANG) == language
    view = View.of(result, design())
    report = json.loads(linked_data(view, discovery(result.document, view.words)))
    (text,) = report["accessibilitySummary"]
    assert text == ({"@value": summary.text, "@language": "en"} if language else summary.text)


def test_the_package_and_the_web_pages_linked_data_say_the_same_of_access() -> None:
    image = '<article><p><img src="a.png" alt="A dot."/></p></article>'
    asset = Asset("a.png", "image/png", DOT, 1, 1)
    result = publication(body=image, notes=(), assets={"a.png": asset}, pages=PAGES[:1])
    view = View.of(result, design())
    report = json.loads(linked_data(view, discovery(result.document, view.words)))
    root = package(result)
    for name in ("accessMode", "accessModeSufficient", "accessibilityFeature"):
        assert report[name] == metas(root, f"schema:{name}")
    for name in ("accessibilityHazard", "accessibilitySummary"):
        assert report[name] == metas(root, f"schema:{name}")


def test_one_description_less_takes_the_claim_away_and_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(DOT)
    claims, result = [], []
    for second in ("Another dot.", ""):
        path = tmp_path / "a.md"
        path.write_text(f"---\ntitle: T\nlang: en\n---\n\n![A dot.](a.png)\n\n![{second}](a.png)\n")
        job = inputs.job(str(path))
        output = publish(job)
        text = discovery(output.document, design().words("en"))
        claims.append(("schema:accessibilityFeature", "alternativeText") in text)
        result.append([(finding.code, finding.where) for finding in output.document.findings])
    assert claims == [True, False]
    assert Code.ALT_MISSING not in dict(result[0])
    assert dict(result[1])[Code.ALT_MISSING] == Place(str(path), 8)


def test_every_claim_is_made_by_what_is_there() -> None:
    def claims(body: str, pages: tuple[Page, ...] = ()) -> set[str]:
        document = publication(body=body, notes=(), pages=pages).document
        text = discovery(document, design().words("en"))
        return {value for name, value in text if name == "schema:accessibilityFeature"}

    bare = claims("<article><p>Words.</p></article>")
    assert bare == {"readingOrder", "displayTransformability"}
    assert claims(BODY) - bare == {"tableOfContents", "structuralNavigation"}
    ruby = "<article><p><ruby>漢<rt>kan</rt></ruby></p></article>"
    assert claims(ruby) - bare == {"rubyAnnotations"}
    paged = claims("<article><p>Words.</p></article>", pages=PAGES)
    assert paged - bare == {"printPageNumbers", "pageBreakMarkers", "pageNavigation"}


def test_nothing_is_claimed_of_a_picture_that_may_flash() -> None:
    asset = Asset("a.gif", "image/gif", b"GIF89a NETSCAPE2.0", 1, 1)
    document = publication(assets={"a.gif": asset}).document
    assert ("schema:accessibilityHazard", "unknown") in discovery(document, design().words("en"))


def test_the_stylesheet_leaves_colors_to_the_reader() -> None:
    sheet = written(publication())["EPUB/style.css"].decode()
    assert "#" not in sheet
    assert "var(" not in sheet
    for refused in ("flex", "grid", "position", "px", "@font-face", "@import"):
        assert refused not in sheet
    assert sheet.count("{") == sheet.count("}")


def test_logical_properties_get_physical_twins() -> None:
    sheet = "a { color: red; margin-inline-start: 1em; text-align: start }"
    wanted = (
        "a { margin-right: 1em; margin-inline-start: 1em; text-align: right; text-align: start }"
    )
    assert " ".join(reflowable(sheet, {}, "rtl").split()) == wanted


@pytest.mark.parametrize("theme", ["serif", "plain"])
def test_the_cover_is_a_picture_that_old_readers_bear(theme: str) -> None:
    result = publication(replace(METADATA, authors=(Person("Ada Example"),)))
    cover = draw_cover(result, design(theme))
    with Image.open(io.BytesIO(cover.jpeg)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (COVER_WIDTH_PX, COVER_HEIGHT_PX))
        assert picture.width * picture.height <= 3_200_000
        colors = picture.convert("L").getcolors() or []
        assert len(colors) > 50  # letters, not a bare ground
    assert cover.jpeg == draw_cover(result, design(theme)).jpeg
    assert cover.findings == ()


def test_longer_titles_are_smaller() -> None:
    sizes = [
        title_size("word " * count, 47, 42, lambda word: len(word) / 2)
        for count in (1, 4, 8, 20, 40)
    ]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[-1]


@pytest.mark.parametrize(
    ("raw", "mended"),
    [
        ("<div><li>a</li> <li>b</li></div>", "<div><ul><li>a</li> <li>b</li></ul></div>"),
        ("<ul>a<li>b</li></ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<dl><dd>a</dd></dl>", "<div><div>a</div></div>"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "<dl><dt>a</dt><dd>b</dd></dl>"),
        ("<small><p>a</p></small>", "<div><p>a</p></div>"),
        ("<p><a href='#x'><div>a</div></a></p>", '<div><a href="#x"><div>a</div></a></div>'),
        ("<h2><p>a</p><p>b</p></h2>", "<h2><span>a</span> <span>b</span> </h2>"),
        ("<div><figcaption>a</figcaption></div>", "<div><div>a</div></div>"),
        ("<details>a</details>", "<div>a</div>"),
        ("<p><rt>a</rt><bdo>b</bdo></p>", "<p><span>a</span><span>b</span></p>"),
        ("<p role='banana'><time>soon</time></p>", "<p><span>soon</span></p>"),
        ("<h2></h2>", ""),
    ],
)
def test_raw_html_is_corrected(raw: str, mended: str) -> None:
    document = publication(body=f"<article>{raw}</article>").document
    result = tostring(mend_content(document).body, encoding="unicode", short_empty_elements=False)
    assert result == f"<article>{mended}</article>"
