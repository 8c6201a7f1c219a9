"""Formulas: adds what TeX means but pandoc's MathML, or that of browsers, leaves out.

Browsers know MathML Core, in which tables have no alignment and no rules, so classes for the
stylesheets are added. Print and other readers of MathML use the attributes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.document import Document
from chapbook.model.dom import add_class, classes, element, replace, rewrite, walk
from chapbook.reading.tex_tags import tags_of

_ROW_SPACING, _COLUMN_SPACING = "0.5em", "1em"  # TeX: \arraycolsep on both sides of a column
_APART = "2em"  # between two equations side by side
_BOLD = re.compile(r"\\(?:boldsymbol|bm|pmb|symbf|mathbfit)(?![A-Za-z])")


def settle_formulas(document: Document) -> Document:
    """Complete every formula."""
    for tree in (document.body, *(note.body for note in document.notes)):
        for math in tree.iter("math"):
            tex = "".join(node.text or "" for node in math.iter("annotation"))
            if r"\mathbf" in tex and not _BOLD.search(tex):
                rewrite(math, _stand_upright)
            rewrite(math, _in_em)
            rewrite(math, _space_accent)
            rewrite(math, _rule_whole)
            for table in math.iter("mtable"):
                _set_table(table)
        for parent, math in list(walk(tree)):
            if math.tag == "math" and math.get("display") == "block":
                _set_tags(parent, math)
    return document


def _set_tags(parent: Element, math: Element) -> None:
    """Set the tags of *math* in the margin, like numbers, each beside its row."""
    tex = "".join(node.text or "" for node in math.iter("annotation"))
    tags = dict(tags_of(tex))
    if not tags:
        return
    table = next(math.iter("mtable"), None)
    rows = [row for row in table if row.tag == "mtr"] if table is not None else []
    margin = element("span", class_=vocabulary.EQUATION_NUMBER)
    if len(rows) > 1 and max(tags) < len(rows) and _is_whole(math, table):
        for number, row in enumerate(rows):
            is_tall = any(node.tag in _TALL for node in row.iter())
            names = f"{vocabulary.TAG_ROW} {vocabulary.TALL}" if is_tall else vocabulary.TAG_ROW
            line = element("span", tags.get(number, ""), class_=names)
            line.tail = " "
            margin.append(line)
    else:
        margin.text = " ".join(tags.values())
    if parent.tag == "div" and vocabulary.EQUATION in classes(parent):
        parent.append(margin)
        return
    framed = element("span", class_=vocabulary.EQUATION)
    replace(parent, math, framed)
    framed.extend((math, margin))


_TALL = frozenset("mfrac munder mover munderover mtable".split())


def _is_whole(math: Element, table: Element | None) -> bool:
    """Return whether *math* contains only *table*."""
    inside = "".join(text for node in math.iter("semantics") for text in node[0].itertext())
    return table is not None and inside.split() == "".join(table.itertext()).split()


def _stand_upright(node: Element) -> None:
    r"""Make \mathbf upright: pandoc makes a single letter bold italic."""
    if node.get("mathvariant") == "bold-italic" and node.text:
        plain = unicodedata.normalize("NFKC", node.text)
        if plain.isascii() and plain.isalpha():
            node.text = "".join(map(_bold, plain))
            node.set("mathvariant", "bold")


def _bold(letter: str) -> str:
    first, start = ("A", 0x1D400) if letter.isupper() else ("a", 0x1D41A)
    return chr(start + ord(letter) - ord(first))


def _in_em(node: Element) -> None:
    r"""Write sizes of delimiters (\big) as lengths: not all readers know percentages."""
    for name in ("minsize", "maxsize"):
        if (value := node.get(name, "")).endswith("%") and value[:-1].isdecimal():
            node.set(name, f"{int(value[:-1]) / 100:g}em")


def _space_accent(node: Element) -> None:
    """Put a spacing accent over a single letter, since faces stretch combining accents."""
    if node.tag in _RULED and len(node) == 2 and not _is_long(node[0]):
        node[1].text = _SPACING.get(node[1].text or "", node[1].text)


def _is_long(base: Element) -> bool:
    return len("".join(base.itertext()).strip()) > 1


_SPACING = {
    "\u0300": "`",
    "\u0301": "´",
    "\u0302": "ˆ",
    "\u0303": "˜",
    "\u0304": "¯",
    "\u0305": "‾",
    "\u0306": "˘",
    "\u0307": "˙",
    "\u0308": "¨",
    "\u030a": "˚",
    "\u030c": "ˇ",
    "\u0332": "_",
}


def _rule_whole(node: Element) -> None:
    """Draw a rule over or under several signs: few faces have a macron that grows as long."""
    if node.tag in _RULED and len(node) == 2 and _is_long(node[0]):
        notation, signs = _RULED[node.tag]
        # A script of several signs is an element without a text of its own.
        if not len(node[1]) and (node[1].text or "").strip() in signs:
            node.tag = "menclose"
            node.set("notation", notation)
            node.remove(node[1])


_RULED = {"mover": ("top", frozenset("‾¯\u0305")), "munder": ("bottom", frozenset("_\u0332"))}


def _set_table(table: Element) -> None:
    rows = [row for row in table if row.tag == "mtr"]
    alignments = max(([cell.get("columnalign", "center") for cell in row] for row in rows), key=len)
    is_paired = _is_paired(alignments)
    table.set("rowspacing", _ROW_SPACING)
    between = ["0em" if alignment == "right" else _APART for alignment in alignments[:-1]]
    table.set("columnspacing", " ".join(between) if is_paired and between else _COLUMN_SPACING)
    rules_beside = _ruled(table.get("columnlines", ""), len(alignments))
    rules_below = _ruled(table.get("rowlines", ""), len(rows))
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            alignment = cell.get("columnalign", "center")
            if alignment in ("left", "right"):
                add_class(cell, f"{vocabulary.PREFIX}align-{alignment}")
            if is_paired:
                add_class(cell, f"{vocabulary.PREFIX}joined-{alignment}")
            if rules_beside[column : column + 1] == [True]:
                add_class(cell, vocabulary.RULED_BESIDE)
            if rules_below[number : number + 1] == [True]:
                add_class(cell, vocabulary.RULED_BELOW)


def _is_paired(alignments: Sequence[str]) -> bool:
    """Return whether a table aligns equations: right-aligned, then left-aligned columns."""
    turns = ("right", "left")
    return len(alignments) > 1 and all(
        alignment == turns[number % 2] for number, alignment in enumerate(alignments)
    )


def _ruled(styles: str, count: int) -> list[bool]:
    """Return after which of *count* columns or rows there is a rule; the last style repeats."""
    words = styles.split() or ["none"]
    words += [words[-1]] * max(0, count - len(words))
    return [word in ("solid", "dashed") for word in words[: count - 1]] + [False]
