"""Formulas: what TeX means and pandoc's MathML, or a browser's, leaves out.

Browsers know MathML Core, in which tables align nothing and have no rules: classes say it to the
stylesheets. Print and other readers of MathML take the attributes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from chapbook.document import Document
from chapbook.dom import add_class, rewrite

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
    return document


def _stand_upright(node: Element) -> None:
    r"""\mathbf is upright; pandoc makes one letter of it bold italic."""
    if node.get("mathvariant") == "bold-italic" and node.text:
        plain = unicodedata.normalize("NFKC", node.text)
        if plain.isascii() and plain.isalpha():
            node.text = "".join(map(_bold, plain))
            node.set("mathvariant", "bold")


def _bold(letter: str) -> str:
    first, start = ("A", 0x1D400) if letter.isupper() else ("a", 0x1D41A)
    return chr(start + ord(letter) - ord(first))


def _in_em(node: Element) -> None:
    r"""Sizes of delimiters (\big) as lengths: not all readers know percentages of a glyph."""
    for name in ("minsize", "maxsize"):
        if (value := node.get(name, "")).endswith("%") and value[:-1].isdecimal():
            node.set(name, f"{int(value[:-1]) / 100:g}em")


def _space_accent(node: Element) -> None:
    """Set over one letter an accent of its own width: faces stretch the combining ones."""
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
    """Rule over or under all of several signs: few faces have a macron that grows as long."""
    if node.tag in _RULED and len(node) == 2 and _is_long(node[0]):
        notation, signs = _RULED[node.tag]
        if (node[1].text or "").strip() in signs:
            node.tag = "menclose"
            node.set("notation", notation)
            node.remove(node[1])


_RULED = {"mover": ("top", "‾¯\u0305"), "munder": ("bottom", "_\u0332")}


def _set_table(table: Element) -> None:
    rows = [row for row in table if row.tag == "mtr"]
    alignments = max(([cell.get("columnalign", "center") for cell in row] for row in rows), key=len)
    is_paired = _is_paired(alignments)
    table.set("rowspacing", _ROW_SPACING)
    between = ["0em" if each == "right" else _APART for each in alignments[:-1]]
    table.set("columnspacing", " ".join(between) if is_paired and between else _COLUMN_SPACING)
    rules_beside = _ruled(table.get("columnlines", ""), len(alignments))
    rules_below = _ruled(table.get("rowlines", ""), len(rows))
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            alignment = cell.get("columnalign", "center")
            if alignment in ("left", "right"):
                add_class(cell, f"align-{alignment}")
            if is_paired:
                add_class(cell, f"joined-{alignment}")
            if rules_beside[column : column + 1] == [True]:
                add_class(cell, "ruled-beside")
            if rules_below[number : number + 1] == [True]:
                add_class(cell, "ruled-below")


def _is_paired(alignments: Sequence[str]) -> bool:
    """Whether a table aligns equations: to the right of one column and the left of the next."""
    turns = ("right", "left")
    return len(alignments) > 1 and all(
        each == turns[number % 2] for number, each in enumerate(alignments)
    )


def _ruled(told: str, count: int) -> list[bool]:
    """After which of *count* columns or rows there is a rule; the last word is for all the rest."""
    words = told.split() or ["none"]
    words += [words[-1]] * max(0, count - len(words))
    return [word in ("solid", "dashed") for word in words[: count - 1]] + [False]
