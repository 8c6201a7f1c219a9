"""The patches of foreign libraries: needed, made for what is installed, and off by default."""

from __future__ import annotations

import io
import math
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree.ElementTree import Element, fromstring

import pikepdf
import pytest
from ebooklib import epub
from PIL import Image

from chapbook import weasy
from chapbook.cli import inputs
from chapbook.design import fonts
from chapbook.design.templates import Design, load_templates
from chapbook.layout import patches as of_ziamath
from chapbook.layout.patches.nodes_mnode import WORDS
from chapbook.layout.patches.nodes_mtable import BELOW, BESIDE
from chapbook.model.dom import element
from chapbook.model.patching import Patch, Patches, digest
from chapbook.pipeline import build
from chapbook.weasy import patches as of_weasyprint
from chapbook.weasy.embedded_fonts import subset_tag
from chapbook.writers.epub import patches as of_ebooklib
from tests.cases.test_drawings import DRAWINGS, STOPS, XLINK
from tests.drawn import by_pdfium
from tests.printed import read_lines
from tests.test_lines import draw as draw_paragraph
from tests.test_lines import letters, lines
from tests.unit.test_footnotes import COLUMNS, columns_with_notes

ROOT = Path(__file__).parents[1]
LIBRARIES = {
    "weasyprint": of_weasyprint.VERSION,
    "ziamath": of_ziamath.VERSION,
    "ebooklib": of_ebooklib.VERSION,
}


def name_of(patch: Patch) -> str:
    """As in the table below: `module:Class.attribute`, or `module:attribute`."""
    return f"{patch.owner}{'.' if ':' in patch.owner else ':'}{patch.name}"


# What they were made for ------------------------------------------------------------------------

PATCHES = (*of_weasyprint.PATCHES.patches, *of_ziamath.PATCHES.patches)
SOURCES = {name: each for patch in PATCHES for name, each in patch.written_for.items()}
SOURCES |= of_ebooklib.WRITTEN_FOR


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_patched_is_what_the_patch_was_written_for(name: str) -> None:
    weasy.load()
    assert digest(name) == SOURCES[name], "read the patch again, then renew the digest"


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_lock_has_the_version_that_the_patches_were_written_for(library: str) -> None:
    lock = (ROOT / ".ci/requirements.txt").read_text("utf-8")
    locked = re.search(rf"^{library}==(\S+)", lock, re.MULTILINE | re.IGNORECASE)
    assert locked
    assert locked[1] == LIBRARIES[library] == version(library)


def test_every_patch_says_where_it_is_reported_and_what_it_was_written_for() -> None:
    assert [name_of(each) for each in PATCHES if not (each.reported and each.written_for)] == []


# Whether they are needed ------------------------------------------------------------------------


def draw(css: str, *children: Element, lang: str = "en", **assets: str) -> bytes:
    """A page of *children*; *assets* are drawings by name."""
    page = element("html", element("body", *children), lang=lang)
    families = Design(load_templates(None), "serif").families
    faces = fonts.instances(families, "".join(page.itertext()), lang)
    drawings = {name: (svg.encode(), "image/svg+xml") for name, svg in assets.items()}
    return weasy.draw(page, weasy.Sheet(f"{SHEET}{css}", faces), drawings).pdf


SHEET = """
@page { size: 100pt 60pt; margin: 0 }
body { margin: 0; font: 10pt/12pt 'Source Serif 4' }
img { display: block; width: 100pt; height: 60pt }
"""


def drawn(inside: str, times: int = 1) -> list[Image.Image]:
    """Return the pages of a drawing that is on several pages."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {XLINK} width="100" height="60">{inside}</svg>'
    return by_pdfium(draw("", *(element("img", src="svg") for _ in range(times)), svg=svg))


def ink(picture: Image.Image) -> float:
    """The share of *picture* that is not white."""
    shades = picture.convert("L").histogram()
    return sum(shades[:250]) / sum(shades)


def a_note_leaves_the_page_of_its_call() -> bool:
    words = " ".join("word" for _ in range(12 * 24))
    box = "::: warning\n" + " ".join("boxed" for _ in range(50)) + "\n:::\n"
    head = "---\ntitle: T\nlang: en\nidentifier: urn:x\n---\n\nA.\n\n\\newpage\n\n"
    note = f"[^n]: {'Noted. ' * 30}\n"
    text = f"{head}{words} called.[^n] More.\n\n{note}\n{box}\n{box}\nThe end.\n"
    with TemporaryDirectory() as folder:
        (main := Path(folder, "a.md")).write_text(text, "utf-8")
        built = build(inputs.job(str(main)), ["pdf"])
    printed = read_lines(built.artefacts[0].content)
    called, noted = (
        {line.page for line in printed if word in line.text} for word in ("called", "Noted")
    )
    return called != noted


def chinese_lines_end_before_the_margin() -> bool:
    text = "漢字語言日本，國中文書本。" * 4
    pdf = draw("p { text-align: justify; width: 90pt }", element("p", text), lang="zh")
    ends = [line.right_mm for line in read_lines(pdf)]
    return min(ends[:-1]) < 30  # of 31.75: a character is 3.5 wide


def first_line(paragraph: Element, measure_pt: float) -> str:
    pdf = draw_paragraph(paragraph, measure_pt, "manual")
    printed = letters(pdf, "".join(paragraph.itertext()))
    return "".join(letter.text for letter in lines(list(printed))[0])


def a_line_ends_before_an_inline_box() -> bool:
    words = "Of most stores of records one may ask "
    paragraph = element("p", words, element("em", "for all"), ".")
    return any(first_line(paragraph, measure / 2) == "Of" for measure in range(364, 372))


def an_inline_box_moves_as_a_whole() -> bool:
    box = element("em", "one ", element("strong", "may"))
    return first_line(element("p", "Of most stores of ", box, ", ask."), 124) == "Ofmoststoresof"


def english_is_hyphenated_as_in_britain() -> bool:
    with weasy.patched():
        from weasyprint.text import line_break

        return bool(line_break.pyphen.language_fallback("en") != "en_US")


def fonts_of(pdf: bytes) -> tuple[list[str], list[tuple[str, bytes]]]:
    """The names of the fonts in the first page's stream; tags and bytes of those embedded."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = [*document.pages[0].Resources.Font]
        embedded = [
            (str(item.FontName)[1:7], next(item[n].read_bytes() for n in FILES if n in item))
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        ]
    return names, embedded


FILES = ("/FontFile2", "/FontFile3")


def a_subset_is_named_by_pango() -> bool:
    _, embedded = fonts_of(draw("", element("p", "words")))
    return [tag for tag, _ in embedded] != [subset_tag(content) for _, content in embedded]


def a_font_is_named_by_pango() -> bool:
    names, _ = fonts_of(draw("", element("p", "words")))
    return names != ["/F0"]


def a_footnote_is_no_note() -> bool:
    with weasy.patched():
        from weasyprint.pdf import tags

        return bool(tags._get_pdf_tag("footnote") != "Note")


def hindi_has_no_text_of_its_own() -> bool:
    return b"/ActualText" not in draw("", element("p", "हिन्दी"), lang="hi")


SYMBOL = (
    '<symbol id="s" viewBox="0 0 40 50"><rect width="40" height="50" fill="red"/></symbol>'
    '<use xlink:href="#s" width="30" height="30"/><use xlink:href="#s" x="50"/>'
)


def a_drawing_differs_at_its_second_place() -> bool:
    one, other = drawn(SYMBOL, times=2)
    return one.tobytes() != other.tobytes()


def a_gradient_has_its_colors_once() -> bool:
    left, right = (
        drawn(DRAWINGS["two of one"])[0].crop(box) for box in ((0, 0, 30, 60), (35, 0, 65, 60))
    )
    return left.tobytes() != right.tobytes()


FRAME = '<rect x="10" y="10" width="80" height="40" fill="none" stroke-width="12" stroke="{}"/>'
LEAST = 0.4  # the frame takes 48 % of the drawing


def a_line_with_a_gradient_is_thin() -> bool:
    gradient = f'<linearGradient id="g">{STOPS}</linearGradient>'
    return ink(drawn(gradient + FRAME.format("url(#g)"))[0]) < LEAST


def a_line_with_a_pattern_is_thin() -> bool:
    pattern = '<pattern id="p" width="1" height="1"><rect width="99" height="99"/></pattern>'
    return ink(drawn(pattern + FRAME.format("url(#p)"))[0]) < LEAST


WEASYPRINT: Mapping[Callable[[], bool], str] = {  # what happens without these patches
    a_note_leaves_the_page_of_its_call: "weasyprint.layout:LayoutContext.current_page_footnotes "
    "weasyprint.layout:LayoutContext._update_footnote_area",
    chinese_lines_end_before_the_margin: "weasyprint.layout.inline:justify_line",
    a_line_ends_before_an_inline_box: "weasyprint.layout.inline:split_first_line",
    an_inline_box_moves_as_a_whole: "weasyprint.layout.inline:can_break_inside",
    english_is_hyphenated_as_in_britain: "weasyprint.text.line_break:pyphen",
    a_subset_is_named_by_pango: "weasyprint.pdf.fonts:Font.clean",
    a_font_is_named_by_pango: "weasyprint.pdf.stream:Stream.add_font",
    a_footnote_is_no_note: "weasyprint.pdf.tags:_get_pdf_tag",
    hindi_has_no_text_of_its_own: "weasyprint.draw.text:draw_first_line",
    a_drawing_differs_at_its_second_place: "weasyprint.images:SVGImage.__init__ "
    "weasyprint.images:SVGImage.draw",
    a_gradient_has_its_colors_once: "weasyprint.svg:Node.override_iter",
    a_line_with_a_gradient_is_thin: "weasyprint.svg:draw_gradient",
    a_line_with_a_pattern_is_thin: "weasyprint.svg:draw_pattern",
}


FIXED_BY_PANGO = {
    a_line_ends_before_an_inline_box: 1_51_02  # “Fix problems with spaces at line ends”
}  # the first version that does it right, as `pango_version` writes it


def pango_version() -> int:
    """The version of Pango in use: 1.50.12 is 15012."""
    from weasyprint.text.ffi import pango

    return int(pango.pango_version())


def without(patches: Patches, names: str) -> Patches:
    kept = [each for each in patches.patches if name_of(each) not in names.split()]
    assert len(kept) + len(names.split()) == len(patches.patches)
    return Patches(*kept)


@pytest.mark.parametrize("fault", WEASYPRINT, ids=lambda fault: fault.__name__)
def test_weasyprint_needs_the_patch(
    fault: Callable[[], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not fault()
    fewer = without(of_weasyprint.PATCHES, WEASYPRINT[fault])
    monkeypatch.setattr(weasy, "patched", fewer.on)
    needed = pango_version() < FIXED_BY_PANGO.get(fault, math.inf)
    assert fault() == needed, "WeasyPrint or Pango does it right: remove the patch"


def test_columns_with_notes_are_set_as_weasyprint_sets_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = columns_with_notes()
    families = Design(load_templates(None), "serif").families
    sheet = weasy.Sheet(COLUMNS, fonts.instances(families, "".join(page.itertext())))
    ours = weasy.draw(page, sheet).pdf
    names = WEASYPRINT[a_note_leaves_the_page_of_its_call]
    monkeypatch.setattr(weasy, "patched", without(of_weasyprint.PATCHES, names).on)
    assert weasy.draw(page, sheet).pdf == ours


def test_every_patch_of_weasyprint_has_a_fault() -> None:
    listed = sorted(name for names in WEASYPRINT.values() for name in names.split())
    assert listed == sorted(name_of(each) for each in of_weasyprint.PATCHES.patches)


CELL = f'<mtd class="{BESIDE} {BELOW}"><mi>a</mi></mtd><mtd><mi>b</mi></mtd>'
TABLE = f"<math><mtable><mtr>{CELL}</mtr><mtr>{CELL}</mtr></mtable></math>"


def a_table_has_no_rules() -> bool:
    svg = drawn_formula(TABLE)
    return drawn_formula(TABLE.replace(BESIDE, "").replace(BELOW, "")) == svg


def drawn_formula(mathml: str) -> str:
    with of_ziamath.patched() as ziamath:
        return str(ziamath.Math(mathml, size=14).svg())


def words_are_not_drawn() -> bool:
    svg = fromstring(drawn_formula(f'<math><{WORDS} lang="he">שלום</{WORDS}></math>'))
    return svg.find(".//{http://www.w3.org/2000/svg}path") is None


ZIAMATH: Mapping[Callable[[], bool], str] = {
    a_table_has_no_rules: "ziamath.nodes.mtable:Mtable._setup",
    words_are_not_drawn: "ziamath.nodes.mnode:_node_classes",
}


@pytest.mark.parametrize("fault", ZIAMATH, ids=lambda fault: fault.__name__)
def test_ziamath_needs_the_patch(
    fault: Callable[[], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not fault()
    monkeypatch.setattr(of_ziamath, "PATCHES", without(of_ziamath.PATCHES, ZIAMATH[fault]))
    assert fault(), "ziamath does it right: remove the patch"


def test_every_patch_of_ziamath_has_a_fault() -> None:
    assert sorted(ZIAMATH.values()) == sorted(name_of(each) for each in of_ziamath.PATCHES.patches)


def test_ebooklib_needs_its_patch() -> None:
    """Check what EbookLib writes by itself: each line is a fault that the patch corrects."""
    book = epub.EpubBook()
    book.set_identifier("x")
    book.add_item(epub.EpubNcx())
    book.add_item(epub.EpubHtml(title="A", file_name="a.xhtml", content="<p>A</p>"))
    packed = io.BytesIO()
    writer = epub.EpubWriter(packed, book, {"raise_exceptions": True})
    writer.process()
    writer.write()
    with zipfile.ZipFile(packed) as archive:
        assert archive.getinfo("mimetype").date_time != of_ebooklib.ZIP_EPOCH
        package = archive.read("EPUB/content.opf")
        assert b"prefix=" in package
        assert b"xml:lang=" not in package
        assert b'<meta content="0" name="dtb:depth"/>' in archive.read("EPUB/toc.ncx")


# Off by default ---------------------------------------------------------------------------------

SCRIPT = """
import sys
import ebooklib.epub, weasyprint, ziamath.zmath

def state():
    found = {}
    for name, module in sorted(sys.modules.items()):
        if name.partition(".")[0] in ("ebooklib", "weasyprint", "ziafont", "ziamath"):
            for key, value in vars(module).items():
                if key == "__warningregistry__":
                    continue
                found[name, key] = value
                if isinstance(value, type):
                    found |= {(name, key, each): held for each, held in vars(value).items()}
                if key == "_node_classes":
                    found |= {(name, key, each): held for each, held in value.items()}
    return found

def changed():
    after, known = state(), {name for name, *_ in before}
    return sorted(
        ":".join(key)
        for key in {*before, *after}
        if key[0] in known
        and before.get(key) is not after.get(key)
        and not (key not in before and isinstance(after[key], type(sys)))  # a module below it
    )

before = state()
import chapbook.layout.formula_drawings, chapbook.layout.patches
import chapbook.pipeline, chapbook.weasy, chapbook.writers.epub.writer
from chapbook.cli import inputs
print("imported", *changed())
with chapbook.weasy.patched(), chapbook.layout.patches.patched():
    print("within", len(changed()))
chapbook.pipeline.build(inputs.job(sys.argv[1]), ["pdf", "epub", "html"])
print("built", *changed())
"""
TEXT = """---
title: T
lang: en
---

A note[^n] and $\\begin{array}{c|c} a & b \\end{array}$.

[^n]: B.
"""


def test_importing_and_building_leave_the_libraries_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(TEXT, "utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "a.md")],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    imported, within, built = ran.stdout.splitlines()
    assert imported == "imported"
    assert int(within.split()[1]) >= len(PATCHES)
    assert built == "built"
