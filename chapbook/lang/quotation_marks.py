"""Quotation marks as each language sets them, wherever an author typed straight ones.

The marks are those of CLDR 46 (`delimiters`), but for French, which CLDR gives without its narrow
spaces, and Arabic, whose books have guillemets. What an author typed as a mark stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from chapbook.model.dom import append, unwrap, walk

OPEN, CLOSE, OPEN_SINGLE, CLOSE_SINGLE = PLACES = "\U0010fff0\U0010fff1\U0010fff2\U0010fff3"
"""What stands for a mark until it is known in which language: characters for private use."""

_ENGLISH = "“”‘’"
# Four marks each: of a quotation and of one in single quotes; a space parts marks of more letters.
_MARKS: Mapping[str, str] = {
    "bg cs de is ka lb lt mk sk sl": "„“‚‘",
    "de-CH de-LI it-CH rm fa ps ckb fr-CH": "«»‹›",
    "fr": "«\u202f \u202f» “ ”",
    "be ru uk": "«»„“",
    "ca el es eu hy it pt-PT sq ar ug": "«»“”",
    "nb nn no": "«»‘’",
    "bs hr sr": "„”‘’",
    "et": "„“«»",
    "pl ro": "„”«»",
    "hu": "„”»«",
    "fi he sv yi": "””’’",
    "ur": "”“’‘",
    "ja yue zh-HK zh-Hant zh-MO zh-TW": "「」『』",
}


def marks(lang: str) -> str | list[str]:
    """The four marks of the language *lang*: opening, closing, and the single ones."""
    subtags = lang.split("-")
    for end in range(len(subtags), 0, -1):
        name = "-".join(subtags[:end])
        for languages, told in _MARKS.items():
            if name in languages.split():
                return told.split(" ") if " " in told else told
    return _ENGLISH


def marked(text: str, lang: str) -> str:
    """*text* with the marks of *lang* in their places.

    >>> marked(f"{OPEN}so{CLOSE}", "de"), marked(f"{OPEN}so{CLOSE}", "ja")
    ('„so“', '「so」')
    """
    if not any(place in text for place in PLACES):
        return text
    return text.translate(dict(zip(map(ord, PLACES), marks(lang), strict=True)))


def set_marks(tree: Element, lang: str) -> None:
    """Set every mark in *tree*, which stands in a text in *lang*; `q` elements become theirs."""
    for parent, node in reversed(list(walk(tree))):
        if node.tag == "q":
            node.text = f"{OPEN}{node.text or ''}"
            append(node, CLOSE)
            node.tag = "span"
            node.attrib.pop("cite", None)
            if not node.attrib:
                unwrap(parent, node)
    _set_within(tree, lang)


def _set_within(node: Element, lang: str) -> None:
    lang = node.get("lang", lang)
    for name in ("alt", "title"):
        if name in node.attrib:
            node.set(name, marked(node.attrib[name], lang))
    node.text = marked(node.text or "", lang) or node.text
    for child in node:
        _set_within(child, lang)
        child.tail = marked(child.tail or "", lang) or child.tail
