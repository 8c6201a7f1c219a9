r"""Count the symbols in a formula's TeX, and those in its MathML.

The order does not matter: MathML has a limit after its operator, and the index of a root after the
radicand. Letters of all mathematical alphabets count as the plain letter (NFKD), and signs that
different converters choose for one command count as the same. TeX that only arranges (braces,
environments, \left, \limits) has no symbols.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

_TOKEN = re.compile(
    r"""
    %[^\n]*                                                       # a comment
    | \\\\(?:\*|\[\s*-?[\d.]+\s*[a-z]{2}\s*\])?                   # the end of a row
    | \\(?:left|right|middle|[Bb]igg?[lrm]?)\s*\.                 # a delimiter that is none
    | \\begin\s*\{[A-Za-z]+\*?\}(?:\[[tbclr]\])?
    | \\(?:hskip|kern|mkern|mskip)\s*-?[\d.]+\s*[a-z]{2}
    | \\(?:operatorname|tag|hspace|vspace)\*
    | \\[A-Za-z]+ | \\. | .
    """,
    re.DOTALL | re.VERBOSE,
)
DEFINES = re.compile(r"\\(?:def|let|newcommand|renewcommand|providecommand|DeclareMathOperator)\b")
"""The commands that define new commands in a formula."""

_ARRANGED = re.compile(r"\\begin\s*\{(?:array|tabular|subarray|alignat\*?|alignedat)\}")
_NAMES_NOTHING = {
    name: count
    for count, names in (
        (1, "end label hspace hspace* mspace vspace vspace* color textcolor colorbox phantom"),
        (1, "hphantom vphantom mathversion require class style href cssId"),
        (2, "rule fcolorbox"),
        (4, "genfrac"),
    )
    for name in names.split()
}
"""Commands, and how many of their arguments are not visible."""

_OPTIONAL = re.compile(r"sqrt|root|x[A-Za-z]+|cfrac|smash")  # commands with an optional [argument]
_TEXT = frozenset(
    "text mbox hbox textrm textbf textit textsf texttt textnormal textup textmd textsl textsc "
    "tag tag* intertext shortintertext fbox emph".split()
)
_WORDS = {
    name: name
    for name in (
        "arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim "
        "liminf limsup ln log max min Pr sec sin sinh sup tan tanh mod bmod pmod"
    ).split()
} | {"bmod": "mod", "pmod": "mod"}
_WORDS |= {"injlim": "injlim", "projlim": "projlim", "varinjlim": "injlim", "varprojlim": "projlim"}
_WORDS |= {"varlimsup": "limsup", "varliminf": "liminf"}
_OVER = {
    **dict.fromkeys("hat widehat".split(), "\u0302"),
    **dict.fromkeys("tilde widetilde".split(), "\u0303"),
    **dict.fromkeys("bar overline".split(), "\u0304"),
    **dict.fromkeys("vec overrightarrow underrightarrow".split(), "→"),
    **dict.fromkeys("overleftarrow underleftarrow".split(), "←"),
    **dict.fromkeys("overleftrightarrow underleftrightarrow".split(), "↔"),
    **dict.fromkeys("check widecheck".split(), "\u030c"),
    "underline": "\u0332",
    "underbar": "\u0332",
    "dot": "\u0307",
    "ddot": "\u0308",
    "dddot": "\u20db",
    "ddddot": "\u20dc",
    "acute": "\u0301",
    "grave": "\u0300",
    "breve": "\u0306",
    "mathring": "\u030a",
    "not": "\u0338",
    "xrightarrow": "→",
    "xleftarrow": "←",
    "xRightarrow": "⇒",
    "xLeftarrow": "⇐",
    "xmapsto": "↦",
}
_ONE_SIGN = (
    "-−–—‐ *∗ ′' ' |∣❘ ‖∥ :∶ /⁄∕ \\∖⧵ ~∼˜ ⋅·•∙ ∅⌀ ■◼∎ △▵▲ ▶▸ ▷⊳ ◀◂ ◁⊲ □◻▫ 〔❲ 〕❳ 〘⟬ 〙⟭ ←⟵ →⟶ ↔⟷ "
    "⇐⟸ ⇒⟹ ⇔⟺ ↦⟼ ⧫⬧ ⋈⨝ ∐⨿ ≤⩽ ≥⩾ ≼⪯ ≽⪰ ○◯ ⌅⊼ ⊨⊧ ≕∹ ⏦∿ Υϒ ⟨⟩〈〉 "
    '←\u20d6\u20ee →\u20d7\u20ef ↔\u20e1 \u0304\u0305¯‾ \u0332_ \u0302ˆ^ \u030cˇ \u0300` "”“'
)
_FOLDED = {ord(sign): signs[0] for signs in _ONE_SIGN.split() for sign in signs}
_FOLDED |= {ord("⟨"): "<", ord("⟩"): ">", ord("〈"): "<", ord("〉"): ">"}


def folded(text: str) -> str:
    """Return the symbols of *text* in their plainest form, without spaces and invisible signs."""
    plain = unicodedata.normalize("NFKD", text).translate(_FOLDED)
    return "".join(sign for sign in plain if not _is_blank(sign))


def _is_blank(sign: str) -> bool:
    return unicodedata.category(sign) in {"Zs", "Cf", "Cc", "Zl"} or "\ufe00" <= sign <= "\ufe0f"


def asked(tex: str) -> Counter[str]:
    """Count the symbols of *tex*, folded. An unknown command has none.

    For a formula that defines commands nothing is counted, because it would have to be run.
    """
    if DEFINES.search(tex):
        return Counter()
    return Counter(folded("".join(_symbols(_TOKEN.findall(tex)))))


def shown(nodes: Iterable[Any]) -> Counter[str]:
    """Count the symbols of the MathML in *nodes* (of ElementTree or lxml), folded."""
    return Counter(folded("".join(text for node in nodes for text in _texts(node))))


def _texts(node: Any) -> Iterator[str]:
    tag = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
    if tag in {"", "annotation", "mphantom"}:
        return
    if tag == "menclose":
        notation = node.get("notation", "").split()
        yield "\u0304" * ("top" in notation) + "\u0332" * ("bottom" in notation)
    elif tag == "mfenced":
        yield node.get("open", "(") + node.get("close", ")")
    yield node.text or ""
    for child in node:
        yield from _texts(child)
        yield child.tail or ""


def _symbols(tokens: list[str]) -> Iterator[str]:
    at = 0
    while at < len(tokens):
        token, at = tokens[at], at + 1
        name = token[1:] if token.startswith("\\") and token[1:2].isalpha() else ""
        if _ARRANGED.match(token):
            at = _after_argument(tokens, at)
        elif name in _NAMES_NOTHING:
            for _ in range(_NAMES_NOTHING[name]):
                at = _after_argument(tokens, at)
        elif name in _TEXT:
            end = _after_argument(tokens, at)
            yield from _words(tokens[at:end])
            at = end
        elif name and _OPTIONAL.fullmatch(name):
            yield _OVER.get(name, "")
            at = yield from _optional(tokens, at)
        else:
            yield _sign(token, name)


def _sign(written: str, name: str) -> str:
    """Return the symbol of a single token."""
    if name:
        return _WORDS.get(name) or _OVER.get(name) or symbol_of(written)
    if written.startswith("\\"):
        return {"\\|": "‖"}.get(written, written[1:] if written[1:] in "$%&#_{}" else "")
    return "" if written in "{}&^_~$" or written.startswith("%") else written.replace("'", "′")


@cache
def symbol_of(command: str) -> str:
    """Return the character of *command*, or "" for a command that only arranges."""
    from latex2mathml.symbols_parser import convert_symbol

    if command in _NO_SYMBOL or not (code := convert_symbol(command)):
        return ""
    return "".join(chr(int(part, 16)) for part in code.split("-"))


_NO_SYMBOL = frozenset(
    r"\quad \qquad \sqrt \root \surd \overbracket \underbracket \mathop \left \right \middle "
    r"\cancel \bcancel \xcancel \boxed \enclose \limits \nolimits \intop \strut \mathstrut".split()
)


def _optional(tokens: list[str], at: int) -> Any:
    """Yield the symbols of the [argument] at *at*, if there is one; return where it ends."""
    start = _after_blanks(tokens, at)
    if tokens[start : start + 1] != ["["]:
        return at
    depth, end = 0, start + 1
    while end < len(tokens) and (depth or tokens[end] != "]"):
        depth += (tokens[end] == "{") - (tokens[end] == "}")
        end += 1
    yield from _symbols(tokens[start + 1 : end])
    return end + 1


def _words(tokens: list[str]) -> Iterator[str]:
    """Yield the symbols of words, without quotation marks and dashes: converters differ in them."""
    for number, part in enumerate(re.split(r"(?<!\\)\$", "".join(tokens))):
        if number % 2:
            yield from _symbols(_TOKEN.findall(part))
        else:
            yield re.sub(r"[`'\"-]", "", "".join(_symbols(_TOKEN.findall(part))).replace("′", ""))


def _after_blanks(tokens: list[str], at: int) -> int:
    while at < len(tokens) and (tokens[at].isspace() or tokens[at].startswith("%")):
        at += 1
    return at


def _after_argument(tokens: list[str], at: int) -> int:
    """Return the index after the argument at *at*: a group in braces, or a single token."""
    at = _after_blanks(tokens, at)
    depth = 0
    while at < len(tokens):
        depth += (tokens[at] == "{") - (tokens[at] == "}")
        at += 1
        if depth <= 0:
            break
    return at
