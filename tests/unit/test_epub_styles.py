"""The styles of the finished EPUB: nothing that old reading systems cannot use."""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
import tinycss2
from fontTools.ttLib import TTFont

from chapbook.checks.reading_systems import examine
from chapbook.cli import inputs
from chapbook.design.templates import Design
from chapbook.model.errors import Code
from chapbook.pipeline import Job, publish
from chapbook.writers.epub.chapters import cut
from chapbook.writers.epub.writer import write_epub

ROOT = Path(__file__).parents[2]
XHTML = "{http://www.w3.org/1999/xhtml}"
CASES = ("book", "code", "figures", "lists", "math", "notes", "quotes", "tables")
STYLE_CODES = {
    Code.STYLE_INLINE,
    Code.CSS_LAYOUT,
    Code.CSS_FIXED_SIZE,
    Code.CSS_COLOR,
    Code.CSS_OVERRIDE,
    Code.IMAGE_PIXELS,
    Code.SVG_FALLBACK,
    Code.DOCUMENT_SIZE,
}
LAYOUT = {"flex", "inline-flex", "grid", "inline-grid", "absolute", "fixed", "sticky"}
ABSOLUTE = {"px", "pt", "pc", "in", "cm", "mm", "q"}

WIDE = """---
title: Wide
lang: en
{more}
---

| {head} |
|{rule}|
| {row} |

Some *emphasis*, **weight** and `code`.
"""


def wide_manuscript(folder: Path, more: str = "", columns: int = 12) -> Job:
    path = folder / "wide.md"
    heads = [f"Column{number}" for number in range(columns)]
    rows = [f"cellnumber{number}" for number in range(columns)]
    rule = "|".join(["---"] * columns)
    text = WIDE.format(more=more, head=" | ".join(heads), rule=rule, row=" | ".join(rows))
    path.write_text(text, "utf-8")
    return inputs.job(str(path))


def built(job: Job) -> bytes:
    publication = publish(job)
    return write_epub(publication, Design(job.templates, publication.metadata.theme)).content


def files_of(content: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def declarations(nodes: list[tinycss2.ast.Node]) -> list[tinycss2.ast.Declaration]:
    result = []
    for node in nodes:
        assert node.type != "error", node
        if node.type == "qualified-rule" or (
            node.type == "at-rule" and node.lower_at_keyword == "font-face"
        ):
            inner = tinycss2.parse_blocks_contents(node.content, skip_whitespace=True)
            result += [each for each in inner if each.type == "declaration"]
        elif node.type == "at-rule":
            # Rules in it only add: without them nothing is lost.
            assert node.lower_at_keyword == "supports"
            assert "not" not in tinycss2.serialize(node.prelude).split()
            result += declarations(
                tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
            )
    return result


@pytest.mark.parametrize("case", [*CASES, "essay"])
def test_the_finished_book_asks_nothing_that_old_readers_do_not_bear(case: str) -> None:
    path = ROOT / "tests/golden" / case / "manuscript.md"
    path = ROOT / "source/security-assistance.md" if case == "essay" else path
    content = built(inputs.job(str(path)))
    assert [fault for fault in examine(content) if fault.code in STYLE_CODES] == []
    files = files_of(content)
    sheet = files["EPUB/style.css"].decode()
    rules = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
    for declaration in declarations(rules):
        text = tinycss2.serialize(declaration.value).strip()
        units = {token.lower_unit for token in declaration.value if token.type == "dimension"}
        assert not units & ABSOLUTE, f"{declaration.name}: {text}"
        assert not {*text.lower().split()} & LAYOUT, f"{declaration.name}: {text}"
        assert declaration.name != "position"  # all readers float, even Adobe's of 2007
        assert not declaration.important
    for name, page in files.items():
        if name.endswith(".xhtml"):
            assert_page_is_plain(fromstring(page))


def assert_page_is_plain(root: Element) -> None:
    for node in root.iter():
        assert "style" not in node.attrib
        assert node.tag not in {f"{XHTML}style", f"{XHTML}script", f"{XHTML}font"}


def test_images_shrink_to_the_screen_and_keep_their_shape() -> None:
    sheet = files_of(built(inputs.job(str(ROOT / "tests/golden/figures/manuscript.md"))))
    assert re.search(r"img \{ max-width: 100%; height: auto; \}", sheet["EPUB/style.css"].decode())


def test_a_table_that_no_small_screen_holds_names_each_cells_column(tmp_path: Path) -> None:
    job = wide_manuscript(tmp_path)
    text = fromstring(files_of(built(job))["EPUB/text.xhtml"])
    (table,) = text.iter(f"{XHTML}table")
    assert {"cb-wide", "cb-stacked"} <= set(table.get("class", "").split())
    cells = list(table.iter(f"{XHTML}td"))
    assert [cell.get("data-column") for cell in cells] == [f"Column{n}" for n in range(12)]
    assert {cell.get("role") for cell in cells} == {"cell"}
    assert {cell.get("role") for cell in table.iter(f"{XHTML}th")} == {"columnheader"}
    narrow = wide_manuscript(tmp_path, columns=3)
    (table,) = fromstring(files_of(built(narrow))["EPUB/text.xhtml"]).iter(f"{XHTML}table")
    assert "cb-stacked" not in table.get("class", "")
    assert "role" not in table.attrib


def test_the_document_itself_is_not_changed_by_what_the_epub_needs(tmp_path: Path) -> None:
    document = publish(wide_manuscript(tmp_path)).document
    before = [dict(node.attrib) for node in document.body.iter()]
    cut(document)
    assert [dict(node.attrib) for node in document.body.iter()] == before


@pytest.mark.parametrize("theme", ["serif", "plain"])
def test_faces_are_embedded_where_they_are_asked_for_and_nowhere_else(
    tmp_path: Path, theme: str
) -> None:
    bare = files_of(built(wide_manuscript(tmp_path, f"theme: {theme}")))
    assert not [name for name in bare if name.startswith("EPUB/fonts/")]
    assert b"@font-face" not in bare["EPUB/style.css"]
    files = files_of(built(wide_manuscript(tmp_path, f"theme: {theme}\nfonts: embed")))
    sheet = files["EPUB/style.css"].decode()
    named = re.findall(r"@font-face \{[^}]*url\((fonts/[^)]+)\)", sheet)
    assert {f"EPUB/{name}" for name in named} == {
        name for name in files if name.startswith("EPUB/fonts/")
    }
    assert len(named) >= 4
    package = files["EPUB/content.opf"].decode()
    for name in named:
        assert re.search(rf'href="{name}"[^>]*media-type="font/ttf"', package)
        with TTFont(io.BytesIO(files[f"EPUB/{name}"])) as face:
            assert face["maxp"].numGlyphs < 600, "cut to the text"
            assert {ord("c"), ord("e")} <= set(face.getBestCmap()) or "mono" not in name
    families = set(re.findall(r'@font-face \{ font-family: "([^"]+)"', sheet))
    used = re.findall(r'(?<!\{ )font-family: "([^"]+)"', sheet)
    assert used
    assert set(used) <= families
    assert "displayTransformability" in package
