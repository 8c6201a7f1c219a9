"""One pagination in every format: page 12 is the same words in print, on an e-reader, on the web.

The pages' words are read by PDFium, the places of the markers by lxml: neither has written them.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from lxml import etree, html

from chapbook.checks import check_files
from chapbook.cli import inputs
from chapbook.model.errors import Code
from chapbook.pipeline import Built, build
from tests.long_book import write_long_book
from tests.mutations import Edit, drop, mutate_epub, mutate_html
from tests.printed import letters

ROOT = Path(__file__).parents[1]
ESSAY = ROOT / "source" / "security-assistance.md"
XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"

COMPARED = 60  # letters at the top of each page
BLOCKS = set("p li h1 h2 h3 h4 h5 h6 td th dt dd pre caption figcaption summary div".split())


@dataclass(frozen=True)
class Marked:
    """A page break marker as a finished file has it, and the letters that follow it."""

    label: str
    id: str
    following: str
    first_word: str


@dataclass(frozen=True)
class Printed:
    """A page of the PDF: its label, its folio as printed, and its letters in their order."""

    label: str
    letters: str
    lines: tuple[str, ...]


def make(path: Path) -> Built:
    return build(inputs.job(str(path)), ["pdf", "epub", "html"])


def artefact(built: Built, name: str) -> bytes:
    return next(artefact.content for artefact in built.artefacts if artefact.format == name)


@pytest.fixture(scope="module")
def essay() -> Built:
    return make(ESSAY)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return make(write_long_book(tmp_path_factory.mktemp("book"), chapters=4))


# Reading ---------------------------------------------------------------------------------------


def printed_pages(pdf: bytes) -> list[Printed]:
    """The pages with words of the manuscript: not the blank ones, half title, imprint, contents."""
    pages = []
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document):
            text = page.get_textpage().get_text_range()
            label = document.get_page_label(number) or str(number + 1)
            lines = tuple(line.strip() for line in text.splitlines() if line.strip())
            pages.append(Printed(label, letters(text.replace("\ufffe", "")), lines))
    return [page for page in pages if page.lines and not is_furniture(page, pages)]


def is_furniture(page: Printed, pages: list[Printed]) -> bool:
    """Return whether *page* has only words of templates: half title, imprint or contents."""
    front = pages[: next((n for n, each in enumerate(pages) if each.label == "1"), 0)]
    if page not in front:
        return False
    is_half_title = len(page.lines) == 1 and page is front[0]
    is_imprint = any(line.startswith("urn:") for line in page.lines)
    return is_half_title or is_imprint or sum(". . . ." in line for line in page.lines) > 2


def markers_of_html(page: bytes) -> list[Marked]:
    root: Any = html.document_fromstring(page)
    for furniture in root.xpath("//*[@data-furniture]"):
        if "cb-imprint" not in (furniture.get("class") or ""):
            furniture.drop_tree()
    return list(_markers(root, ""))


def markers_of_epub(epub: bytes) -> list[Marked]:
    """The markers in the order of the spine."""
    result: list[Marked] = []
    with zipfile.ZipFile(io.BytesIO(epub)) as book:
        package = etree.fromstring(book.read("EPUB/content.opf"))
        files = {item.get("id"): item.get("href") for item in package.iter("{*}item")}
        for reference in package.iter("{*}itemref"):
            name = files[reference.get("idref")]
            result += _markers(etree.fromstring(book.read(f"EPUB/{name}")), XHTML)
    return result


def _markers(root: Any, namespace: str) -> Iterator[Marked]:
    body = root.find(f".//{namespace}body")
    marked: tuple[str, str] | None = None
    texts: list[str] = []
    for event in _events(body, namespace):
        if isinstance(event, str):
            texts.append(event)
        elif event is None:
            break
        else:
            if marked:
                yield _marked(*marked, texts)
            marked, texts = event, []
    if marked:
        yield _marked(*marked, texts)


def _marked(label: str, name: str, words: list[str]) -> Marked:
    """The words up to the end of the block with which the page begins; pictures have no words."""
    text = "".join(words).strip("\0 \n\t").partition("\0")[0]
    return Marked(
        label, name, letters(text)[:COMPARED], letters(text.split()[0]) if text.split() else ""
    )


def _events(node: Any, namespace: str) -> Iterator[str | tuple[str, str] | None]:
    """Text, with a NUL where a block ends; a marker's label and id; None where the notes begin."""
    if not isinstance(node.tag, str) or node.tag.rpartition("}")[2] == "math":
        yield "\0"
        return
    tag = node.tag.removeprefix(namespace)
    if "cb-page-break" in (node.get("class") or "").split():
        assert not "".join(node.itertext())
        yield node.get("aria-label") or node.get("data-page"), node.get("id")
        return
    if "cb-notes" in (node.get("class") or "").split() or tag == "nav":
        yield None
        return
    yield node.text or ""
    for child in node:
        yield from _events(child, namespace)
        yield child.tail or ""
    if tag in BLOCKS or tag == "br":
        yield "\0"


# Comparing --------------------------------------------------------------------------------------

LIST_MARK = re.compile(r"^(?:[0-9]{1,3}\.|[•–◦▪☐☑])")
TABLE_HEAD = "HeadoneHeadtwoHeadthree"


def says_the_same(page: Printed, marked: Marked) -> bool:
    """Whether *page* begins with the words that follow its marker.

    It may begin within the first of them, with a list's number, or with a table's repeated head.
    """
    beginnings = {page.letters, LIST_MARK.sub("", page.letters)}
    beginnings |= {text.removeprefix(TABLE_HEAD) for text in beginnings}
    tails = [marked.following[cut:] for cut in range(max(1, len(marked.first_word)))]
    return any(text.startswith(tail) for text in beginnings for tail in tails if tail)


@pytest.mark.parametrize("format_", ["epub", "html"])
@pytest.mark.parametrize("work", ["essay", "book"])
def test_every_page_begins_with_the_words_after_its_marker(
    work: str, format_: str, request: pytest.FixtureRequest
) -> None:
    built: Built = request.getfixturevalue(work)
    pages = printed_pages(artefact(built, "pdf"))
    content = artefact(built, format_)
    marked = markers_of_epub(content) if format_ == "epub" else markers_of_html(content)
    assert [each.label for each in marked] == [page.label for page in pages]
    wrong = [
        (page.label, page.letters[:COMPARED], each.following)
        for page, each in zip(pages, marked, strict=True)
        if not says_the_same(page, each)
    ]
    assert wrong == []


def test_the_long_book_has_pages_of_every_kind(book: Built) -> None:
    pages = printed_pages(artefact(book, "pdf"))
    assert len(pages) > 100
    assert [page.label for page in pages[:2]] == ["iii", "ix"], "title page, preface"
    repeated_heads = [page for page in pages if page.letters.startswith(TABLE_HEAD)]
    assert len(repeated_heads) > 2
    marked = markers_of_html(artefact(book, "html"))
    broken = [
        each
        for page, each in zip(pages, marked, strict=True)
        if not page.letters.startswith(each.following[:20])
    ]
    assert len(broken) > 2, "no page begins within a word, an item or a table"


def test_the_folio_on_the_page_is_its_label(book: Built) -> None:
    """Return where it is printed: titles and openings of chapters do not have it."""
    pages = printed_pages(artefact(book, "pdf"))
    with_folio = [page for page in pages if page.label in page.lines[-2:]]
    assert len(with_folio) > len(pages) * 0.8
    shown = re.compile(r"[ivxlc]+|\d{1,3}")
    for page in pages:
        folios = [line for line in page.lines[-2:] if shown.fullmatch(line)]
        assert set(folios) <= {page.label}


def test_the_markers_change_no_text(tmp_path: Path) -> None:
    job = inputs.job(str(write_long_book(tmp_path, chapters=1)))
    built = build(job, ["pdf", "epub", "html"])
    files = {Path(f"long{artefact.suffix}"): artefact.content for artefact in built.artefacts}
    assert check_files(job, files) == []


@pytest.mark.parametrize("format_", ["epub", "html"])
def test_each_page_is_an_address_of_its_own(book: Built, format_: str) -> None:
    content = artefact(book, format_)
    marked = markers_of_epub(content) if format_ == "epub" else markers_of_html(content)
    assert [each.id for each in marked] == [f"page-{each.label}" for each in marked]
    assert len({each.id for each in marked}) == len(marked)


# The check finds what is wrong with the pages ---------------------------------------------------


def marker(root: Any, number: int) -> Any:
    return next(node for node in root.iter() if node.get("id") == f"page-{number}")


def move_by_a_paragraph(root: Any) -> None:
    moved = marker(root, 2)
    following = [node for node in root.iter() if str(node.tag).rpartition("}")[2] == "p"]
    later = following[following.index(moved.getparent()) + 1]
    drop(root, moved)
    moved.tail, later.text = later.text, None
    later.insert(0, moved)


def move_by_two_words(root: Any) -> None:
    moved = marker(root, 2)
    words = moved.tail.split(" ")
    before = moved.getprevious()
    if before is not None:
        before.tail = f"{before.tail or ''}{' '.join(words[:2])} "
    else:
        moved.getparent().text = f"{moved.getparent().text or ''}{' '.join(words[:2])} "
    moved.tail = " ".join(words[2:])


def relabel(root: Any) -> None:
    moved = marker(root, 3)
    moved.set("aria-label" if "aria-label" in moved.attrib else "data-page", "4")


FAULTS: dict[str, Edit] = {
    "a marker moved by a paragraph": move_by_a_paragraph,
    "a marker moved by two words": move_by_two_words,
    "a marker dropped": lambda root: drop(root, marker(root, 2)),
    "a marker with another label": relabel,
}


@pytest.mark.parametrize("format_", ["epub", "html"])
@pytest.mark.parametrize("name", FAULTS)
def test_the_check_finds_a_wrong_page(essay: Built, name: str, format_: str) -> None:
    mutate = mutate_epub if format_ == "epub" else mutate_html
    content = mutate(artefact(essay, format_), FAULTS[name])
    files = {Path("x.pdf"): artefact(essay, "pdf"), Path(f"x.{format_}"): content}
    assert Code.PAGES_DIFFER in {each.code for each in check_files(inputs.job(str(ESSAY)), files)}
