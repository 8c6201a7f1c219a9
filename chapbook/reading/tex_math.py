"""TeX that pandoc cannot convert to MathML: another converter is used, or it is reported.

pandoc knows a fixed set of commands and leaves a formula with any other command as it was typed.
latex2mathml knows more commands, but reads an unknown command as a variable. Its result is used
only if it has no such variable.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, ParseError, fromstring

from chapbook.model import vocabulary
from chapbook.model.dom import MATHML, classes, contents, element, replace, unwrap, walk
from chapbook.model.errors import Code, Finding, warning
from chapbook.reading.allowlist import MATHML_ATTRIBUTES, MATHML_ELEMENTS
from chapbook.reading.source_positions import Places
from chapbook.reading.tex_symbols import DEFINES, asked, shown
from chapbook.reading.tex_tags import without_tags

_UNCONVERTED = "Could not convert TeX math "
_LONGEST = 5_000  # characters: the converter recurses
_REWRITTEN = (
    (r"\\(?:label\s*\{[^{}]*\}|(?:nonumber|notag|allowbreak)(?![A-Za-z]))", ""),
    (r"(\\begin\s*\{[a-z]+\*?\})\[[tbclr]\]", r"\1"),
    (r"\\begin\s*\{([pbBvV]?matrix)\*\}", r"\\begin{\1}"),
    (r"\\end\s*\{([pbBvV]?matrix)\*\}", r"\\end{\1}"),
    (r"\\tag\*\s*\{([^{}]*)\}", r"\\qquad\\text{\1}"),
    (r"\\tag\s*\{([^{}]*)\}", r"\\qquad\\text{(\1)}"),
    (r"\\(begin|end)\s*\{(d|r)cases\}", r"\\\1{cases}"),
    (r"\\prescript\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"{}^{\1}_{\2}"),
    (r"\\hdots(?![A-Za-z])", r"\\ldots"),
    (r"\\vcentcolon(?![A-Za-z])", ":"),
)
"""TeX that both converters know only in another form."""

_MISDRAWN = re.compile(r"\\sideset(?![A-Za-z])")  # its scripts would lie on each other in print
_UNCARRIED = (
    (r"label\b", r"\label is not supported: write {#eq:name} after the closing $$"),
    (r"begin\s*\{array\}\s*\{[^{}]*[@!<>]\s*\{", "the text between the columns is left out"),
    (r"(?:(?:text)?color(?:box)?|fcolorbox)\b", "the colors are left out: no format carries them"),
)
"""TeX without a symbol that is lost in the conversion, and the message for it."""

_PLACED = re.compile(r"\\begin\s*\{[A-Za-z]+\*?\}\[([tbclr])\]")
_RULED = re.compile(r"\\hline|\\begin\s*\{array\}\s*\{[^{}]*\|")


def set_formulas(body: Element, findings: Iterable[Finding], places: Places) -> tuple[Finding, ...]:
    """Convert the formulas in *body* that pandoc left. Return *findings* without those about them.

    A formula that cannot be converted stays as it was typed, and is a finding. So are the parts of
    a formula that neither converter keeps.
    """
    remaining = [finding for finding in findings if not finding.message.startswith(_UNCONVERTED)]
    for parent, node in list(walk(body)):
        if node.tag == "span" and vocabulary.MATH in classes(node) and not len(node):
            remaining += _set_left(parent, node, places)
        elif node.tag == "math":
            remaining += _complete(parent, node, places)
    return tuple(remaining)


def _set_left(parent: Element, node: Element, places: Places) -> Iterator[Finding]:
    typed = node.text or ""
    match = re.fullmatch(r"(\$\$?)(.*)\1", typed, re.DOTALL)
    if not match:
        return
    tex, is_display = match[2], match[1] == "$$"
    math = _converted(tex, is_display=is_display)
    if math is not None:
        replace(parent, node, math)
        yield from _losses(math, places)
        return
    message = f"the formula “{_start(tex)}” cannot be set and is shown as typed: {_why(tex)}"
    yield warning(Code.MATH_SOURCE_SHOWN, message, places.of(typed.strip(), tex))


def _complete(parent: Element, math: Element, places: Places) -> Iterator[Finding]:
    """Convert again a formula that pandoc converted without its rules or symbols.

    Yield findings about what is lost.
    """
    tex = _tex_of(math)
    _drop_placements(math, tex)
    if _RULED.search(tex) or _missing(tex, math):
        second = _converted(tex, is_display=math.get("display") == "block")
        if second is not None and not _missing(tex, second) - _missing(tex, math):
            replace(parent, math, second)
            math = second
    yield from _losses(math, places)


def _drop_placements(math: Element, tex: str) -> None:
    r"""Remove the [t] of \\begin{aligned}[t] from the first cell, where pandoc prints it."""
    placed = [f"[{match[1]}]" for match in _PLACED.finditer(tex)]
    for table in math.iter("mtable") if placed else ():
        cell = table.find("mtr/mtd")
        parts = [] if cell is None else cell[:3]
        if cell is not None and "".join(part.text or "" for part in parts) in placed:
            for part in parts:
                cell.remove(part)


def _losses(math: Element, places: Places) -> Iterator[Finding]:
    """Yield findings about the parts of the TeX that are not in the finished *math*."""
    tex = _tex_of(math)
    losses = [message for pattern, message in _UNCARRIED if re.search(rf"\\{pattern}", tex)]
    if missing := _missing(tex, math):
        signs = " ".join(sorted(missing.elements()))
        losses.append(f"{signs} is lost: write it in other commands")
    for loss in losses:
        message = f"of the formula “{_start(tex)}” {loss}"
        yield warning(Code.MATH_LOST, message, places.of(tex))


def _missing(tex: str, math: Element) -> Counter[str]:
    is_display = math.get("display") == "block"
    return asked(without_tags(tex) if is_display else tex) - shown([math])


def _tex_of(math: Element) -> str:
    annotation = math.find(".//annotation")
    return annotation.text or "" if annotation is not None else ""


def _start(tex: str) -> str:
    return " ".join(tex.split())[:60]


def _converted(tex: str, *, is_display: bool) -> Element | None:
    """Return *tex* as the `math` of the one DOM, or None if a part of it is not understood."""
    is_refused = any(each.search(tex) for each in (DEFINES, _MISDRAWN))
    if len(tex) > _LONGEST or is_refused or _open_braces(tex):
        return None
    from latex2mathml.converter import convert

    source = without_tags(tex) if is_display else tex
    for pattern, replacement in _REWRITTEN:
        source = re.sub(pattern, replacement, source)
    display = "block" if is_display else "inline"
    try:
        math = fromstring(convert(source, display=display))
    except (ParseError, RecursionError):
        return None
    except Exception:  # noqa: BLE001 - it raises a class for each mistake, and others
        return None
    is_unread = any(re.search(r"[\\&]", text) for text in math.itertext())
    surplus = shown([math]) - asked(source)  # an instruction that it read as words
    if is_unread or any(sign.isalnum() or sign in "@!" for sign in surplus):
        return None
    return _allowed(math, tex.strip())


def _allowed(math: Element, tex: str) -> Element | None:
    """Return *math* in pandoc's form, or None if it has elements that are not allowed."""
    for node in math.iter():
        node.tag = node.tag.removeprefix(f"{{{MATHML}}}")
        if node.tag not in MATHML_ELEMENTS:
            return None
        for name in set(node.attrib) - MATHML_ATTRIBUTES:
            del node.attrib[name]  # colors: no format has them
        node.tail = None
    for parent, node in reversed(list(walk(math))):  # the innermost first
        if node.tag == "mstyle" and not node.attrib:
            unwrap(parent, node)
    row = element("mrow", math.text or "", *contents(math))
    annotation = element("annotation", tex, encoding="application/x-tex")
    allowed = element("math", element("semantics", row, annotation), display=math.get("display"))
    allowed.set("xmlns", MATHML)
    return allowed


def _open_braces(tex: str) -> int:
    bare = re.sub(r"\\.", "", tex)
    return bare.count("{") - bare.count("}")


def _why(tex: str) -> str:
    if (left := _open_braces(tex)) != 0:
        return "close its brace with }" if left > 0 else "a brace { is missing"
    for pattern in (DEFINES, _MISDRAWN):
        if match := pattern.search(tex):
            return f"{match[0]} is not supported; write its meaning in words"
    if unknown := next(_unknown(tex), None):
        return f"{unknown} is not known; write it in other commands"
    return r"look for a \left without \right, or a \begin without \end"


def _unknown(tex: str) -> Iterator[str]:
    """Yield the commands in *tex* that the converter reads as variables."""
    from latex2mathml.converter import convert

    try:
        converted = convert(tex)
    except Exception:  # noqa: BLE001 - as above
        return
    yield from re.findall(r"\\[A-Za-z]+", converted)
