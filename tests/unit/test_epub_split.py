import io
import re
import zipfile
from itertools import pairwise
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring, tostring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapbook.checks import reports
from chapbook.cli import inputs
from chapbook.design.templates import Design
from chapbook.model.document import Note
from chapbook.model.dom import HEADINGS, classes, to_xhtml
from chapbook.model.errors import Code, Severity
from chapbook.pipeline import publish
from chapbook.writers.epub.chapters import LARGEST_BYTES
from chapbook.writers.epub.epub_split import CONTINUED, Divided, divide
from chapbook.writers.epub.writer import write_epub

LIMIT = 1500


def text(tree: Element) -> str:
    return "".join(tree.itertext())


def divided(markup: str, limit: int = LIMIT) -> Divided:
    return divide(fromstring(markup), {}, limit)


def sizes(parts: Divided) -> list[int]:
    return [len(to_xhtml(tree).encode()) for tree in parts.trees]


def words(count: int) -> str:
    return " ".join(f"word{number}" for number in range(count))


def paragraphs(*sizes: int) -> str:
    return "".join(f"<p>{words(size)}</p>" for size in sizes)


def blocks() -> st.SearchStrategy[str]:
    """Markup of blocks in blocks, numbered words in them, of the sizes that make trouble."""
    line = st.builds(words, st.integers(1, 60))
    leaf = st.one_of(
        line.map("<p>{}</p>".format),
        st.lists(line, min_size=1, max_size=30).map(
            lambda lines: "<pre><code>{}</code></pre>".format("\n".join(lines))
        ),
        st.lists(line, min_size=1, max_size=12).map(
            lambda cells: (
                "<table><colgroup><col/></colgroup><thead><tr><th>head</th></tr></thead><tbody>{}</tbody></table>".format(
                    "".join(f"<tr><td>{cell}</td></tr>\n" for cell in cells)
                )
            )
        ),
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=6).map(
                lambda parts: f"<section><h2>A heading</h2>{''.join(parts)}</section>"
            ),
            st.lists(inner, min_size=1, max_size=6).map(
                lambda parts: "<ol>{}</ol>".format("".join(f"<li>{part}</li>" for part in parts))
            ),
            st.lists(inner, min_size=1, max_size=4).map(
                lambda parts: f"<blockquote>{''.join(parts)}</blockquote>"
            ),
        ),
        max_leaves=12,
    )


@given(st.lists(blocks(), min_size=1, max_size=6))
def test_every_word_is_kept_once_in_its_place_and_no_tree_is_too_large(parts: list[str]) -> None:
    tree = fromstring(f"<article>{''.join(parts)}</article>")
    for number, node in enumerate(tree.iter()):
        node.set("id", f"n{number}")
    wanted, ids = text(tree), [node.get("id") for node in tree.iter()]
    result = divide(fromstring(tostring(tree)), {}, LIMIT * 3)
    assert "".join(map(text, result.trees)) == wanted
    assert [
        name for each in result.trees for node in each.iter() if (name := node.get("id"))
    ] == ids
    for size, part in zip(sizes(result), result.trees, strict=True):
        assert size <= LIMIT * 3 or any(node in part.iter() for node in result.oversized)
        assert text(part).strip()
    for node in (each for part in result.trees[1:] for each in part.iter()):
        is_repeated = node.tag in ("colgroup", "col")  # which hold no words
        assert (CONTINUED in classes(node)) != ("id" in node.attrib) or is_repeated
    for before, _ in pairwise(result.trees):
        assert last(before).tag not in HEADINGS, "a heading stays with what it heads"


def last(tree: Element) -> Element:
    return last(tree[-1]) if len(tree) and not (tree[-1].tail or "").strip() else tree


def test_what_is_small_stays_whole() -> None:
    tree = fromstring(f"<article>{paragraphs(3)}</article>")
    assert divide(tree, {}, LIMIT).trees == (tree,)


def test_sections_are_parted_before_blocks_are() -> None:
    sections = [f'<section id="s{n}"><h2>S</h2>{paragraphs(20, 20)}</section>' for n in range(9)]
    result = divided(f"<section><h2>Whole</h2>{''.join(sections)}</section>")
    assert len(result.trees) == 3
    for part in result.trees:
        assert [CONTINUED in classes(section) for section in part] == [False] * len(part)
        assert all(len(section) == 3 for section in part if section.tag == "section")


def test_a_large_section_begins_a_tree_of_its_own() -> None:
    small, large = paragraphs(30, 30), paragraphs(*[40] * 9)
    result = divided(
        f"<article><section><h2>A</h2>{small}</section>"
        f"<section><h2>B</h2>{large}</section></article>"
    )
    assert [part[0][0].text for part in result.trees][:2] == ["A", "B"]


def test_the_marker_of_a_page_stays_with_what_begins_it() -> None:
    marker = '<span class="cb-page-break" id="page-{}"/>'
    markup = "".join(f"{marker.format(n)}<p>{words(40)}</p>" for n in range(20))
    for part in divided(f"<article>{markup}</article>").trees:
        assert last(part).tag == "p"
        assert part[0].tag == "span"


def test_notes_count_where_they_are_called() -> None:
    call = '<p><a class="cb-noteref" id="noteref-{0}">{0}</a></p>'
    tree = fromstring(f"<article>{''.join(call.format(n) for n in range(1, 9))}</article>")
    notes = {
        f"noteref-{n}": Note(n, fromstring(f"<div>{paragraphs(60)}</div>")) for n in range(1, 9)
    }
    result = divide(tree, notes, LIMIT)
    assert [len(list(part.iter("a"))) for part in result.trees] == [1] * 8
    assert not result.oversized


def test_a_numbered_list_goes_on_counting() -> None:
    items = "".join(f"<li>{words(30)}</li>" for _ in range(20))
    first, second, *_ = divided(f'<article><ol start="5" id="o">{items}</ol></article>').trees
    assert second[0].get("start") == str(5 + len(first[0]))
    assert "id" not in second[0].attrib


def test_the_rows_of_a_tall_cell_stay_together() -> None:
    rows = (
        f'<tr><td rowspan="3">{words(5)}</td><td>a</td></tr><tr><td>b</td></tr><tr><td>c</td></tr>'
    )
    result = divided(f"<article><table><tbody>{rows * 30}</tbody></table></article>")
    assert len(result.trees) > 2
    for part in result.trees:
        assert len(list(part.iter("tr"))) % 3 == 0
    assert len(result.cut_blocks) == 1


def test_a_listing_is_cut_at_lines_and_never_before_an_empty_one() -> None:
    lines = "".join(f"line {n}\n\n\n" for n in range(300))
    result = divided(f'<article><pre class="python"><code>{lines}</code></pre></article>')
    assert len(result.trees) > 2
    for part in result.trees:
        assert re.match(r"line \d+\n", text(part))
        assert part[0].tag == "pre"
        assert part[0][0].tag == "code"


@pytest.mark.parametrize(
    "block",
    [
        f"<p>{words(400)}</p>",
        f"<figure>{paragraphs(400)}</figure>",
        f"<dl><dt>t</dt><dd>{words(400)}</dd></dl>",
    ],
)
def test_what_cannot_be_divided_stays_whole_and_is_reported(block: str) -> None:
    result = divided(f"<article>{paragraphs(5)}{block}{paragraphs(5)}</article>")
    assert len(result.oversized) == 1
    assert max(sizes(result)) > LIMIT > sorted(sizes(result))[-2]


def test_a_divided_book_is_read_back_as_if_it_were_one(tmp_path: Path) -> None:
    rows = "\n".join(f"| {n} | {words(12)} |" for n in range(2500))
    code = "\n".join(f"line_{n} = {words(4)}" for n in range(4500))
    items = "\n".join(f"{n}. {words(20)}\n" for n in range(1, 1200))
    quote = "\n>\n".join([f"> {words(60)}"] * 400)
    table = f"| n | what |\n|---|---|\n{rows}\n\nTable: A long caption"
    blocks = [
        f"# T\n\n[T](#c)\n\n{table}",
        f"# C\n\n```\n{code}\n```",
        f"# L\n\n{items}",
        f"# Q\n\n{quote}",
    ]
    path = tmp_path / "long.md"
    path.write_text("---\ntitle: Long\nlang: en\n---\n\nA word.\n\n" + "\n\n".join(blocks), "utf-8")
    job = inputs.job(str(path))
    publication = publish(job)
    artefact = write_epub(publication, Design(job.templates, "serif"))
    (finding,) = artefact.findings
    assert (finding.code, finding.severity) == (Code.DOCUMENT_SIZE, Severity.NOTE)
    assert finding.where is not None
    assert (
        path.read_text("utf-8").splitlines()[(finding.where.line or 0) - 1]
        == "Table: A long caption"
    )
    (report,) = reports(job, {tmp_path / "long.epub": artefact.content})
    assert report.findings == ()
    with zipfile.ZipFile(io.BytesIO(artefact.content)) as packed:
        lengths = [each.file_size for each in packed.infolist() if "text" in each.filename]
    assert len(lengths) > 3
    assert max(lengths) <= LARGEST_BYTES
