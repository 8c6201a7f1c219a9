"""Formulas: another converter sets what pandoc cannot, or a finding; print draws all."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from chapbook.design.templates import load_templates
from chapbook.layout.formula_drawings import draw_formulas
from chapbook.model.document import Document
from chapbook.model.dom import text_of
from chapbook.pipeline import Job, build, publish
from chapbook.reading.manuscript import decode

COMMON = (Path(__file__).parents[1] / "formulas.txt").read_text("utf-8").splitlines()


def prepared(markdown: str) -> Document:
    manuscript = decode("essay.md", "essay", markdown.encode())
    return publish(Job(manuscript, None, {}, load_templates(None))).document


def formula(tex: str) -> Element:
    (math,) = prepared(f"$${tex}$$").body.iter("math")
    return math


def drawn(tex: str, text_pt: float = 10) -> Element:
    document = prepared(f"$${tex}$$")
    pictures, _ = draw_formulas(document.body, document.manuscript, text_pt)
    ((content, _),) = pictures.values()
    return fromstring(content)


def test_all_of_common_latex_math_is_set_in_every_format() -> None:
    document = prepared("\n\n".join(f"$${tex}$$" for tex in COMMON))
    shown = [each.message for each in document.findings if each.code.value == "math-source-shown"]
    assert shown == []
    annotations = [node.text for node in document.body.iter("annotation")]
    assert annotations == COMMON
    pictures, findings = draw_formulas(document.body, document.manuscript, 9.6)
    assert findings == []
    assert len(pictures) == len(COMMON)
    alternatives = [node.get("alt") for node in document.body.iter("img")]
    assert alternatives == annotations


@pytest.mark.parametrize(
    ("tex", "advice"),
    [
        (r"\frac{1}{2", "close its brace with }"),
        (r"\foo{x}", r"\foo is not known"),
        (r"\def\f{\f\f} \f", r"\def is not supported"),
        (r"\begin{matrix} a", r"\begin"),
    ],
)
def test_what_cannot_be_set_is_shown_as_typed_and_reported_with_its_line(
    tex: str, advice: str
) -> None:
    document = prepared(f"Words.\n\nHere ${tex}$ and\n\n$${tex}$$\n")
    assert text_of(document.body) == f"Words. Here ${tex}$ and $${tex}$$"
    findings = [each for each in document.findings if each.code.value == "math-source-shown"]
    assert [str(each.where) for each in findings] == ["essay.md:3", "essay.md:5"]
    assert all(advice in each.message for each in findings)
    assert not [each for each in document.findings if each.code.value == "conversion"]


@pytest.mark.parametrize("size", [8, 9.6, 12])
@pytest.mark.parametrize(
    "tex", [r"\frac{1}{2}", r"x^{\frac{1}{2}}", r"\sqrt{\frac ab}", r"\boxed x"]
)
def test_no_rule_is_finer_than_printers_hold(tex: str, size: float) -> None:
    finest = min(
        min(float(rect.get(side, "9")) for side in ("width", "height", "stroke-width"))
        for rect in drawn(tex, size).iter()
        if rect.tag.endswith("rect")
    )
    assert finest / 14 * size >= 0.75 - 0.001  # the drawing's em is 14 px


def test_a_formula_stands_on_the_baseline() -> None:
    body = prepared("$x$ and $y$ and $\\frac{a}{b}$").body
    draw_formulas(body, decode("essay.md", "essay", b"x"), 10)
    depths = [
        float(match[1])
        for image in body.iter("img")
        if (match := re.search(r"vertical-align:(-?[\d.]+)em", image.get("style", "")))
    ]
    x, y, fraction = depths
    assert -0.1 < x <= 0  # nothing but the edge
    assert y < x - 0.1  # its tail
    assert fraction < y


def test_equations_are_aligned_at_their_signs() -> None:
    cells = list(formula(r"\begin{aligned} a &= b \\ &= cd \end{aligned}").iter("mtd"))
    assert [cell.get("class") for cell in cells[:2]] == [
        "cb-align-right cb-joined-right",
        "cb-align-left cb-joined-left",
    ]


def test_an_array_has_the_rules_that_pandoc_leaves_out() -> None:
    tex = r"\begin{array}{c|c} a & b \\ \hline c & d \end{array}"
    cells = [cell.get("class", "").split() for cell in formula(tex).iter("mtd")]
    assert ["cb-ruled-beside" in names for names in cells] == [True, False, True, False]
    assert ["cb-ruled-below" in names for names in cells] == [True, True, False, False]
    rules = [node for node in drawn(tex).iter() if node.tag.endswith("rect")]
    upright, level = sorted(rules, key=lambda rule: float(rule.get("width", "0")))
    assert float(upright.get("height", "0")) > float(level.get("height", "0"))
    assert len(rules) == 2


def test_bold_letters_are_upright_where_tex_has_them_so() -> None:
    assert "".join(formula(r"\mathbf{E}").find(".//mi").itertext()) == "𝐄"  # type: ignore[union-attr]
    assert "".join(formula(r"\boldsymbol{E}").find(".//mi").itertext()) == "𝑬"  # type: ignore[union-attr]


def test_a_line_over_several_signs_is_a_rule() -> None:
    assert [node.get("notation") for node in formula(r"\overline{ab}").iter("menclose")] == ["top"]
    assert list(formula(r"\bar{a}").iter("menclose")) == []


def test_the_web_page_brings_the_face_of_its_formulas_and_only_then() -> None:
    def page(markdown: str) -> str:
        manuscript = decode("essay.md", "essay", markdown.encode())
        job = Job(manuscript, None, {}, load_templates(None))
        return build(job, ("html",)).artefacts[0].content.decode()

    face = '@font-face { font-family: "STIX Two Math"'
    assert (face in page(r"A root $\sqrt{x}$."), face in page("No root.")) == (True, False)
