"""No alteration of a finished file passes unnoticed: every kind of thing, in every format."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from chapbook.checks import check_files
from chapbook.cli import inputs
from chapbook.model.errors import Code, Finding
from chapbook.model.metadata import Date, Person
from chapbook.pipeline import Job, build
from tests import mutations as m

FORMATS = ("pdf", "epub", "html")
MANUSCRIPT = Path(__file__).parent / "mutant" / "manuscript.md"


@cache
def job() -> Job:
    return inputs.job(str(MANUSCRIPT))


@cache
def finished() -> dict[str, bytes]:
    return {artefact.format: artefact.content for artefact in build(job(), FORMATS).artefacts}


def check(form: str, content: bytes) -> list[Finding]:
    return check_files(job(), {Path(f"mutant.{form}"): content})


@pytest.mark.parametrize("form", FORMATS)
def test_the_untouched_file_agrees(form: str) -> None:
    assert check(form, finished()[form]) == []


# Edits of the text, the same in every format -----------------------------------------------------


def swap_words(root: Any) -> None:
    m.rewrite(root, "alpha beta", "beta alpha")


def drop_heading(root: Any) -> None:
    heading = m.find(root, "h3")
    heading.tag = heading.tag.replace("h3", "p")


def lower_heading(root: Any) -> None:
    heading = m.find(root, "h3")
    heading.tag = heading.tag.replace("h3", "h4")


def drop_note(root: Any) -> None:
    m.drop(root, m.find(root, "a", id_="noteref-2"))
    for node in list(root.iter()):
        if node.get("id") == "note-2":
            m.drop(root, node)


def swap_calls(root: Any) -> None:
    one, two = m.find(root, "a", id_="noteref-1"), m.find(root, "a", id_="noteref-2")
    one.set("href", "#note-2")
    two.set("href", "#note-1")


def drop_alt(root: Any) -> None:
    m.find(root, "img").set("alt", "")


def drop_item(root: Any) -> None:
    m.drop(root, m.find(root, "li", 1))


def drop_cell(root: Any) -> None:
    m.drop(root, m.find(root, "td", 3))


def demote_header_cell(root: Any) -> None:
    cell = m.find(root, "th")
    cell.tag = cell.tag.replace("th", "td")


def alter_formula(root: Any) -> None:
    annotation = m.find(root, "annotation")
    annotation.text = "x^3 + y^2"


def drop_formula(root: Any) -> None:
    m.drop(root, m.find(root, "math"))


def drop_symbol(root: Any) -> None:
    """The sign between x and y; the formula's TeX stays."""
    math = m.find(root, "math")
    m.drop(math, next(node for node in math.iter() if node.text == "+"))


def other_symbol(root: Any) -> None:
    math = m.find(root, "math")
    next(node for node in math.iter() if node.text == "y").text = "z"


def other_list(root: Any) -> None:
    numbered = m.find(root, "ol")
    numbered.tag = numbered.tag.replace("ol", "ul")


def start_elsewhere(root: Any) -> None:
    m.find(root, "ol").set("start", "5")


def unquote(root: Any) -> None:
    quote = m.find(root, "blockquote")
    quote.tag = quote.tag.replace("blockquote", "div")


def link_elsewhere(root: Any) -> None:
    m.find(root, "a", href="there").set("href", "https://example.org/elsewhere")


def link_to_another_section(root: Any) -> None:
    m.find(root, "a", href="#meadow").set("href", "#harbor")


def unlink(root: Any) -> None:
    link = m.find(root, "a", href="there")
    link.tag = link.tag.removesuffix("a") + "span"
    del link.attrib["href"]


def nest_list(root: Any) -> None:
    """The second item becomes part of the first."""
    items = m.find(root, "ul")
    nested = items.makeelement(items.tag, {})
    second = items[1]
    items.remove(second)
    nested.append(second)
    items[0].append(nested)


TEXT: dict[str, tuple[m.Edit, Code]] = {
    "a word dropped": (lambda root: m.rewrite(root, "beta ", ""), Code.WORDS_DIFFER),
    "a word added": (lambda root: m.rewrite(root, "beta", "beta too"), Code.WORDS_DIFFER),
    "two words swapped": (swap_words, Code.WORDS_DIFFER),
    "a word changed": (lambda root: m.rewrite(root, "gamma", "delta"), Code.WORDS_DIFFER),
    "a letter's case changed": (lambda root: m.rewrite(root, "gamma", "Gamma"), Code.WORDS_DIFFER),
    "two words joined": (
        lambda root: m.rewrite(root, "beta gamma", "betagamma"),
        Code.WORDS_DIFFER,
    ),
    "the first word dropped": (lambda root: m.rewrite(root, "Opening ", ""), Code.WORDS_DIFFER),
    "the last word dropped": (lambda root: m.rewrite(root, " words.", ""), Code.WORDS_DIFFER),
    "a comma dropped": (lambda root: m.rewrite(root, "else,", "else"), Code.WORDS_DIFFER),
    "a word of a note": (lambda root: m.rewrite(root, "other words", "words"), Code.WORDS_DIFFER),
    "a heading dropped": (drop_heading, Code.HEADINGS_DIFFER),
    "a heading's level": (lower_heading, Code.HEADINGS_DIFFER),
    "a heading's words": (lambda root: m.rewrite(root, "Harbor", "Haven"), Code.HEADINGS_DIFFER),
    "a note dropped": (drop_note, Code.NOTES_DIFFER),
    "two calls crossed": (swap_calls, Code.NOTES_DIFFER),
    "a call dropped": (
        lambda root: m.drop(root, m.find(root, "a", id_="noteref-1")),
        Code.NOTES_DIFFER,
    ),
    "a link's address": (link_elsewhere, Code.LINKS_DIFFER),
    "a link's section": (link_to_another_section, Code.LINKS_DIFFER),
    "a link dropped": (unlink, Code.LINKS_DIFFER),
    "an image's description": (drop_alt, Code.FIGURES_DIFFER),
    "an image dropped": (lambda root: m.drop(root, m.find(root, "img")), Code.FIGURES_DIFFER),
    "a figure dropped": (lambda root: m.drop(root, m.find(root, "figure")), Code.FIGURES_DIFFER),
    "a caption dropped": (lambda root: m.drop(root, m.find(root, "figcaption")), Code.WORDS_DIFFER),
    "a table's cell dropped": (drop_cell, Code.TABLES_DIFFER),
    "a table's row dropped": (lambda root: m.drop(root, m.find(root, "tr", 2)), Code.TABLES_DIFFER),
    "a table dropped": (lambda root: m.drop(root, m.find(root, "table")), Code.TABLES_DIFFER),
    "a table's header cell": (demote_header_cell, Code.TABLES_DIFFER),
    "a formula altered": (alter_formula, Code.MATH_DIFFERS),
    "a formula dropped": (drop_formula, Code.MATH_DIFFERS),
    "a symbol of a formula dropped": (drop_symbol, Code.MATH_DIFFERS),
    "a symbol of a formula altered": (other_symbol, Code.MATH_DIFFERS),
    "a list item dropped": (drop_item, Code.LISTS_DIFFER),
    "another kind of list": (other_list, Code.LISTS_DIFFER),
    "another first number": (start_elsewhere, Code.LISTS_DIFFER),
    "an item nested": (nest_list, Code.LISTS_DIFFER),
    "a quote unmarked": (unquote, Code.QUOTES_DIFFER),
    "a line of code": (lambda root: m.rewrite(root, "second = 2", "second = 3"), Code.WORDS_DIFFER),
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", TEXT)
def test_text(name: str, form: str) -> None:
    edit, code = TEXT[name]
    content = {
        "html": lambda: m.mutate_html(finished()["html"], edit),
        "epub": lambda: m.mutate_epub(finished()["epub"], edit),
        "pdf": lambda: m.mutate_document(job(), edit),
    }[form]()
    result = check(form, content)
    assert code in {each.code for each in result}, result
    assert all(each.where for each in result)


# What is exact only where the format keeps it ----------------------------------------------------


def alter_line_end(root: Any) -> None:
    m.rewrite(root, "first = 1\nsecond", "first = 1 second")


def alter_emphasis(root: Any) -> None:
    emphasis = m.find(root, "em")
    emphasis.tag = emphasis.tag.removesuffix("em") + "strong"


def drop_backlink(root: Any) -> None:
    back = next(node for node in root.iter() if node.get("role") == "doc-backlink")
    del back.attrib["href"]


def unrole_note(root: Any) -> None:
    """A call's link leads to no note."""
    m.find(root, "a", id_="noteref-1").set("href", "#harbor")


def other_language(root: Any) -> None:
    for name in list(root.attrib):
        if name.endswith("lang"):
            root.set(name, "fr")


def other_title(root: Any) -> None:
    next(node for node in root.iter() if m.local(node) == "h1").text = "The mutated"


def drop_subtitle(root: Any) -> None:
    m.drop(root, next(node for node in root.iter() if node.get("class") == "cb-subtitle"))


def twice_an_id(root: Any) -> None:
    m.find(root, "ul").set("id", "harbor")


PAGES: dict[str, tuple[m.Edit, Code, tuple[str, ...]]] = {
    "a line end in code": (alter_line_end, Code.CODE_DIFFERS, ("html", "epub")),
    "an emphasis": (alter_emphasis, Code.EMPHASIS_DIFFERS, ("html", "epub")),
    "a note's way back": (drop_backlink, Code.NOTES_DIFFER, ("html", "epub")),
    "a call to no note": (unrole_note, Code.NOTES_DIFFER, ("html", "epub")),
    "the title": (other_title, Code.TITLE_DIFFERS, ("html", "epub")),
    "the subtitle": (drop_subtitle, Code.TITLE_DIFFERS, ("html", "epub")),
    "the page's language": (other_language, Code.LANGUAGE_DIFFERS, ("html",)),
    "a document's language": (other_language, Code.CONFORMANCE, ("epub",)),
    "an id given twice": (twice_an_id, Code.CONFORMANCE, ("html",)),
}


@pytest.mark.parametrize(
    ("name", "form"), [(name, form) for name, (_, _, forms) in PAGES.items() for form in forms]
)
def test_page(name: str, form: str) -> None:
    edit, code, _ = PAGES[name]
    mutate = m.mutate_html if form == "html" else m.mutate_epub
    result = check(form, mutate(finished()[form], edit))
    assert code in {each.code for each in result}, result


# Metadata ----------------------------------------------------------------------------------------

METADATA: dict[str, tuple[str, str, str, Any]] = {
    # key: the value in the files; the meta's name in HTML; Dublin Core's; the field's other value
    "title": ("The mutant", "", "title", {"title": "Other", "title_html": "Other"}),
    "author": ("Ada Lovelace", "author", "creator", {"authors": (Person("Ada Byron"),)}),
    "date": ("2026-11-22", "DC.date", "date", {"date": Date("2027")}),
    "identifier": ("urn:uuid", "DC.identifier", "identifier", {"identifier": "urn:other"}),
    "keyword": ("two", "DC.subject", "subject", {"keywords": ("one",)}),
    "rights": ("All reserved", "DC.rights", "rights", {"rights": None}),
    "publisher": ("The Press", "DC.publisher", "publisher", {"publisher": "Another"}),
    "language": ("en", "DC.language", "language", {"lang": "de"}),
    "edition": ("1.0", "chapbook.edition", "meta", {"edition": "1.1"}),
}


@pytest.mark.parametrize("key", METADATA)
def test_metadata_of_a_pdf(key: str) -> None:
    result = check("pdf", m.mutate_metadata(job(), **METADATA[key][3]))
    assert Code.METADATA_DIFFERS in {each.code for each in result}


@pytest.mark.parametrize("key", METADATA)
def test_metadata_of_an_epub(key: str) -> None:
    value, _, name, _ = METADATA[key]

    def edit(package: Any) -> None:
        for node in package.iter():
            if m.local(node) == name and value in (node.text or ""):
                node.text = "Other"
                return
        raise AssertionError(f"no {name} with {value}")

    result = check("epub", m.mutate_epub(finished()["epub"], edit, "EPUB/content.opf"))
    assert Code.METADATA_DIFFERS in {each.code for each in result}


@pytest.mark.parametrize("key", METADATA)
def test_metadata_of_a_web_page(key: str) -> None:
    value, name, _, _ = METADATA[key]

    def edit(page: Any) -> None:
        if not name:
            page.find("head/title").text = "Other"
            return
        for meta in page.iter("meta"):
            if meta.get("name") == name and value in meta.get("content"):
                meta.getparent().remove(meta)
                return
        raise AssertionError(f"no {name} with {value}")

    result = check("html", m.mutate_html(finished()["html"], edit))
    assert Code.METADATA_DIFFERS in {each.code for each in result}


def test_metadata_that_nobody_gave_is_reported() -> None:
    def edit(package: Any) -> None:
        rights = next(node for node in package.iter() if m.local(node) == "rights")
        rights.addnext(rights.__copy__())
        rights.tag = rights.tag.replace("rights", "creator")

    result = check("epub", m.mutate_epub(finished()["epub"], edit, "EPUB/content.opf"))
    assert Code.METADATA_DIFFERS in {each.code for each in result}


# What only one format has ------------------------------------------------------------------------


def other_pdf_language(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Lang = pikepdf.String("fr")


def drop_bookmark(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        del outline.root[0].children[0]


def untag(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.StructTreeRoot


def drop_source(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.AF


def drop_claim(pdf: pikepdf.Pdf) -> None:
    packet = pdf.Root.Metadata.read_bytes().replace(b"pdfuaid:part>1<", b"pdfuaid:part>9<")
    pdf.Root.Metadata = pdf.make_stream(
        packet, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML
    )


def structure(pdf: pikepdf.Pdf, kind: str) -> list[Any]:
    def walk(element: Any) -> Any:
        kids = element.get("/K", ())
        for kid in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                if f"/{kind}" == kid.S:
                    yield kid
                yield from walk(kid)

    return list(walk(pdf.Root.StructTreeRoot))


def retag_heading(pdf: pikepdf.Pdf) -> None:
    structure(pdf, "H3")[0].S = pikepdf.Name.P


def drop_tagged_paragraph(pdf: pikepdf.Pdf) -> None:
    paragraph = structure(pdf, "P")[3]
    paragraph.K = pikepdf.Array()


def drop_tagged_alt(pdf: pikepdf.Pdf) -> None:
    del structure(pdf, "Figure")[0]["/Alt"]


def other_uri(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        for annotation in page.get("/Annots", ()):
            if "/A" in annotation and "/URI" in annotation.A:
                annotation.A.URI = pikepdf.String("https://example.org/elsewhere")


def other_destination(pdf: pikepdf.Pdf) -> None:
    """The internal link leads to the first heading."""
    for page in pdf.pages:
        for annotation in page.get("/Annots", ()):
            if str(annotation.get("/Dest", "")) == "meadow":
                annotation.Dest = pikepdf.String("harbor")


def flatten_link(pdf: pikepdf.Pdf) -> None:
    annotation = pdf.pages[0].Annots[0]
    left, bottom, right, _ = annotation.Rect
    annotation.Rect = pikepdf.Array([left, bottom, right, bottom])


def unembed_font(pdf: pikepdf.Pdf) -> None:
    font = next(iter(pdf.pages[0].Resources.Font.values()))
    descriptor = font.DescendantFonts[0].FontDescriptor
    for key in [key for key in descriptor.keys() if key.startswith("/FontFile")]:  # noqa: SIM118
        del descriptor[key]


def resize_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[-1].MediaBox = pikepdf.Array([0, 0, 300, 400])


def drop_page(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[-1]


def hide_symbol(pdf: pikepdf.Pdf) -> None:
    """The second outline of the formula is not filled."""
    for page in pdf.pages:
        instructions = list(pikepdf.parse_content_stream(page))
        depth = filled = 0
        for at, each in enumerate(instructions):
            operator = str(each.operator)
            if operator in {"BDC", "BMC"} and (depth or str(each.operands[0]) == "/Figure"):
                depth += 1
            depth -= bool(depth and operator == "EMC")
            filled += bool(depth and operator == "f")
            if filled == 2:
                instructions[at] = pikepdf.ContentStreamInstruction([], pikepdf.Operator("n"))
                page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(instructions))
                return
    raise AssertionError("no formula is drawn")


PDF: dict[str, tuple[m.PdfEdit, Code]] = {
    "a symbol of a formula not drawn": (hide_symbol, Code.MATH_DIFFERS),
    "the language": (other_pdf_language, Code.LANGUAGE_DIFFERS),
    "a bookmark dropped": (drop_bookmark, Code.HEADINGS_DIFFER),
    "the tags dropped": (untag, Code.UNREADABLE),
    "the manuscript dropped": (drop_source, Code.CONFORMANCE),
    "a claim": (drop_claim, Code.CONFORMANCE),
    "a heading's tag": (retag_heading, Code.HEADINGS_DIFFER),
    "a paragraph untagged": (drop_tagged_paragraph, Code.WORDS_DIFFER),
    "a figure's description": (drop_tagged_alt, Code.FIGURES_DIFFER),
    "a link's address": (other_uri, Code.LINKS_DIFFER),
    "a link's destination": (other_destination, Code.LINKS_DIFFER),
    "a link without area": (flatten_link, Code.CONFORMANCE),
    "a font not embedded": (unembed_font, Code.CONFORMANCE),
    "a page of another size": (resize_page, Code.CONFORMANCE),
    "a page dropped": (drop_page, Code.WORDS_DIFFER),
}


@pytest.mark.parametrize("name", PDF)
def test_pdf(name: str) -> None:
    edit, code = PDF[name]
    result = check("pdf", m.mutate_pdf(finished()["pdf"], edit))
    assert code in {each.code for each in result}, result


def test_another_picture_in_place_of_an_image() -> None:
    def edit(page: Any) -> None:
        image = m.find(page, "img")
        seal = (MANUSCRIPT.parent / "seal.png").read_bytes()
        image.set("src", f"data:image/png;base64,{b64encode(seal).decode()}")

    result = check("html", m.mutate_html(finished()["html"], edit))
    assert [each.code for each in result] == [Code.FIGURES_DIFFER]


EPUB: dict[str, tuple[str, Callable[[Any], None], Code]] = {
    "a line of the contents dropped": (
        "EPUB/nav.xhtml",
        lambda root: m.drop(root, m.find(root, "li", 1)),
        Code.HEADINGS_DIFFER,
    ),
    "the contents lead nowhere": (
        "EPUB/nav.xhtml",
        lambda root: m.find(root, "a", href="#meadow").set("href", "text.xhtml#nowhere"),
        Code.CONFORMANCE,
    ),
    "the old contents": (
        "EPUB/toc.ncx",
        lambda root: setattr(m.find(root, "text", 2), "text", "Other"),
        Code.HEADINGS_DIFFER,
    ),
    "a file not in the manifest": (
        "EPUB/content.opf",
        lambda root: m.drop(root, m.find(root, "item", href="style.css")),
        Code.CONFORMANCE,
    ),
    "a document out of the spine": (
        "EPUB/content.opf",
        lambda root: m.drop(root, m.find(root, "itemref", idref="text")),
        Code.WORDS_DIFFER,
    ),
    "a document without a title": (
        "EPUB/text.xhtml",
        lambda root: setattr(m.find(root, "title"), "text", ""),
        Code.CONFORMANCE,
    ),
}


@pytest.mark.parametrize("name", EPUB)
def test_epub(name: str) -> None:
    entry, edit, code = EPUB[name]
    result = check("epub", m.mutate_epub(finished()["epub"], edit, entry))
    assert code in {each.code for each in result}, result


# Stale and broken files --------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_of_another_state_of_the_manuscript_is_stale(form: str, tmp_path: Path) -> None:
    text = MANUSCRIPT.read_text("utf-8").replace("gamma", "delta")
    (tmp_path / "manuscript.md").write_text(text, "utf-8")
    (tmp_path / "square.png").write_bytes((MANUSCRIPT.parent / "square.png").read_bytes())
    changed = inputs.job(str(tmp_path / "manuscript.md"))
    [findings] = check_files(changed, {Path(f"mutant.{form}"): finished()[form]})
    assert findings.code is Code.STALE


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("size", [0, 100, 5000])
def test_a_file_cut_short_is_unreadable(form: str, size: int) -> None:
    result = check(form, finished()[form][:size])
    assert result
    assert {each.code for each in result} <= {Code.UNREADABLE, Code.CONFORMANCE, Code.WORDS_DIFFER}
    assert result[0].code is Code.UNREADABLE


def test_a_finding_names_the_line_of_the_manuscript() -> None:
    edited = m.mutate_html(finished()["html"], lambda root: m.rewrite(root, "gamma", "delta"))
    [result] = check("html", edited)
    assert result.where is not None
    assert result.where.line == 14
    assert "“gamma follow them. Harbor”" in result.message
    assert "“delta follow them. Harbor”" in result.message
