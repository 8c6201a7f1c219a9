"""Words without markup, their meaning kept: fractions, roots, scripts and limits on one line.

For every place that takes no markup: bookmarks, tables of contents, running heads, titles, names
for assistive technology. `text_of` joins what stands in an element; it makes 12 of ½ and 103 of
10³. Here they are 1/2 and 10³. Formulas are written in the linear form of UnicodeMath (Unicode
Technical Note 28), as far as readers can be expected to guess it: x^(p + q), √(x + 1), (n¦k).
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
ORDINALS = {"a": "ª", "o": "º", "e": "e"}  # 1ª, 1º, XIXe: as they are written without markup
_SET = frozenset({"math", "sup", "sub"})


def formula_text(math: Element) -> str:
    """A formula on one line.

    >>> from xml.etree.ElementTree import XML
    >>> formula_text(XML("<math><mfrac><mn>1</mn><msup><mi>x</mi><mi>k</mi></msup></mfrac></math>"))
    '1/x^k'
    """
    return " ".join(_linear(math).replace("\u2061", " ").split())


def plain_text(node: Element, formula: Callable[[Element], str] = formula_text) -> str:
    """The words of *node*, on one line and without markup, each formula and script readable."""
    if not any(each.tag in _SET for each in node.iter()):
        return text_of(node)
    kept = deepcopy(node)
    for parent, child in reversed(list(walk(kept))):  # the innermost first
        if child.tag == "math":
            replace(parent, child, formula(child))
        elif child.tag in {"sup", "sub"} and child.find(".//a") is None:
            replace(parent, child, raised_or_lowered(text_of(child), child.tag))
    return formula(kept) if kept.tag == "math" else text_of(kept)


def raised_or_lowered(text: str, kind: str) -> str:
    """*text* of a `sup` or a `sub`; letters of a word, as in 1st and Mme, stand as they are."""
    sign, forms = ("^", RAISED) if kind == "sup" else ("_", LOWERED)
    if kind == "sup" and text in ORDINALS:
        return ORDINALS[text]
    if text and all(each in forms for each in text):
        return "".join(forms[each] for each in text)
    if len(text) > 1:
        return f"{sign}({text})" if re.search(r"[0-9\s!-/:-@\[-`{-~]", text) else text
    return f"{sign}{text}" if text else ""


def _linear(node: Element) -> str:
    form = _FORMS.get(node.tag, _row)
    return form([_linear(each) for each in node if each.tag not in _SILENT], node)


_SILENT = frozenset("annotation mphantom mprescripts".split())


def _row(parts: list[str], node: Element) -> str:
    children = [each for each in node if each.tag not in _SILENT]
    for at, (child, after) in enumerate(pairwise(children)):
        if child.tag == "mfrac" and "/" in parts[at] and after.tag != "mo":
            parts[at] = f"({parts[at]})"  # a half of x is not one over two x
        if parts[at][-1:].isalnum() and parts[at + 1][1:2] and parts[at + 1][:2].isalpha():
            parts[at + 1] = f" {parts[at + 1]}"  # n log n
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
        return f"{over}¦{under}"  # a binomial stands in parentheses of its own
    return f"{_closed(over)}/{_closed(under)}"


def _closed(text: str) -> str:
    """*text*, in parentheses where it is more than one thing."""
    text = text.strip()
    is_one = text.isalnum() or len(text) == 1 or text.replace(".", "").isdigit()
    is_one = is_one or not any(each in text for each in " +-−/·×=,∕")
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
    if all(each in forms for each in bare):
        return "".join(forms[each] for each in bare)
    return f"{sign}{text}" if len(text) == 1 or text.isdigit() else f"{sign}({text})"


def _enclosed(text: str, notation: str) -> str:
    mark = {"top": "\u0305", "bottom": "\u0332"}.get(notation, "")
    return "".join(f"{letter}{mark}" for letter in text)


def _scripted(parts: list[str], node: Element) -> str:
    """A base with what stands below and above it, or with its accent."""
    base, *scripts = parts
    base = base.replace("\u2061", "").rstrip()
    marks = ["_", "^"] if len(scripts) == 2 else ["_" if node.tag in {"msub", "munder"} else "^"]
    if node.tag in {"munder", "mover"} and (accent := _ACCENTS.get(scripts[0].strip())):
        return "".join(f"{letter}{accent}" for letter in base)
    if node.tag in {"munder", "mover"} and scripts[0].strip() in {"⏞", "⏟"}:
        return f"({base})"
    said = "".join(
        _lowered(script) if mark == "_" else _raised(script)
        for mark, script in zip(marks, scripts, strict=True)
        if script.strip()
    )
    is_name = len(base) > 1 and base.replace(" ", "").isalpha()
    stands_before = is_name or base in _LARGE
    is_power = node.tag == "msup" and base.strip()
    return f"{_closed(base) if is_power else base}{said}{' ' * stands_before}"


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
