"""Every line of a paragraph but its last takes the words that fit, whatever boxes are in it.

Random paragraphs are set ragged, so that widths are the natural ones, and read back by PDFium.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from xml.etree.ElementTree import Element

import pypdfium2
import pytest

from chapbook import weasy
from chapbook.design import fonts
from chapbook.design.templates import Design, load_templates
from chapbook.model.dom import append, element

SIZE_PT = 10.0
MEASURES_PT = (96.0, 151.0, 240.0, 301.0)
SPACE_PT = 0.27 * SIZE_PT  # no face of the text has a wider one
TOLERANCE_PT = 0.1
SYLLABLES = "bar con der ex for gen in la men no per re sta ti tion un ver".split()
SHEET = f"""
@page {{ size: 400pt 4000pt; margin: 10pt }}
p {{ font: {SIZE_PT}pt/1.5 'Source Serif 4'; text-align: start; margin: 0 }}
code {{ font: 0.88em 'Source Code Pro' }}
sup {{ font-size: 7pt; line-height: 0 }}
.bound {{ white-space: nowrap }}
.formula {{ display: inline-block; white-space: nowrap }}
"""


def word(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=chance.choice((1, 1, 2, 2, 3, 4))))


def box(chance: random.Random) -> Element:
    """An inline box as authors and transforms make them."""
    kind = chance.choice("em em a code sup bound formula nested caps".split())
    words = " ".join(word(chance) for _ in range(chance.choice((1, 1, 2, 5))))
    match kind:
        case "em" | "a":
            return element(kind, words)
        case "code":
            return element("code", word(chance))
        case "sup":
            return element("span", word(chance), element("sup", "2"))
        case "bound":
            return element("span", word(chance), element("sup", "12"), class_="cb-bound")
        case "nested":
            return element("em", words, " ", element("a", word(chance)))
        case _:
            return element("span", word(chance) if kind == "formula" else words, class_=kind)


def paragraph(chance: random.Random) -> Element:
    """Make words and boxes, separated by spaces, with punctuation."""
    result = element("p")
    for _ in range(chance.randint(4, 14)):
        append(result, " ".join(word(chance) for _ in range(chance.randint(0, 9))))
        append(result, chance.choice((" ", " ", " ", " (")) if result.text else "")
        result.append(box(chance))
        append(result, chance.choice((" ", " ", ", ", ". ", ") ", "; ")))
    append(result, word(chance) + ".")
    return result


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it was printed, or the hyphen that was added; `ends_word` in the manuscript."""

    text: str
    left_pt: float
    right_pt: float
    ends_word: bool


def letters(pdf: bytes, expected: str) -> Iterator[Letter]:
    """Every printed letter of *expected*, in its order."""
    parts = iter(expected.split())
    rest = ""
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[0].get_textpage()
        for number, printed in enumerate(text.get_text_range()):
            if printed.isspace():
                continue
            left, _, right, _ = text.get_charbox(number, loose=True)
            rest = rest or next(parts)
            is_next = rest.startswith(printed)
            rest = rest[1:] if is_next else rest
            yield Letter(printed if is_next else "-", left, right, is_next and not rest)


def lines(printed: list[Letter]) -> list[list[Letter]]:
    """Return *printed* by lines: a line begins if the next letter is further to the left."""
    result = [[printed[0]]]
    for before, letter in pairwise(printed):
        if letter.left_pt < before.left_pt - SIZE_PT / 2:
            result.append([])
        result[-1].append(letter)
    return result


def too_short(pdf: bytes, expected: str, measure_pt: float) -> list[str]:
    """The lines of one paragraph after which the next word, or the rest of one, would fit."""
    result = []
    for line, after in pairwise(lines(list(letters(pdf, expected)))):
        broken = not line[-1].ends_word
        end = next((n for n, letter in enumerate(after) if letter.ends_word), None)
        if end is None:
            continue  # the word continues on a third line
        used = (line[-2] if broken and line[-1].text == "-" else line[-1]).right_pt
        wanted = after[end].right_pt - after[0].left_pt + (0 if broken else SPACE_PT)
        if used + wanted < 10 + measure_pt - TOLERANCE_PT:
            result.append("".join(letter.text for letter in line) + " | " + after[0].text)
    return result


def draw(result: Element, measure_pt: float, hyphens: str) -> bytes:
    result.set("style", f"width: {measure_pt}pt; hyphens: {hyphens}")
    page = element("html", element("body", result), lang="en-US")
    faces = fonts.instances(
        Design(load_templates(None), "serif").families, "".join(page.itertext())
    )
    return weasy.draw(page, weasy.Sheet(SHEET, faces)).pdf


@pytest.mark.parametrize("hyphens", ["manual", "auto"])
@pytest.mark.parametrize("seed", range(3))
def test_the_next_word_never_fits_into_an_inner_line(seed: int, hyphens: str) -> None:
    chance = random.Random(seed)
    for measure_pt in MEASURES_PT:
        result = paragraph(chance)
        pdf = draw(result, measure_pt, hyphens)
        assert too_short(pdf, "".join(result.itertext()), measure_pt) == []
