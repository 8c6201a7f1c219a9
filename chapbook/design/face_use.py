"""Finds out which faces a text uses, and for which characters, so that a file embeds no more.

This module knows how `text.css` sets the elements. If a designer's own sheet sets them differently,
a browser slants or emboldens a face that is embedded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from chapbook.design import fonts
from chapbook.design.faces import MATH, Face
from chapbook.design.fonts import Instance
from chapbook.design.template_context import View, labels
from chapbook.design.templates import Design
from chapbook.model import vocabulary
from chapbook.model.dom import parse_html

_ITALIC = frozenset("em i cite dfn var address h4 h5 h6".split())
_STRONG = frozenset("strong b th dt".split())
_HEADING = frozenset({"h2", "h3"})
_MONO = frozenset("pre code kbd samp".split())
# The kinds of highlighted code that code.css does not set plain.
_ITALIC_CODE = frozenset({vocabulary.CODE["comment"]})
_STRONG_CODE = frozenset({vocabulary.CODE["keyword"], vocabulary.CODE["added"]})

_UNSEEN = frozenset(" \n\t\u00a0")
_HYPHENS = frozenset(" \u00a0-\u2010")  # hyphenation uses U+2010 if a face has it, otherwise U+002D


@dataclass(frozen=True, slots=True)
class Setting:
    """The setting of a run of text: its family, weight and slant."""

    role: str = "text"  # which of the `--face-` tokens names its family
    weight: int = 400
    italic: bool = False


TEXT = Setting()


class FaceUse:
    """Collects texts and their settings; `instances` then cuts the faces."""

    def __init__(self, design: Design, lang: str) -> None:
        self._design = design
        self._lang = lang
        self._characters: dict[Setting, set[str]] = defaultdict(set)
        self._formulas: set[str] = set()

    def add(self, text: str, setting: Setting = TEXT) -> None:
        """Record that *text* is set in *setting*."""
        self._characters[setting].update(text)

    def add_tree(self, node: Element, setting: Setting = TEXT) -> None:
        """Record all text in *node*, which is part of a text set in *setting*."""
        if node.tag == "math":
            self._formulas.update(_signs(node))
            return
        own = self._within(node, setting)
        self.add(node.text or "", own)
        for child in node:
            self.add_tree(child, own)
            self.add(child.tail or "", own)

    def _within(self, node: Element, setting: Setting) -> Setting:
        tag = node.tag
        if tag == "span" and setting.role == "mono":
            return self._within_code(node.get("class"), setting)
        if tag in _ITALIC:
            # Emphasis within emphasis is upright, but not always in a heading: take both.
            return replace(setting, italic=True)
        if tag in _STRONG:
            return replace(setting, weight=self._weight("--weight-strong"))
        if tag in _HEADING:
            return replace(setting, weight=self._weight("--weight-heading"))
        if tag in _MONO:
            return replace(setting, role="mono")
        return setting

    def _within_code(self, kind: str | None, setting: Setting) -> Setting:
        if kind in _STRONG_CODE:
            return replace(setting, weight=self._weight("--weight-strong"))
        return replace(setting, italic=True) if kind in _ITALIC_CODE else setting

    def _weight(self, token: str) -> int:
        value = self._design.tokens.get(token, "")
        return int(value) if value.isdecimal() else 400

    def title(self) -> Setting:
        """Return the setting of the title."""
        return Setting("display", self._weight("--weight-title"))

    def instances(self) -> tuple[Instance, ...]:
        """Return the faces in use, each cut to its characters; faces without any are left out."""
        wanted: dict[Face, set[str]] = defaultdict(set)
        for setting, characters in self._characters.items():
            face = _nearest(fonts.faces(self._design.family(f"--face-{setting.role}")), setting)
            visible = frozenset(characters - _UNSEEN)
            foreign = fonts.beyond(self._design.families, visible)
            for script_face, script_characters in fonts.shared(
                face, visible, foreign, self._lang
            ).items():
                wanted[script_face] |= fonts.covered(script_face, script_characters - _UNSEEN)
        texts = tuple(
            fonts.cut(face, characters | _HYPHENS)
            for face, characters in wanted.items()
            if characters
        )
        return (*texts, fonts.cut(MATH, self._formulas)) if self._formulas else texts


def _signs(math: Element) -> Iterator[str]:
    """Yield the characters in which browsers set a formula; a single letter is italic."""
    for node in math.iter():
        text = (node.text or "").strip()
        if node.tag != "annotation":
            yield from text
        if node.tag == "mi" and len(text) == 1:
            yield from _ITALIC_LETTERS.get(text, "")
        yield from _DRAWN_FOR.get(node.tag, "")
        yield from _STRETCHED.get(text, "")


def _range(first: str, last: str, italic: int) -> dict[str, str]:
    codes = range(ord(first), ord(last) + 1)
    return {chr(code): chr(italic + code - ord(first)) for code in codes}


_DRAWN_FOR = {"msqrt": "√", "mroot": "√"}
_STRETCHED = {
    **dict.fromkeys("‾¯\u0305", "\u0305‾¯"),
    **dict.fromkeys("_\u0332", "\u0332_"),
    **dict.fromkeys("^ˆ\u0302", "\u0302ˆ^"),
    **dict.fromkeys("~˜\u0303", "\u0303˜~"),
}  # the sign in the text may be another one in the face
_ITALIC_LETTERS = {  # MathML Core, appendix C.13
    **_range("A", "Z", 0x1D434),
    **_range("a", "z", 0x1D44E),
    **_range("Α", "Ω", 0x1D6E2),
    **_range("α", "ω", 0x1D6FC),
    "h": "ℎ",
    "∇": "𝛻",
    "∂": "𝜕",
    "ϵ": "𝜖",
    "ϑ": "𝜗",
    "ϰ": "𝜘",
    "ϕ": "𝜙",
    "ϱ": "𝜚",
    "ϖ": "𝜛",
    "ı": "𝚤",
    "ȷ": "𝚥",
}


def faces_of(view: View, design: Design) -> FaceUse:
    """Return the faces of *view*, including its title and the words of the templates."""
    use = FaceUse(design, view.metadata.lang)
    use.add("".join([*fonts.FURNITURE, *_said(view)]))
    use.add_tree(parse_html(view.metadata.title_html), use.title())
    if view.metadata.subtitle_html:
        use.add_tree(parse_html(view.metadata.subtitle_html), Setting(italic=True))
    for tree in (view.body, *(note.body for note in view.notes)):
        use.add_tree(tree)
    return use


def _said(view: View) -> Iterator[str]:
    """Yield the words that templates add in the face of the text."""
    yield from view.words.values()
    yield from view.imprint
    yield from labels(view.contents)
    yield view.authors


def suited(design: Design, view: View) -> Design:
    """Return *design* with the faces of the other scripts in *view*, and with its running heads.

    In a book that is read from right to left, versos are on the right.
    """
    metadata = view.metadata
    texts = [*_said(view), metadata.full_title, metadata.running_title or ""]
    texts += [*filter(None, (metadata.publisher, metadata.rights, metadata.abstract))]
    for tree in (view.body, *(note.body for note in view.notes)):
        texts += tree.itertext()
    if metadata.direction == "rtl":
        heads = (design.tokens["--head-right"], design.tokens["--head-left"])
        design = design.with_tokens(dict(zip(("--head-left", "--head-right"), heads, strict=True)))
    return design.with_scripts(fonts.scripts_of(design.families, "".join(texts), metadata.lang))


def _nearest(faces: Iterable[Face], setting: Setting) -> Face:
    """Return the face with the right slant and the nearest weight."""
    style = "italic" if setting.italic else "normal"
    return min(faces, key=lambda face: (face.style != style, abs(face.weight - setting.weight)))
