"""Text without markup that keeps its meaning: fractions, roots, scripts and limits on one line.

It is for every place without markup: bookmarks, tables of contents, running heads, titles, names
for assistive technology. `text_of` only joins the texts of an element, and makes 12 of ½ and 103 of
10³. Here they become 1/2 and 10³. Formulas are written in the linear form of UnicodeMath (Unicode
Technical Note 28), as far as readers can guess it: x^(p + q), √(x + 1), (n¦k).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from itertools import pairwise
from xml.etree.ElementTree import Element

from chapbook.model.dom import replace, text_of, walk

RAISED = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
LOWERED = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))
ORDINALS = {"a": "ª", "o": "º", "e": "e"}  # 1ª, 1º, XIXe, as written without markup
_SET = frozenset({"math", "sup", "sub"})


def formula_text(math: Element) -> str:
    """Return a formula on one line.

    >>> from xml.etree.ElementTree import XML
    >>> formula_text(XML("<math><mfrac><mn>1</mn><msup><mi>x</mi><mi>k</mi></msup></mfrac></math>"))
    '1/x^k'
    """
    return " ".join(_linear(math).replace("\u2061", " ").split())


def plain_text(node: Element, formula: Callable[[Element], str] = formula_text) -> str:
    """Return the words of *node* on one line without markup, with readable formulas and scripts."""
    if not any(inner.tag in _SET for inner in node.iter()):
        return text_of(node)
    copy = deepcopy(node)
    for parent, child in reversed(list(walk(copy))):  # the innermost first
        if child.tag == "math":
            replace(parent, child, formula(child))
        elif child.tag in {"sup", "sub"} and child.find(".//a") is None:
            replace(parent, child, raised_or_lowered(text_of(child), child.tag))
    return formula(copy) if copy.tag == "math" else text_of(copy)


def raised_or_lowered(text: str, kind: str) -> str:
    """Return *text* of a `sup` or a `sub` as plain text; letters, as in 1st and Mme, stay."""
    sign, forms = ("^", RAISED) if kind == "sup" else ("_", LOWERED)
    if kind == "sup" and text in ORDINALS:
        return ORDINALS[text]
    if text and all(character in forms for character in text):
        return "".join(forms[character] for character in text)
    if len(text) > 1:
        return f"{sign}({text})" if re.search(r"[0-9\s!-/:-@\[-`{-~]", text) else text
    return f"{sign}{text}" if text else ""


def _linear(node: Element) -> str:
    form = _FORMS.get(node.tag, _row)
    return form([_linear(child) for child in node if child.tag not in _SILENT], node)


_SILENT = frozenset("annotation mphantom mprescripts".split())


def _row(parts: list[str], node: Element) -> str:
    children = [each for each in node if each.tag not in _SILENT]
    for index, (child, after) in enumerate(pairwise(children)):
        if child.tag == "mfrac" and "/" in parts[index] and after.tag != "mo":
            parts[index] = f"({parts[index]})"  # half of x is not one over two x
        if parts[index][-1:].isalnum() and parts[index + 1][1:2] and parts[index + 1][:2].isalpha():
            parts[index + 1] = f" {parts[index + 1]}"  # n log n
    tails = (each.tail or "" for each in node if each.tag not in _SILENT)
    both = "".join(f"{part}{tail.strip()}" for part, tail in zip(parts, tails, strict=True))
    return f"{node.text or ''}{both}"


def _operator(_: list[str], node: Element) -> str:
    sign = (node.text or "").strip()
    is_between = sign in _BETWEEN and node.get("form") != "prefix"
    return f" {sign} " if is_between else f"{sign} " if sign in {",", ";"} else sign


_BETWEEN = frozenset("=<>≤≥≠≈≡∈∉⊂⊆⊃∪∩→←↔⇒⇔↦+×·∣∼≃≅∝:∧∨")


def _fraction(parts: list[str], node: Element) -> str:
    over, under = parts
    if node.get("linethickness", "1").startswith("0"):
        return f"{over}¦{under}"  # a binomial has its own parentheses
    return f"{_closed(over)}/{_closed(under)}"


def _closed(text: str) -> str:
    """Return *text*, in parentheses if it has more than one part."""
    text = text.strip()
    is_one = text.isalnum() or len(text) == 1 or text.replace(".", "").isdigit()
    is_one = is_one or not any(sign in text for sign in " +-−/·×=,∕")
    return text if is_one else f"({text})"


def _root(parts: list[str], _: Element) -> str:
    return f"√{_closed(''.join(parts))}"


def _indexed_root(parts: list[str], _: Element) -> str:
    base, index = parts
    return f"{_raised(index)}√{_closed(base)}" if _raised(index)[0] != "^" else f"√[{index}]{base}"


def _raised(text: str) -> str:
    return _exact(text, "^", RAISED)


def _lowered(text: str) -> str:
    return _exact(text, "_", LOWERED)


def _exact(text: str, sign: str, forms: Mapping[str, str]) -> str:
    text = text.strip()
    if set(text) <= set("′″‴'*∗†∘°"):
        return text.replace("∘", "°")
    bare = text.replace(" ", "")
    if all(character in forms for character in bare):
        return "".join(forms[character] for character in bare)
    return f"{sign}{text}" if len(text) == 1 or text.isdigit() else f"{sign}({text})"


def _enclosed(text: str, notation: str) -> str:
    mark = {"top": "\u0305", "bottom": "\u0332"}.get(notation, "")
    return "".join(f"{letter}{mark}" for letter in text)


def _scripted(parts: list[str], node: Element) -> str:
    """Return a base with its scripts, or with its accent."""
    base, *scripts = parts
    base = base.replace("\u2061", "").rstrip()
    marks = ["_", "^"] if len(scripts) == 2 else ["_" if node.tag in {"msub", "munder"} else "^"]
    if node.tag in {"munder", "mover"} and (accent := _ACCENTS.get(scripts[0].strip())):
        return "".join(f"{letter}{accent}" for letter in base)
    if node.tag in {"munder", "mover"} and scripts[0].strip() in {"⏞", "⏟"}:
        return f"({base})"
    written = "".join(
        _lowered(script) if mark == "_" else _raised(script)
        for mark, script in zip(marks, scripts, strict=True)
        if script.strip()
    )
    is_name = len(base) > 1 and base.replace(" ", "").isalpha()
    needs_space = is_name or base in _LARGE
    is_power = node.tag == "msup" and base.strip()
    return f"{_closed(base) if is_power else base}{written}{' ' * needs_space}"


_LARGE = frozenset("∑∏∫∬∭∮⋃⋂⨁⨂∐")
_ACCENTS = {
    "`": "\u0300",
    "´": "\u0301",
    "ˆ": "\u0302",
    "˜": "\u0303",
    **dict.fromkeys("¯‾", "\u0305"),
    "˘": "\u0306",
    "˙": "\u0307",
    "¨": "\u0308",
    "˚": "\u030a",
    "ˇ": "\u030c",
    "_": "\u0332",
    **{chr(code): chr(code) for code in (*range(0x300, 0x36F), 0x20D7, 0x20DB, 0x20DC)},
    "→": "\u20d7",
}


def _table(parts: list[str], _: Element) -> str:
    return "; ".join(" ".join(part.split()) for part in parts)


def _cells(parts: list[str], _: Element) -> str:
    return " ".join(parts)


def _fenced(parts: list[str], node: Element) -> str:
    return f"{node.get('open', '(')}{', '.join(parts)}{node.get('close', ')')}"


_FORMS: Mapping[str, Callable[[list[str], Element], str]] = {
    "mo": _operator,
    "mfrac": _fraction,
    "msqrt": _root,
    "mroot": _indexed_root,
    **dict.fromkeys("msup msub msubsup munder mover munderover".split(), _scripted),
    "menclose": lambda parts, node: _enclosed("".join(parts), node.get("notation", "")),
    "mtable": _table,
    "mtr": _cells,
    "mspace": lambda _, __: " ",
    "mfenced": _fenced,
}
