"""Reduce pandoc's HTML to the one DOM: an allow-list, and a finding for whatever is refused.

The manuscript is untrusted. What passes here is all that any format will ever see, so what no
format may carry (scripts, handlers, remote loads, styles that position) ends here, in one place.
Refused elements keep their words wherever they hold words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import tinyhtml5

from chapbook.dom import MATHML, VOID_ELEMENTS, append, element
from chapbook.errors import Code, Finding, Place, SourceError, warning
from chapbook.places import Places

ELEMENTS = frozenset(
    "a abbr article aside b bdi bdo blockquote br caption cite code col colgroup dd del details "
    "dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark "
    "ol p pre q rp rt ruby s samp section small span strong sub summary sup table tbody td tfoot "
    "th thead time tr u ul var wbr".split()
)
# MathML Core (W3C), and the annotation that holds the TeX.
MATHML_ELEMENTS = frozenset(
    "math semantics annotation mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle merror "
    "mpadded mphantom msub msup msubsup munder mover munderover mmultiscripts mprescripts none "
    "mtable mtr mtd menclose mfenced".split()
)
# These hold no words of the author's: what is inside goes with them.
_DROPPED_WHOLE = frozenset("script style template noscript head title iframe svg".split())
# pandoc's own wrappings, unwrapped without a word.
_UNWRAPPED_SILENTLY = frozenset({"label"})

_GLOBAL_ATTRIBUTES = frozenset("id class lang dir title role".split())
_ATTRIBUTES = {
    "a": frozenset({"href"}),
    "img": frozenset("src alt width height".split()),
    "td": frozenset("colspan rowspan headers".split()),
    "th": frozenset("colspan rowspan headers scope abbr".split()),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "ol": frozenset("start reversed type".split()),
    "li": frozenset({"value"}),
    "blockquote": frozenset({"cite"}),
    "q": frozenset({"cite"}),
    "del": frozenset("cite datetime".split()),
    "ins": frozenset("cite datetime".split()),
    "time": frozenset({"datetime"}),
    "details": frozenset({"open"}),
}
_MATHML_ATTRIBUTES = frozenset(
    "display encoding mathvariant stretchy fence separator form accent accentunder width height "
    "depth lspace rspace voffset linethickness rowspacing columnspacing columnalign rowalign "
    "notation open close separators displaystyle scriptlevel columnlines rowlines minsize maxsize "
    "movablelimits symmetric largeop rowspan columnspan".split()
)
# Attributes pandoc or the author may set that mean nothing to a reader: dropped without a word.
_SILENT_ATTRIBUTES = re.compile(r"data-.*|aria-.*|style|type|checked|disabled|tabindex|xmlns.*|rel")
_LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_WIDTH = re.compile(r"(?:^|;)\s*(?:flex-basis|width)\s*:\s*(\d+(?:\.\d+)?)%")
_ALIGNMENT = re.compile(r"(?:^|;)\s*text-align\s*:\s*(left|right|center)")

DEEPEST = 100  # WeasyPrint's layout recurses; lists 500 deep end it (measured)
WIDEST_SPAN = 1000  # HTML's own limit on colspan (HTML 4.9.11); WeasyPrint has none


@dataclass(slots=True)
class _Sanitizer:
    places: Places
    findings: list[Finding] = field(default_factory=list)

    def refuse(self, code: Code, message: str, where: Place) -> None:
        self.findings.append(warning(code, message, where))

    # Elements ---------------------------------------------------------------------------------

    def fill(self, target: Element, source: Element, depth: int) -> None:
        """Copy into *target* what may stay of *source*'s text and children."""
        if depth > DEEPEST:
            raise SourceError(
                f"elements are nested more than {DEEPEST} deep",
                where=self.places.of(_some_text(source)),
                remedy="flatten the lists, quotes or divs",
            )
        append(target, source.text or "")
        for child in source:
            self.place(target, child, depth)
            append(target, child.tail or "")

    def place(self, target: Element, child: Element, depth: int) -> None:
        name: object = child.tag
        if not isinstance(name, str):
            return  # a comment or a processing instruction: no words of the text
        tag = name.removeprefix(f"{{{MATHML}}}")
        in_mathml = tag != name
        tag = tag.rpartition("}")[2]
        if tag == "input":
            self.task(target, child)
        elif tag in (MATHML_ELEMENTS if in_mathml else ELEMENTS):
            kept = Element(tag)
            target.append(kept)
            self.copy_attributes(kept, child, in_mathml=in_mathml)
            if tag == "math":
                kept.set("xmlns", MATHML)
            if tag not in VOID_ELEMENTS:
                self.fill(kept, child, depth + 1)
        elif tag in _DROPPED_WHOLE:
            where = self.places.of_element(tag)
            self.refuse(Code.ELEMENT_REFUSED, f"<{tag}> is not carried and was left out", where)
        else:
            if tag not in _UNWRAPPED_SILENTLY:
                where = self.places.of_element(tag)
                told = f"<{tag}> is not carried; the words in it stay"
                self.refuse(Code.ELEMENT_REFUSED, told, where)
            if tag not in VOID_ELEMENTS:
                self.fill(target, child, depth + 1)

    def task(self, target: Element, box: Element) -> None:
        """A task list's checkbox becomes the state of its item: it is no form to fill in."""
        if box.get("type") == "checkbox":
            state = "done" if box.get("checked") is not None else "open"
            append(target, element("span", class_=f"task {state}"))
        else:
            where = self.places.of_element("input")
            self.refuse(Code.ELEMENT_REFUSED, "<input> is not carried and was left out", where)

    # Attributes -------------------------------------------------------------------------------

    def copy_attributes(self, kept: Element, source: Element, *, in_mathml: bool) -> None:
        allowed = (
            _MATHML_ATTRIBUTES
            if in_mathml
            else _GLOBAL_ATTRIBUTES | _ATTRIBUTES.get(kept.tag, frozenset())
        )
        for name, value in source.items():
            if name == "style" and not in_mathml:
                _style_to_classes(kept, value)
            elif name in allowed:
                self.copy_attribute(kept, name, value)
            elif not _SILENT_ATTRIBUTES.fullmatch(name.rpartition("}")[2]):
                where = self.places.of_attribute(name)
                told = f"the attribute {name} of <{kept.tag}> is not carried"
                self.refuse(Code.ATTRIBUTE_REFUSED, told, where)

    def copy_attribute(self, kept: Element, name: str, value: str) -> None:
        check = _CHECKS.get(name)
        if check is None or check(value):
            kept.set(name, value.strip() if check else value)
        elif name == "href":
            told = f"the link to “{value[:60]}” is not carried; its words stay"
            self.refuse(Code.LINK_REFUSED, told, self.places.of(value))
        else:
            told = f'{name}="{value[:60]}" of <{kept.tag}> is not taken'
            self.refuse(Code.ATTRIBUTE_REFUSED, told, self.places.of_attribute(name))


def _is_link(value: str) -> bool:
    """Whether a link may be carried: to the web, to a mailbox, to a telephone, into the text."""
    # Browsers skip white space and control characters inside a scheme: so must the check.
    cleaned = re.sub(r"[\s\x00-\x20]", "", value)
    try:
        parts = urlsplit(cleaned)
    except ValueError:
        return False
    if parts.scheme:
        return parts.scheme.lower() in _LINK_SCHEMES
    return cleaned.startswith("#")


def _is_span(value: str) -> bool:
    return value.strip().isdecimal() and 1 <= int(value.strip()[:9]) <= WIDEST_SPAN


def _is_number(value: str) -> bool:
    return re.fullmatch(r"\s*-?\d{1,9}\s*", value) is not None


def _is_pixels(value: str) -> bool:
    return re.fullmatch(r"\s*\d{1,5}(?:px)?\s*", value) is not None


_CHECKS: dict[str, Callable[[str], bool]] = {
    "href": _is_link,
    "cite": lambda value: _is_link(value) and not value.startswith("#"),
    "colspan": _is_span,
    "rowspan": _is_span,
    "span": _is_span,
    "start": _is_number,
    "value": _is_number,
    "lang": lambda value: _LANGUAGE.fullmatch(value.strip()) is not None,
    "dir": lambda value: value.strip() in {"ltr", "rtl", "auto"},
    "scope": lambda value: value.strip() in {"row", "col", "rowgroup", "colgroup"},
    "role": lambda value: re.fullmatch(r"[a-z -]+", value.strip()) is not None,
    "type": lambda value: value.strip() in {"1", "a", "A", "i", "I"},
}


def _style_to_classes(kept: Element, style: str) -> None:
    """Keep what pandoc says in style attributes, as classes: no format has inline style."""
    names = kept.get("class", "").split()
    if width := _WIDTH.search(style):
        percent = min(100, max(1, round(float(width[1]))))
        names.append(f"width-{percent}")
    if alignment := _ALIGNMENT.search(style):
        names.append(f"align-{alignment[1]}")
    if names:
        kept.set("class", " ".join(names))


def _some_text(node: Element) -> str:
    return next((text.strip() for text in node.itertext() if text.strip()), "")[:40]


def sanitize(html: str, places: Places) -> tuple[Element, tuple[Finding, ...]]:
    """The HTML fragment *html* as an allow-listed `article`, and what was refused of it."""
    root = tinyhtml5.parse(html, namespace_html_elements=False)
    body = root.find("body")
    article = Element("article")
    sanitizer = _Sanitizer(places)
    # The HTML algorithm moves a fragment's first scripts and styles into the head.
    for part in (root.find("head"), body):
        if part is not None:
            sanitizer.fill(article, part, 0)
    return article, tuple(sanitizer.findings)


def sanitize_inline(html: str, places: Places) -> Element:
    """Phrasing content for a title or an abstract, as a `span`; refusals are not reported here."""
    article, _ = sanitize(html, places)
    return element("span", article.text or "", *list(article))
