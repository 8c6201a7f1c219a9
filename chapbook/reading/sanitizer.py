"""Reduce pandoc's HTML to the one DOM: an allow-list, and a finding for whatever is refused.

The manuscript is untrusted. What passes here is all that any format will ever see, so what no
format may carry (scripts, handlers, remote loads, styles that position) ends here, in one place.
Refused elements keep their words wherever they hold words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from chapbook.model import vocabulary
from chapbook.model.dom import (
    BLOCK_ELEMENTS,
    MATHML,
    VOID_ELEMENTS,
    add_class,
    append,
    classes,
    element,
    parse_html,
    tex_of,
)
from chapbook.model.errors import Code, Finding, Place, SourceError, warning
from chapbook.reading.allowlist import (
    ATTRIBUTES,
    CARRIED_DATA,
    CHECKS,
    DROPPED_WHOLE,
    ELEMENTS,
    GLOBAL_ATTRIBUTES,
    MATHML_ATTRIBUTES,
    MATHML_CHECKS,
    MATHML_ELEMENTS,
    PHRASING,
    PLACES,
    SILENT_ATTRIBUTES,
    UNWRAPPED_SILENTLY,
    hiding,
    link_remedy,
    settled_link,
)
from chapbook.reading.class_names import settle_classes
from chapbook.reading.legacy_html import modernize
from chapbook.reading.manuscript import CONTROL_CHARACTER
from chapbook.reading.source_positions import OnePlace, Places

DEEPEST = 100  # WeasyPrint's layout recurses; lists 500 deep end it (measured)
MOST_SPANNED_CELLS = 100_000  # WeasyPrint keeps a grid: a million cells take it 17 s (measured)


@dataclass(slots=True)
class _Sanitizer:
    places: Places
    elements: frozenset[str] = ELEMENTS
    findings: list[Finding] = field(default_factory=list)
    passed: str = ""  # the words last met: where they stand, what follows them is not far
    trail: list[Element] = field(default_factory=list)  # the elements that we are in
    spanned: int = 0  # table cells made by colspan and rowspan

    def refuse(self, code: Code, message: str, where: Place) -> None:
        self.findings.append(warning(code, message, where))

    @property
    def inline(self) -> bool:
        return self.elements is PHRASING

    # Elements ---------------------------------------------------------------------------------

    def fill(self, target: Element, source: Element) -> None:
        """Copy into *target* what may stay of *source*'s text and children."""
        self.trail.append(source)
        if len(self.trail) > DEEPEST:
            raise self.too_deep()
        self.write(target, source.text)
        for child in source:
            if name := hiding(child.attrib):
                told = f"<{child.tag}> is hidden, so it was left out"
                self.refuse_attribute(name, child.get(name, ""), told)
            else:
                self.place(target, child)
            self.write(target, child.tail)
        self.trail.pop()

    def write(self, target: Element, text: str | None) -> None:
        if text:
            append(target, self.clean(text))
            self.passed = text if text.strip() else self.passed

    def clean(self, text: str) -> str:
        """*text* without the characters that an entity can make and no book can hold."""
        if not CONTROL_CHARACTER.search(text):
            return text
        for found in CONTROL_CHARACTER.finditer(text):
            told = f"a control character, U+{ord(found[0]):04X}, that no book can hold"
            self.refuse(Code.ELEMENT_REFUSED, told, self.places.of(found[0], *self.near()))
        return CONTROL_CHARACTER.sub("\ufffd", text)

    def near(self) -> tuple[str, ...]:
        """Words to look for where the thing itself cannot be found in the manuscript."""
        last_line = self.passed.strip().rpartition("\n")[2]
        longest = max(re.findall(r"\w+", last_line), key=len, default="")
        return last_line[-60:], longest

    def too_deep(self) -> SourceError:
        where = self.places.of(_some_text(self.trail[-1]))
        for step in self.trail:
            if text := (step.text or "").strip():
                where = self.places.of(text)
        return SourceError(
            f"elements are nested more than {DEEPEST} deep",
            where=where,
            remedy="flatten the lists, quotes or divs",
        )

    def place(self, target: Element, child: Element) -> None:
        name: object = child.tag
        if not isinstance(name, str):
            return  # a comment or a processing instruction: no words of the text
        tag = name.removeprefix(f"{{{MATHML}}}")
        in_mathml = tag != name
        tag = tag.rpartition("}")[2]
        into_mathml = target.tag in MATHML_ELEMENTS  # where HTML has no place in XHTML
        if tag == "input":
            self.task(target, child)
        elif tag == "math" and self.inline:
            self.write(target, tex_of(child))  # a title is set where no formula can be drawn
        elif tag in (MATHML_ELEMENTS if in_mathml else self.elements) and in_mathml >= into_mathml:
            kept = Element(tag)
            target.append(kept)
            self.copy_attributes(kept, child, in_mathml=in_mathml)
            if tag == "math":
                kept.set("xmlns", MATHML)
            if tag not in VOID_ELEMENTS:
                self.fill(kept, child)
        elif tag in DROPPED_WHOLE or (self.inline and vocabulary.FOOTNOTE_REF in classes(child)):
            self.leave_out(tag, child)
        else:
            if tag not in UNWRAPPED_SILENTLY and not (self.inline and tag in BLOCK_ELEMENTS):
                told = f"<{tag}> is not carried; the words in it stay"
                self.refuse(Code.ELEMENT_REFUSED, told, self.where_of(tag, child))
            self.write(target, child.get("alt") if tag == "img" else None)
            if tag not in VOID_ELEMENTS:
                self.fill(target, child)

    def where_of(self, tag: str, node: Element) -> Place:
        addresses = (node.get(name, "") for name in ("src", "href", "data"))
        return self.places.of_element(tag, *addresses, _some_text(node), *self.near())

    def leave_out(self, tag: str, node: Element) -> None:
        told = f"<{tag}> is not carried and was left out: {_INSTEAD.get(tag, 'delete it')}"
        self.refuse(Code.ELEMENT_REFUSED, told, self.where_of(tag, node))
        for inner in node.iter():  # gone too, so the next of their kind is another
            if inner is not node and isinstance(inner.tag, str):
                self.places.of_element(inner.tag.rpartition("}")[2])

    def task(self, target: Element, box: Element) -> None:
        """A task list's checkbox becomes the state of its item: it is no form to fill in."""
        if box.get("type") == "checkbox" and not self.inline:
            state = vocabulary.DONE if box.get("checked") is not None else vocabulary.OPEN
            append(target, element("span", class_=f"{vocabulary.TASK} {state}"))
        else:
            self.leave_out("input", box)

    # Attributes -------------------------------------------------------------------------------

    def copy_attributes(self, kept: Element, source: Element, *, in_mathml: bool) -> None:
        allowed = (
            MATHML_ATTRIBUTES
            if in_mathml
            else GLOBAL_ATTRIBUTES | CARRIED_DATA | ATTRIBUTES.get(kept.tag, frozenset())
        )
        checks = MATHML_CHECKS if in_mathml else CHECKS
        for name, value in source.items():
            if name == "style" and not in_mathml:
                self.keep_style(kept, value)
            elif name == "align" and kept.tag == "img" and value.strip().lower() in PLACES:
                add_class(kept, value.strip().lower())
            elif name == "class" and not in_mathml:
                for each in self.clean(value).split():
                    add_class(kept, each)
            elif name == "id" and self.inline:
                continue  # a title stands in several places of a file, an id in one
            elif name in allowed:
                self.copy_attribute(kept, name, value, checks.get(name))
            elif not SILENT_ATTRIBUTES.fullmatch(name.rpartition("}")[2]):
                told = f"the attribute {name} of <{kept.tag}> is not carried"
                self.refuse_attribute(name, value, told)
        if kept.tag in {"td", "th"}:
            self.limit_spans(kept)

    def copy_attribute(
        self, kept: Element, name: str, value: str, check: Callable[[str], bool] | None
    ) -> None:
        if check is None or check(value):
            kept.set(name, self.clean(value.strip() if check else value))
            if name in {"href", "cite"}:
                kept.set(name, settled_link(value) or "")
        elif name == "href":
            told = f"the link to “{_shown(value)}” is not carried: {link_remedy(value)}"
            self.refuse(Code.LINK_REFUSED, told, self.places.of(value, *self.near()))
        else:
            self.refuse_attribute(
                name, value, f'{name}="{_shown(value)}" of <{kept.tag}> is not taken'
            )

    def refuse_attribute(self, name: str, value: str, told: str) -> None:
        where = self.places.of_attribute(name, value, *self.near())
        self.refuse(Code.ATTRIBUTE_REFUSED, told, where)

    def keep_style(self, kept: Element, style: str) -> None:
        """Keep what pandoc says in style attributes, as classes: no format has inline style."""
        rest = style
        if width := _WIDTH.search(rest):
            percent = min(100, max(1, round(float(width[1]))))
            add_class(kept, f"{vocabulary.WIDTH}{percent}")
            rest = rest.replace(width[0], "")
        for size in _SIZE.finditer(rest) if kept.tag == "img" else ():
            kept.set(size[1].lower(), str(max(1, round(float(size[2]) * _PX[size[3].lower()]))))
            rest = rest.replace(size[0], "")
        if alignment := _ALIGNMENT.search(rest):
            add_class(kept, f"{vocabulary.PREFIX}align-{alignment[1].lower()}")
            rest = rest.replace(alignment[0], "")
        if rest.strip(" \t\r\n;"):
            told = f"the style “{_shown(rest)}” of <{kept.tag}> is not carried"
            self.refuse_attribute("style", style, told)

    def limit_spans(self, cell: Element) -> None:
        """Take the spans from a cell that would swell its table beyond what a machine bears."""
        cells = int(cell.get("colspan", "1")) * int(cell.get("rowspan", "1"))
        if cells > 1:
            self.spanned += cells
            if self.spanned > MOST_SPANNED_CELLS:
                self.spanned -= cells
                for name in ("colspan", "rowspan"):
                    if value := cell.attrib.pop(name, ""):
                        told = f"{name}={value} of <{cell.tag}> makes the table too large"
                        self.refuse_attribute(name, value, told)


_INSTEAD = {
    "svg": "save it beside the manuscript and write ![what it shows](drawing.svg)",
    "style": "put what it shall do into a templates/ folder",
}
_WIDTH = re.compile(
    r"(?:^|;)\s*(?:flex-basis|width)\s*:\s*(\d{1,6}(?:\.\d+)?)%\s*(?=;|$)", re.ASCII
)
_SIZE = re.compile(
    r"(?:^|(?<=;))\s*(width|height)\s*:\s*(\d{1,5}(?:\.\d+)?)(px|pt|pc|in|cm|mm|r?em)\s*(?:;|$)",
    re.ASCII | re.IGNORECASE,
)
# CSS pixels (CSS Values 4, 6.2); an em is as long as where nothing sets the size of type.
_PX = {"px": 1, "pt": 96 / 72, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4}
_PX |= {"em": 16, "rem": 16}
_ALIGNMENT = re.compile(r"(?:^|;)\s*text-align\s*:\s*(left|right|center)\s*(?=;|$)", re.IGNORECASE)


def _shown(value: str) -> str:
    """*value* as a message shows it: on one line, and not too long."""
    line = " ".join(CONTROL_CHARACTER.sub("\ufffd", value).split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def _some_text(node: Element) -> str:
    return next((text.strip() for text in node.itertext() if text.strip()), "")[:40]


def sanitize(html: str, places: Places) -> tuple[Element, tuple[Finding, ...]]:
    """The HTML fragment *html* as an allow-listed `article`, and what was refused of it."""
    article = Element("article")
    return article, _sanitize_into(article, html, _Sanitizer(places))


def sanitize_inline(html: str, where: Place) -> tuple[Element, tuple[Finding, ...]]:
    """Phrasing content for a title or an abstract, as a `span`, and what was refused of it.

    *where* is the key's place in the metadata block.
    """
    span = Element("span")
    return span, _sanitize_into(span, html, _Sanitizer(OnePlace(where), PHRASING))


def _sanitize_into(target: Element, html: str, sanitizer: _Sanitizer) -> tuple[Finding, ...]:
    places = sanitizer.places
    root = parse_html(html)
    settle_classes(root)
    for tag, link in modernize(root):
        address = link.get("href", "")
        where = sanitizer.where_of(tag, link) if tag else places.of(f"]({address}", address)
        told = f"<{tag}>" if tag else f"“{_shown(address)}”"
        told += " plays in no book: what stands there is a link to it"
        sanitizer.refuse(Code.ELEMENT_REFUSED, told, where)
    # The HTML algorithm moves a fragment's first scripts and styles into the head.
    for part in (root.find("head"), root.find("body")):
        if part is not None:
            sanitizer.fill(target, part)
    return tuple(sanitizer.findings)
