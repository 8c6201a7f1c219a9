"""Figures in the one DOM: an image with its credit, its place, and its panels."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from PIL import Image

from chapbook.model.document import Document, Manuscript
from chapbook.model.dom import text_of, to_html
from chapbook.model.errors import Code
from chapbook.model.metadata import Metadata
from chapbook.reading.illustrations import read_images
from chapbook.reading.sanitizer import sanitize
from chapbook.reading.source_positions import Places
from chapbook.transforms import prepare

METADATA = Metadata(title="T", title_html="T", lang="en", identifier="urn:x")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    result = tmp_path_factory.mktemp("figures")
    Image.new("RGB", (400, 300)).save(result / "a.png")
    Image.new("RGB", (40, 30)).save(result / "small.png")
    return result


def prepared(html: str, folder: Path) -> Document:
    manuscript = Manuscript("essay.md", "essay", html.encode(), html)
    places = Places(manuscript)
    body, refused = sanitize(html, places)
    assets, result = read_images(body, folder, places)
    words, findings = {"figure": "Figure"}, (*refused, *result)
    return prepare(
        Document(METADATA, body, manuscript, assets=assets, findings=findings, words=words)
    )


def reported_by(document: Document) -> list[tuple[Code, int | None]]:
    return [
        (finding.code, finding.where.line if finding.where else None)
        for finding in document.findings
    ]


def image_of(document: Document) -> Element:
    result = document.body.find(".//img")
    assert result is not None
    return result


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="a.png" class="decorative" alt="words"/>',
        '<img src="a.png" role="presentation" alt="words"/>',
        '<img src="a.png" role="none"/>',
        '<img src="a.png" alt=""/>',
    ],
)
def test_what_only_adorns_has_no_words_and_needs_none(markup: str, folder: Path) -> None:
    document = prepared(f"<p>x {markup}</p>", folder)
    image = image_of(document)
    assert (image.get("alt"), image.get("role"), image.get("class")) == (
        "",
        "presentation",
        "cb-image",
    )
    assert reported_by(document) == []


@pytest.mark.parametrize("markup", ['<img src="a.png"/>', '<img src="a.png" alt="  "/>'])
def test_an_image_without_description_is_reported_with_its_line(markup: str, folder: Path) -> None:
    document = prepared(f"<p>x</p>\n\n<p>y {markup}</p>", folder)
    assert reported_by(document) == [(Code.ALT_MISSING, 3)]


def test_what_adorns_is_not_all_that_a_link_can_say(folder: Path) -> None:
    linked = '<p><a href="https://example.org"><img src="a.png" class="decorative"/>{}</a></p>'
    assert reported_by(prepared(linked.format(""), folder)) == [(Code.ALT_MISSING, 1)]
    assert reported_by(prepared(linked.format(" words"), folder)) == []


def test_quartos_alternative_goes_before_the_caption(folder: Path) -> None:
    document = prepared(
        '<figure><img src="a.png" alt="Caption" data-fig-alt="Seen"/>'
        "<figcaption>Caption</figcaption></figure>",
        folder,
    )
    assert image_of(document).get("alt") == "Seen"
    assert "data-fig-alt" not in to_html(document.body)


@pytest.mark.parametrize(
    ("markup", "caption"),
    [
        ("<figure>{}<figcaption>One <em>thing</em>.</figcaption></figure>", "One thing. By Ada"),
        ("<figure>{}</figure>", "By Ada"),
        ("<p>{}</p>", "By Ada"),
        ("<ul><li>{}</li></ul>", "By Ada"),
    ],
)
def test_a_credit_ends_the_caption(markup: str, caption: str, folder: Path) -> None:
    image = '<img src="a.png" alt="x" data-credit="By  Ada"/>'
    document = prepared(markup.format(image), folder)
    result = document.body.find(".//figure/figcaption")
    assert result is not None
    assert text_of(result) == caption
    assert result[-1].get("class") == "cb-credit"
    assert reported_by(document) == []
    assert "data-credit" not in to_html(document.body)


def test_a_credit_within_a_line_is_reported(folder: Path) -> None:
    html = '<p>a</p>\n<p>x <img src="a.png" alt="y" credit="Ada" data-credit="Ada"/> z</p>'
    codes = reported_by(prepared(html, folder))
    assert (Code.ATTRIBUTE_REFUSED, 2) in codes


@pytest.mark.parametrize(
    ("style", "width"),
    [("width:5cm", "189"), ("width: 2in", "192"), ("width:72pt", "96"), ("width:10em", "160"),
     ("height:30mm", "151"), ("width:300px; height: 10px", "300")],
)  # fmt: skip
def test_lengths_on_paper_become_pixels(style: str, width: str, folder: Path) -> None:
    document = prepared(f'<p>x <img src="a.png" alt="y" style="{style}"/></p>', folder)
    assert image_of(document).get("width") == width
    assert reported_by(document) == []


def test_a_figure_beside_the_text_is_as_wide_as_its_image(folder: Path) -> None:
    def classes(image: str) -> str:
        document = prepared(f"<figure>{image}<figcaption>c</figcaption></figure>", folder)
        figure = document.body.find(".//figure")
        assert figure is not None
        return " ".join(sorted(figure.get("class", "").split()))

    assert classes('<img src="a.png" class="right" alt="x"/>') == "cb-figure cb-width-40 right"
    assert classes('<img src="a.png" align="left" alt="x"/>') == "cb-figure cb-width-40 left"
    small = '<img src="small.png" class="right" alt="x"/>'
    assert classes(small) == "cb-figure cb-width-96px right"
    sized = '<img src="a.png" class="right" alt="x" style="width:5cm"/>'
    assert classes(sized) == "cb-figure cb-width-189px right"
    shared = '<img src="a.png" class="right" alt="x" style="width:30%"/>'
    assert classes(shared) == "cb-figure cb-width-30 right"


def test_an_image_after_a_word_stays_in_its_line(folder: Path) -> None:
    document = prepared('<p>a</p>\n<p>x <img src="a.png" class="left" alt="y"/> z</p>', folder)
    assert image_of(document).get("class") == "cb-image"
    assert reported_by(document) == [(Code.ATTRIBUTE_REFUSED, 2)]
    first = prepared('<p><img src="a.png" class="left" alt="y"/> z</p>', folder)
    assert "left" in image_of(first).get("class", "")
    assert reported_by(first) == []


def panels(document: Document) -> list[str]:
    whole = document.body.find("figure")
    assert whole is not None
    return [f"{node.tag}: {text_of(node)}" for node in whole]


def test_quartos_div_of_figures_is_one_figure_with_lettered_panels(folder: Path) -> None:
    document = prepared(
        '<figure id="fig-all" data-layout-ncol="2">'
        '<figure id="fig-a"><img src="a.png" alt="A"/><figcaption>A</figcaption></figure>'
        '<figure><img src="a.png" alt="B"/></figure>'
        "<figcaption>All <em>of</em> them</figcaption></figure>",
        folder,
    )
    assert panels(document) == ["figure: (a) A", "figure: (b)", "figcaption: Figure 1 All of them"]
    assert 'class="cb-panel cb-width-48 cb-lettered cb-figure"' in to_html(document.body)
    assert document.body.find("figure/figure[@id='fig-a']") is not None


def test_pandoc_crossrefs_rows_of_images_are_panels(folder: Path) -> None:
    document = prepared(
        '<figure id="fig:all"><p><img id="fig:a" src="a.png" style="width:49.0%" alt="A"/>\n'
        '<img src="a.png" alt="B"/></p><figcaption>All</figcaption></figure>',
        folder,
    )
    assert panels(document) == ["figure: (a) A", "figure: (b) B", "figcaption: Figure 1 All"]
    assert "width-47" in to_html(document.body)


def test_a_picture_and_its_caption_in_a_div_are_one_figure(folder: Path) -> None:
    document = prepared(
        '<figure id="fig-a"><p><img src="a.png"/></p><figcaption>Words</figcaption></figure>',
        folder,
    )
    assert panels(document) == ["img: ", "figcaption: Figure 1 Words"]


def test_without_a_caption_of_all_panels_have_no_letters(folder: Path) -> None:
    figure = '<figure><img src="a.png" alt="x"/><figcaption>{}</figcaption></figure>'
    document = prepared(f'<div id="fig-a">{figure.format("A")}{figure.format("B")}</div>', folder)
    assert panels(document) == ["figure: A", "figure: B"]


def test_a_div_of_words_stays_one(folder: Path) -> None:
    document = prepared('<div id="fig-a"><p>Only</p><p>words</p></div>', folder)
    assert document.body[0].tag == "div"
    assert text_of(document.body) == "Only words"
