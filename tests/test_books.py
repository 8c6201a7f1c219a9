"""Made books, measured on the finished PDF: what each page is, and how its lines end."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path

import pypdfium2
import pytest

from chapbook.cli import inputs
from chapbook.pipeline import Built, build
from chapbook.printing.trims import parse_trim
from tests.long_book import Author
from tests.made_book import write_made_book
from tests.printed import Line, letters, read_lines

ROOT = Path(__file__).parents[1]
ESSAY = ROOT / "source" / "security-assistance.md"
PAGES = Path(__file__).parent / "golden_pages"
TRIMS = ("a5", "us-trade", "novella")
MOST_LOOSE = 0.02  # of all lines


def write_chapbook(folder: Path, trim: str) -> Path:
    """The essay as a chapbook of another trim size; its words are the essay's."""
    asked = f"---\nprint:\n  layout: chapbook\n  trim: {trim}\n"
    path = folder / "chapbook.md"
    path.write_text(ESSAY.read_text("utf-8").replace("---\n", asked, 1), "utf-8")
    return path


def head(title: str, layout: str, trim: str) -> str:
    text = f"title: {title}\nlang: en\nidentifier: urn:x-{title.lower()}"
    return f"---\n{text}\nprint:\n  layout: {layout}\n  trim: {trim}\n---\n\n"


def make(path: Path) -> Built:
    return build(inputs.job(str(path)), ["pdf"])


def findings_but_loose_lines(built: Built) -> list[str]:
    """The messages of the build, without loose lines.

    The words of these books are made, so that few can be hyphenated: lines that are broken one
    after another stay loose, and each has a finding. Their share is bounded here.
    """
    lines = read_lines(built.artefacts[0].content)
    loose = [finding for finding in built.findings if "as wide as usual" in finding.message]
    assert len(loose) <= MOST_LOOSE * len(lines)
    return [finding.message for finding in built.findings if finding not in loose]


# What each page is ----------------------------------------------------------------------------


def page_structure(pdf: bytes) -> list[str]:
    """A line for each page: its label and side, head and folio as printed, lines, first words."""
    with pypdfium2.PdfDocument(pdf) as document:
        labels = [document.get_page_label(number) or "" for number in range(len(document))]
        heights = [page.get_height() / 72 * 25.4 for page in document]
    by_page = {
        page: list(lines) for page, lines in groupby(read_lines(pdf), lambda line: line.page)
    }
    lines_of_pages = []
    for number, label in enumerate(labels):
        lines = by_page.get(number, [])
        head = lines[0].text if lines and is_head(lines[0], heights[number]) else "–"
        folio = lines[-1].text if lines and lines[-1].text == label else "–"
        body = [line for line in lines if line.text not in {head, folio}]
        side = "verso" if number % 2 else "recto"
        first = body[0].text[:40] if body else "blank"
        lines_of_pages.append(f"{label} {side} | {head} | {folio} | {len(body)} lines | {first}")
    return lines_of_pages


def is_head(line: Line, height_mm: float) -> bool:
    return line.top_mm < height_mm * 0.09 and line.height_mm < 4.2


@pytest.mark.parametrize("trim", TRIMS)
@pytest.mark.parametrize("name", ["chapbook", "made"])
def test_the_pages_of_a_golden_book(name: str, trim: str, tmp_path: Path, accepting: bool) -> None:
    write = write_chapbook if name == "chapbook" else write_made_book
    built = make(write(tmp_path, trim))
    # In the made words a line too short or a ladder may be left: mended, lines would be looser.
    pages = page_structure(built.artefacts[0].content) + findings_but_loose_lines(built)
    golden = PAGES / f"{name}-{trim}.json"
    if accepting:
        golden.write_text(json.dumps(pages, indent=1, ensure_ascii=False) + "\n", "utf-8")
    assert pages == json.loads(golden.read_text("utf-8"))


@pytest.mark.parametrize("trim", TRIMS)
def test_a_book_has_its_parts_in_their_order(trim: str) -> None:
    pages = json.loads((PAGES / f"made-{trim}.json").read_text("utf-8"))
    kinds = [page.rpartition("| ")[2] for page in pages if "|" in page]
    order = [
        "The Made Book",
        "The Made Book",
        "To those",
        "Words of",
        "Contents",
        "Preface",
        "Part One",
    ]
    at = -1
    for beginning in order:
        at = next(n for n in range(at + 1, len(kinds)) if kinds[n].startswith(beginning))
        assert " recto " in pages[at], f"{beginning} is a verso"
        assert "| – | – |" in pages[at], f"{beginning} has a head or a folio"
    for page in pages:
        if page.endswith("| blank"):
            assert "| – | – | 0 lines" in page
    (opening,) = [page for page in pages if page.endswith("| Part One")]
    assert opening.startswith("1 recto")


# How its lines end ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Block:
    is_heading: bool
    is_chapter: bool
    letters: str


def prose(chapters: int = 7) -> tuple[str, list[Block]]:
    """A manuscript of plain paragraphs, and its blocks."""
    author = Author(random.Random(3))
    text, blocks = [], []
    for number in range(chapters):
        heading = f"{author.title()} {number}"
        text.append(f"# {heading}")
        blocks.append(Block(True, True, letters(heading)))
        for _ in range(author_chance(number)):
            words = re.sub(
                r"[*\[\]]|\(https[^)]*\)", "", author.paragraph(random_length(author)).strip()
            )
            text.append(words)
            blocks.append(Block(False, False, letters(words)))
    return "\n\n".join(text), blocks


def author_chance(number: int) -> int:
    return 9 + 5 * (number % 4)


def random_length(author: Author) -> int:
    return 20 + len(author.word()) * 17


def lines_of_blocks(pdf: bytes, blocks: list[Block], trim: str) -> Iterator[tuple[Line, int]]:
    """Each line of the text, and the block that it is part of. Heads and folios are none."""
    height = parse_trim(trim).height_mm
    with pypdfium2.PdfDocument(pdf) as document:
        first = next(n for n in range(len(document)) if document.get_page_label(n) == "1")
    text = "".join(block.letters for block in blocks)
    starts = [number for number, block in enumerate(blocks) for _ in block.letters]
    position = 0
    for line in read_lines(pdf):
        inside = height * 0.09 < line.top_mm < height * 0.9
        if line.page >= first and (inside or text.startswith(line.letters, position)):
            assert text.startswith(line.letters, position), line.text
            yield line, starts[position]
            position += len(line.letters)
    assert position == len(text), "words are missing"


@pytest.mark.parametrize("trim", TRIMS)
def test_nothing_that_a_typesetter_would_mend_is_left(trim: str, tmp_path: Path) -> None:
    text, blocks = prose()
    path = tmp_path / "prose.md"
    path.write_text(f"{head('Prose', 'book', trim)}{text}", "utf-8")
    built = make(path)
    assert findings_but_loose_lines(built) == []
    placed = list(lines_of_blocks(built.artefacts[0].content, blocks, trim))
    assert len({line.page for line, _ in placed}) > 20
    right_mm = {
        side: max(line.right_mm for line, _ in placed if line.page % 2 == side) for side in (0, 1)
    }
    for (line, block), (after, _) in pairwise(placed):
        at_foot = line.page != after.page
        assert not (at_foot and blocks[block].is_heading), f"a stranded heading: {line.text}"
        assert line.right_mm <= max(right_mm.values()) + 0.01
    for block, group in groupby(placed, lambda each: each[1]):
        lines = [line for line, _ in group]
        if not blocks[block].is_heading:
            _check_paragraph(lines)
    chapters = [number for number, block in enumerate(blocks) if block.is_chapter]
    for start, end in pairwise([*chapters, len(blocks)]):
        own = [line for line, block in placed if start <= block < end]
        on_last = [line for line in own if line.page == own[-1].page]
        assert len(on_last) >= 3, f"a chapter ends with {len(on_last)} lines on a page"


def _check_paragraph(lines: list[Line]) -> None:
    pages = [len(list(group)) for _, group in groupby(lines, lambda line: line.page)]
    if len(pages) > 1:
        assert pages[0] >= 2, f"an orphan: {lines[0].text}"
        assert pages[-1] >= 2, f"a widow: {lines[-1].text}"
    em_mm = lines[0].height_mm / 1.37  # Source Serif's height of line, in em
    if len(lines) > 1:
        width = lines[-1].right_mm - lines[-1].left_mm
        assert width >= 1.4 * em_mm, f"a runt: {lines[-1].text}"
    in_a_row = 0
    for line in lines:
        in_a_row = in_a_row + 1 if line.text.endswith("-") else 0
        assert in_a_row <= 2, f"a ladder of hyphens: {line.text}"


def test_a_chapter_that_would_end_with_one_line_ends_well(tmp_path: Path) -> None:
    """Whatever its length: each more word moves the end by a little."""
    author = Author(random.Random(5))
    base = [author.paragraph(90).strip() for _ in range(8)]
    for extra in range(0, 60, 12):
        text = "\n\n".join([*base, author.words(40 + extra).capitalize() + "."])
        path = tmp_path / "end.md"
        path.write_text(f"{head('End', 'chapbook', 'a5')}{text}", "utf-8")
        built = make(path)
        assert [str(finding) for finding in built.findings] == []
