"""Quotation marks of each language, in the places where an author typed straight ones.

The marks are from CLDR 46 (`delimiters`), with two exceptions: French gets its narrow spaces, which
CLDR leaves out, and Arabic gets guillemets, which its books use. Typographic marks that an author
typed stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from chapbook.model.dom import append, unwrap, walk

OPEN, CLOSE, OPEN_SINGLE, CLOSE_SINGLE = PLACES = "\U0010fff0\U0010fff1\U0010fff2\U0010fff3"
"""Placeholders for the marks until their language is known: characters for private use."""

_ENGLISH = "“”‘’"
# Four marks for each language: opening, closing, opening single, closing single. Where a mark has
# more than one character, spaces separate the four.
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
    """Return the four marks of the language *lang*: opening, closing, and the two single ones."""
    subtags = lang.split("-")
    for end in range(len(subtags), 0, -1):
        name = "-".join(subtags[:end])
        for languages, four in _MARKS.items():
            if name in languages.split():
                return four.split(" ") if " " in four else four
    return _ENGLISH


def marked(text: str, lang: str) -> str:
    """Return *text* with the marks of *lang* instead of the placeholders.

    >>> marked(f"{OPEN}so{CLOSE}", "de"), marked(f"{OPEN}so{CLOSE}", "ja")
    ('„so“', '「so」')
    """
    if not any(place in text for place in PLACES):
        return text
    return text.translate(dict(zip(map(ord, PLACES), marks(lang), strict=True)))


def set_marks(tree: Element, lang: str) -> None:
    """Replace every placeholder in *tree* and set marks around the text of `q` elements.

    *lang* is the language of the text around *tree*. A `q` becomes a `span`, or is unwrapped where
    no attribute is left.
    """
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
