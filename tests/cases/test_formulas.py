"""Formulas: every symbol of their TeX is there in every format, or its loss is a finding."""

from __future__ import annotations

import zipfile
from collections import Counter
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from lxml import etree

from chapbook.checks.drawn_formulas import UNKNOWN, undrawn
from chapbook.checks.read_pdf import read_pdf
from chapbook.design.templates import load_templates
from chapbook.layout.formula_drawings import draw_formulas
from chapbook.layout.shaping import NoGlyph, outlines
from chapbook.model.errors import Code
from chapbook.model.plain_text import formula_text
from chapbook.pipeline import Job, publish
from chapbook.reading.manuscript import decode
from chapbook.reading.tex_symbols import asked
from tests.cases import Built, build_case, build_text, words
from tests.cases.drawn import bands, page_picture

PATH = pypdfium2.raw.FPDF_PAGEOBJ_PATH
COMMON = (Path(__file__).parents[1] / "formulas.txt").read_text("utf-8").splitlines()

HEAD = """---
title: Formulas
lang: en
identifier: urn:uuid:00000000-0000-4000-8000-0000aaaa0000
---

"""
H = "{http://www.w3.org/1999/xhtml}"
M = "{http://www.w3.org/1998/Math/MathML}"


def formulas(built: Built) -> list[Any]:
    """The formulas of the EPUB, then those of the web page."""
    trees = [*built.epub_documents.values(), built.html.getroot()]
    return [math for tree in trees for math in tree.iter(f"{M}math")]


def symbols(math: Any) -> str:
    return "".join(text for node in math.iter() for text in own_text(node))


def own_text(node: Any) -> list[str]:
    return (
        [node.text or ""]
        if node.tag in {f"{M}{tag}" for tag in ("mi", "mn", "mo", "mtext")}
        else []
    )


# Limits -------------------------------------------------------------------------------------------

SCRIPTS = ("h→0", "θ∈Θ", "0<t<1", "n(n+1)/2", "=0")


def test_limits_stay_below_their_operators() -> None:
    built = build_case("math-limits")
    assert built.findings == built.check_findings == ()
    for script in SCRIPTS:
        shown = [
            node
            for math in formulas(built)
            for node in math.iter(f"{M}munder", f"{M}mover", f"{M}munderover")
            if symbols(node[-1]) == script
        ]
        assert len(shown) == 2, script  # the EPUB's and the web page's
    assert not built.xpath("//*[local-name()='menclose']")


MORE = (
    (r"\max_{x \in X} f(x)", "x∈X"),
    (r"\liminf_{n \to \infty} a_n", "n→∞"),
    (r"\operatorname*{ess\,sup}_{t > 0} g", "t>0"),
    (r"\underbrace{x + y}_{\text{two}} ", "two"),
    (r"\underset{i+1}{\overline{AB}}", "i+1"),
)


@cache
def more_limits() -> Built:
    return build_text(HEAD + "".join(f"$$ {tex} $$\n\n" for tex, _ in MORE))


def test_a_script_of_several_signs_is_kept() -> None:
    assert more_limits().findings == more_limits().check_findings == ()
    for math, (_, script) in zip(formulas(more_limits()), MORE * 2, strict=True):
        assert script in {symbols(node[-1]) for node in math.iter(f"{M}munder", f"{M}mover")}


def test_print_draws_the_limits() -> None:
    """Check for ink below the first operator, smaller than a line and larger than a rule."""
    picture = page_picture(build_case("math-limits"))
    heights = [end - start for start, end in bands(picture)]
    title, rule, words, derivative, limit, *_ = heights
    assert rule < 5 < limit <= words < title
    assert derivative > 2 * limit


# Tags ---------------------------------------------------------------------------------------------

TAGS = ("(1.a)", "(A1)", "(A2)", "(7b)")


def in_margin(built: Built) -> list[list[str]]:
    """The words beside equations, in the EPUB and in the web page."""
    numbers = [
        [" ".join(words(node).split()) for node in tree.iter(f"{H}span") if is_number(node)]
        for tree in (*built.epub_documents.values(), built.html.getroot())
    ]
    return [each for each in numbers if each]


def is_number(node: Any) -> bool:
    return bool(node.get("class") == "cb-equation-number")


def test_every_tag_stands_in_the_margin() -> None:
    built = build_case("math-tag")
    assert built.findings == built.check_findings == ()
    assert in_margin(built) == [["(1.a)", "(A1) (A2)", "(7b)"]] * 2
    assert all(math.getparent().get("class") for math in formulas(built))
    assert not any(tag.strip("()") in symbols(math) for tag in TAGS for math in formulas(built))
    with pypdfium2.PdfDocument(built.files["pdf"]) as document:
        page = document[0]
        text = page.get_textpage()
        right = max(text.get_charbox(index)[2] for index in range(text.count_chars()))
        for tag in TAGS:
            first = text.search(tag).get_next()
            assert first is not None
            assert abs(text.get_charbox(sum(first) - 1)[2] - right) < 2  # points


@cache
def more_tags() -> Built:
    return build_text(
        HEAD
        + r"""$$ \begin{gather} a = b \tag{$\ast$} \\ c = d \\ e = f \tag*{Euler} \end{gather} $$

$$ \tag{9} x = y $$

$$ x = y \tag{3.b} $$ {#eq:one}

$$ x = z $$ {#eq:two}

See @eq:one and @eq:two.
"""
    )


def test_a_tag_is_the_number_by_which_an_equation_is_referred_to() -> None:
    built = more_tags()
    assert built.findings == built.check_findings == ()
    assert in_margin(built) == [["(*) Euler", "(9)", "(3.b)", "(1)"]] * 2
    assert "See Equation 3.b and Equation 1." in built.texts["html"]


# Whatever else a converter drops ------------------------------------------------------------------


def job(markdown: str) -> Job:
    manuscript = decode("main.md", "main", (HEAD + markdown).encode())
    return Job(manuscript, None, {}, load_templates(None))


def losses(markdown: str) -> list[str]:
    document = publish(job(markdown)).document
    return [f"{each.where}: {each.message}" for each in document.findings]


@pytest.mark.parametrize(
    ("tex", "message"),
    [
        (r"x = y \label{eq:a}", "write {#eq:name} after the closing $$"),
        (r"\color{red} x + y", "the colors are left out"),
        (r"x + \textcolor{blue}{y}", "the colors are left out"),
        (r"\begin{array}{c@{x}c} a & b \end{array}", "between the columns is left out"),
        (r"x = y \tag{\ref{z}}", r"\ref is not known"),
    ],
)
def test_what_is_dropped_is_reported_with_its_line(tex: str, message: str) -> None:
    [reported] = losses(f"Words.\n\n$$ {tex} $$\n")
    assert reported.startswith("main.md:9: ")
    assert message in reported


@pytest.mark.parametrize("environment", ["aligned", "gathered", "pmatrix*"])
def test_the_placement_of_an_environment_is_not_printed(environment: str) -> None:
    tex = rf"\begin{{{environment}}}[r] a \\ b \end{{{environment}}}".replace("[r]", "[t]")
    [math] = publish(job(f"$${tex}$$")).document.body.iter("math")
    assert "t" not in "".join(node.text or "" for node in math.iter("mi"))


def test_no_symbol_of_common_formulas_is_lost() -> None:
    assert losses(r"$$\varlimsup_n x \varinjlim y$$") == []
    for tex in ("x", r"\alpha", r"\frac{a}{b}", r"\sqrt[3]{x}", r"\not\in", r"a''", r"\hat{x}"):
        assert asked(tex)
    assert asked(r"\lim_{h \to 0} \frac{f}{h}") == Counter("limh→0fh")
    assert asked(r"\text{if $x$} \begin{array}{lr} a \end{array} \left. b \right|") == Counter(
        "ifxab|"
    )
    assert [
        item for item in losses("\n\n".join(f"$${tex}$$" for tex in COMMON)) if "lost" in item
    ] == []


# Headings -----------------------------------------------------------------------------------------

HEADINGS = (
    "1 Why 1/2 is not 12",
    "1.1 Water at 10³ Pa and CO₂ at 10⁻³ mol",
    "2 Functions on ℝⁿ",
    "3 Three",
)


def bookmarks(built: Built) -> list[str]:
    with pypdfium2.PdfDocument(built.files["pdf"]) as document:
        return [entry.get_title() for entry in document.get_toc()]


def ncx_labels(built: Built) -> list[str]:
    with zipfile.ZipFile(BytesIO(built.files["epub"])) as package:
        ncx = etree.fromstring(package.read("EPUB/toc.ncx"))
    return [node.text or "" for node in ncx.iterfind(".//{*}navMap//{*}text")]


def entries(built: Built) -> list[list[str]]:
    """The lines of the EPUB's contents and of the web page's."""
    navs = built.xpath("//h:nav[@epub:type='toc'] | //h:nav[@class='cb-contents']")
    return [[words(link).strip() for link in nav.iter(f"{H}a")] for nav in navs]


def test_a_heading_keeps_its_meaning_wherever_it_is_copied() -> None:
    built = build_case("heading-math")
    assert built.findings == built.check_findings == ()
    assert bookmarks(built) == ["Halves", *HEADINGS]
    assert ncx_labels(built) == list(HEADINGS)
    assert entries(built) == [list(HEADINGS)] * 2
    titles = [tree.findtext(f".//{H}title") for tree in built.epub_documents.values()]
    assert titles[-3:] == [HEADINGS[0], HEADINGS[2], HEADINGS[3]]
    contents = next(text for text in built.pdf_pages if text.startswith("Contents"))
    assert all(heading in contents for heading in HEADINGS)


@cache
def more_headings() -> Built:
    return build_text(
        r"""---
title: "At 10^3^ Pa"
subtitle: "On x^2^"
lang: en
identifier: urn:uuid:00000000-0000-4000-8000-0000aaaa0000
---

# The 1^st^ and XIX^e^ of 2^n^ with x~i+1~

Text with ℤ, which no face of letters has.

# $\forall x: \sqrt[3]{x} \ne \binom{n}{k}$[^1]

## Near $\lim_{x\to 0} \frac{a+b}{c}$ and *10^-3^*

Text.

[^1]: Note.
"""
    )


def test_roots_binomials_limits_and_scripts_stay_readable_on_a_line() -> None:
    built = more_headings()
    assert built.findings == built.check_findings == ()
    headings = [
        "The 1st and XIXe of 2ⁿ with x_(i+1)",
        "∀x : ³√x ≠ (n¦k)",
        "Near lim_(x → 0) (a + b)/c and 10⁻³",
    ]
    assert bookmarks(built) == ["At 10³ Pa", *headings]
    assert entries(built) == [headings] * 2
    assert built.html.findtext(f".//{H}title") == "At 10³ Pa: On x²"
    assert "10<sup>3</sup>" in built.files["html"].decode()  # where markup is, it stays


@pytest.mark.parametrize(
    ("tex", "line"),
    [
        (r"\frac{1}{2}x", "(1/2)x"),
        (r"e^{i\pi}", "e^(iπ)"),
        (r"x_i^2", "x_i²"),
        (r"\sqrt{x+1}", "√(x + 1)"),
        (r"\hat{x}", "x̂"),
        (r"n \log n", "n log n"),
        (r"\sum_{i=1}^n i", "∑_(i = 1)ⁿ i"),
        (r"f''(90^\circ)", "f″(90°)"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "(a b; c d)"),
    ],
)
def test_a_formula_on_one_line(tex: str, line: str) -> None:
    [math] = publish(job(f"${tex}$")).document.body.iter("math")
    assert formula_text(math) == line


# Captions -----------------------------------------------------------------------------------------


def test_a_formula_in_a_caption_is_no_difference() -> None:
    built = build_case("math-in-caption")
    assert built.findings == built.check_findings == ()
    alternatives = {image.get("alt") for image in built.xpath("//h:img[contains(@alt, 'curve')]")}
    assert alternatives == {"The curve y = x^2 at rest"}


def test_formulas_and_scripts_in_descriptions_and_panels() -> None:
    picture = (Path(__file__).parent / "math-in-caption" / "one.png").read_bytes()
    panels = (
        "::: {#fig:two}\n![At $x_1$](one.png)\n\n![At 10^-3^ m](one.png)\n\nBoth of $f$.\n:::\n\n"
        "Inline ![of $\\alpha$ and 10^3^](one.png) here.\n\nSee @fig:two.\n"
    )
    built = build_text(HEAD + panels, **{"one.png": picture})
    assert built.check_findings == ()
    # The picture in the line is wide, and the line before it short: the reading of proofs says so.
    assert {finding.code for finding in built.findings} <= {Code.TYPESETTING}
    alternatives = [image.get("alt") for image in built.xpath("//h:article//h:img")]
    assert alternatives == ["At x_1", "At 10⁻³ m", r"of \alpha and 10³"] * 2


# Other scripts ------------------------------------------------------------------------------------


def test_words_of_other_scripts_are_shaped_and_drawn() -> None:
    built = build_case("math-text-scripts")
    assert built.findings == built.check_findings == ()
    text = "".join(symbols(math) for math in formulas(built))
    assert all(word in text for word in ("путь", "面積", "ただし", "مساحة", "क्षेत्रफल", "שטח"))
    with pypdfium2.PdfDocument(built.files["pdf"]) as document:
        drawn = [item for item in document[0].get_objects(max_depth=9) if item.type == PATH]
    assert len(drawn) >= 25  # each letter of the face of formulas, and each word in another


def test_hebrew_and_arabic_are_drawn_from_right_to_left() -> None:
    word, last = outlines("שטח", "en"), outlines("ח", "en")
    assert word.steps[: len(last.steps)] == last.steps
    joined, apart = outlines("مساحة", "ar"), sum(outlines(each, "ar").advance for each in "مساحة")
    assert joined.advance < 0.9 * apart
    assert outlines("क्ष", "hi").advance < sum(outlines(each, "hi").advance for each in "कष")


def test_a_character_that_no_face_has_is_reported_with_its_line() -> None:
    with pytest.raises(NoGlyph, match=r"U\+16A0"):
        outlines("ᚠ", "en")
    document = publish(job("Words.\n\nA rune $\\text{ᚠ} = 1$.\n")).document
    _, [result] = draw_formulas(document.body, document.manuscript, 10)
    assert "main.md:9: " in str(result)
    assert "no face has a glyph for “ᚠ” (U+16A0)" in str(result)


# The check ----------------------------------------------------------------------------------------


def test_the_check_reads_every_symbol_of_common_formulas_in_every_format() -> None:
    numbered = "\n\n".join(f"Nr. {number}: $${tex}$$" for number, tex in enumerate(COMMON))
    assert build_text(HEAD + numbered).check_findings == ()


def test_the_check_shows_which_symbols_a_drawing_lacks() -> None:
    face = drawn_symbols("\\lim_{h \\to 0} x")
    assert undrawn(asked(r"\lim_{h \to 0} x"), face) == Counter()
    assert undrawn(asked(r"\lim_{h \to 0} x + A"), face) == Counter("+A")
    assert undrawn(asked(r"\lim_{h \to 0} \text{面} x"), face) == Counter(UNKNOWN)


def drawn_symbols(tex: str) -> str:
    built = build_text(f"{HEAD}$$ {tex} $$\n")
    [formula] = read_pdf(built.files["pdf"]).outline.text.pictures
    return formula.symbols or ""
