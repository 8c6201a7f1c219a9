"""Reduces pandoc's HTML to the one DOM by an allow-list, and returns a finding for each refusal.

The manuscript is untrusted, and every format contains only what passes here. So scripts, event
handlers, remote resources and styles with positions are removed here, in one place. The words of a
refused element are kept, if it has any.
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
    CHECKS,
    DATA_ATTRIBUTES,
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

DEEPEST = 100  # WeasyPrint's layout is recursive; lists 500 deep break it (measured)
MOST_SPANNED_CELLS = 100_000  # WeasyPrint keeps a grid: a million cells take it 17 s (measured)


@dataclass(slots=True)
class _Sanitizer:
    places: Places
    elements: frozenset[str] = ELEMENTS
    findings: list[Finding] = field(default_factory=list)
    passed: str = ""  # the last words copied, near which the next element is in the manuscript
    trail: list[Element] = field(default_factory=list)  # the open elements
    spanned: int = 0  # table cells made by colspan and rowspan

    def refuse(self, code: Code, message: str, where: Place) -> None:
        self.findings.append(warning(code, message, where))

    @property
    def inline(self) -> bool:
        return self.elements is PHRASING

    # Elements ---------------------------------------------------------------------------------

    def fill(self, target: Element, source: Element) -> None:
        """Copy the allowed text and children of *source* into *target*."""
        self.trail.append(source)
        if len(self.trail) > DEEPEST:
            raise self.too_deep()
        self.write(target, source.text)
        for child in source:
            if name := hiding(child.attrib):
                message = f"<{child.tag}> is hidden, so it was left out"
                self.refuse_attribute(name, child.get(name, ""), message)
            else:
                self.place(target, child)
            self.write(target, child.tail)
        self.trail.pop()

    def write(self, target: Element, text: str | None) -> None:
        if text:
            append(target, self.clean(text))
            self.passed = text if text.strip() else self.passed

    def clean(self, text: str) -> str:
        """Return *text* without control characters, which entities can make."""
        if not CONTROL_CHARACTER.search(text):
            return text
        for match in CONTROL_CHARACTER.finditer(text):
            message = f"the control character U+{ord(match[0]):04X}, which a book cannot contain"
            self.refuse(Code.ELEMENT_REFUSED, message, self.places.of(match[0], *self.near()))
        return CONTROL_CHARACTER.sub("\ufffd", text)

    def near(self) -> tuple[str, ...]:
        """Return words to search if the element itself cannot be found in the manuscript."""
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
            return  # a comment or a processing instruction
        tag = name.removeprefix(f"{{{MATHML}}}")
        in_mathml = tag != name
        tag = tag.rpartition("}")[2]
        into_mathml = target.tag in MATHML_ELEMENTS  # XHTML allows no HTML in MathML
        if tag == "input":
            self.task(target, child)
        elif tag == "math" and self.inline:
            self.write(
                target, tex_of(child)
            )  # a formula cannot be drawn everywhere a title is used
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
                message = f"<{tag}> is not supported; its words are kept"
                self.refuse(Code.ELEMENT_REFUSED, message, self.where_of(tag, child))
            self.write(target, child.get("alt") if tag == "img" else None)
            if tag not in VOID_ELEMENTS:
                self.fill(target, child)

    def where_of(self, tag: str, node: Element) -> Place:
        addresses = (node.get(name, "") for name in ("src", "href", "data"))
        return self.places.of_element(tag, *addresses, _some_text(node), *self.near())

    def leave_out(self, tag: str, node: Element) -> None:
        message = f"<{tag}> is not supported and was left out: {_INSTEAD.get(tag, 'delete it')}"
        self.refuse(Code.ELEMENT_REFUSED, message, self.where_of(tag, node))
        for inner in node.iter():  # left out too, so that later places are counted correctly
            if inner is not node and isinstance(inner.tag, str):
                self.places.of_element(inner.tag.rpartition("}")[2])

    def task(self, target: Element, box: Element) -> None:
        """Replace the checkbox of a task list by the state of its item."""
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
            else GLOBAL_ATTRIBUTES | DATA_ATTRIBUTES | ATTRIBUTES.get(kept.tag, frozenset())
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
                continue  # a title is in several places of a file, but an id must be unique
            elif name in allowed:
                self.copy_attribute(kept, name, value, checks.get(name))
            elif not SILENT_ATTRIBUTES.fullmatch(name.rpartition("}")[2]):
                message = f"the attribute {name} of <{kept.tag}> is not supported"
                self.refuse_attribute(name, value, message)
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
            message = f"the link to “{_shown(value)}” is not supported: {link_remedy(value)}"
            self.refuse(Code.LINK_REFUSED, message, self.places.of(value, *self.near()))
        else:
            self.refuse_attribute(
                name, value, f'{name}="{_shown(value)}" of <{kept.tag}> is not allowed'
            )

    def refuse_attribute(self, name: str, value: str, message: str) -> None:
        where = self.places.of_attribute(name, value, *self.near())
        self.refuse(Code.ATTRIBUTE_REFUSED, message, where)

    def keep_style(self, kept: Element, style: str) -> None:
        """Replace pandoc's style attributes by classes, since no format has inline styles."""
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
            message = f"the style “{_shown(rest)}” of <{kept.tag}> is not supported"
            self.refuse_attribute("style", style, message)

    def limit_spans(self, cell: Element) -> None:
        """Remove spans from a cell if they would make its table too large."""
        cells = int(cell.get("colspan", "1")) * int(cell.get("rowspan", "1"))
        if cells > 1:
            self.spanned += cells
            if self.spanned > MOST_SPANNED_CELLS:
                self.spanned -= cells
                for name in ("colspan", "rowspan"):
                    if value := cell.attrib.pop(name, ""):
                        message = f"{name}={value} of <{cell.tag}> makes the table too large"
                        self.refuse_attribute(name, value, message)


_INSTEAD = {
    "svg": "save it beside the manuscript and write ![what it shows](drawing.svg)",
    "style": "put its rules into a templates/ folder",
}
_WIDTH = re.compile(
    r"(?:^|;)\s*(?:flex-basis|width)\s*:\s*(\d{1,6}(?:\.\d+)?)%\s*(?=;|$)", re.ASCII
)
_SIZE = re.compile(
    r"(?:^|(?<=;))\s*(width|height)\s*:\s*(\d{1,5}(?:\.\d+)?)(px|pt|pc|in|cm|mm|r?em)\s*(?:;|$)",
    re.ASCII | re.IGNORECASE,
)
# CSS pixels (CSS Values 4, 6.2); an em is that of the default type size.
_PX = {"px": 1, "pt": 96 / 72, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4}
_PX |= {"em": 16, "rem": 16}
_ALIGNMENT = re.compile(r"(?:^|;)\s*text-align\s*:\s*(left|right|center)\s*(?=;|$)", re.IGNORECASE)


def _shown(value: str) -> str:
    """Return *value* for a message: on one line, and not too long."""
    line = " ".join(CONTROL_CHARACTER.sub("\ufffd", value).split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def _some_text(node: Element) -> str:
    return next((text.strip() for text in node.itertext() if text.strip()), "")[:40]


def sanitize(html: str, places: Places) -> tuple[Element, tuple[Finding, ...]]:
    """Return the HTML fragment *html* as an allow-listed `article`, and findings."""
    article = Element("article")
    return article, _sanitize_into(article, html, _Sanitizer(places))


def sanitize_inline(html: str, where: Place) -> tuple[Element, tuple[Finding, ...]]:
    """Return *html*, a title or an abstract, as a `span` of phrasing content, and findings.

    *where* is the key's place in the front matter block.
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
        message = f"<{tag}>" if tag else f"“{_shown(address)}”"
        message += " cannot be played in a book, so a link replaces it"
        sanitizer.refuse(Code.ELEMENT_REFUSED, message, where)
    # The HTML algorithm moves a fragment's first scripts and styles into the head.
    for part in (root.find("head"), root.find("body")):
        if part is not None:
            sanitizer.fill(target, part)
    return tuple(sanitizer.findings)
