"""Rules about styles that fail on some reading systems, or override the reader's choice.

CSS is parsed by tinycss2, the parser of WeasyPrint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from chapbook.checks.reading_systems import limits
from chapbook.checks.reading_systems.epub import XHTML, Epub, line_of
from chapbook.checks.reading_systems.fault import Fault, Spot, awkward
from chapbook.model.errors import Code

LARGEST_SHEET_BYTES = 1_000_000  # the parser, written in Python, takes seconds for it
_DEEPEST = 8  # at-rules within at-rules

_PX_PER_UNIT = {
    "px": 1.0,
    "pt": 96 / 72,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "q": 96 / 101.6,
}
_LAYOUTS = frozenset("flex inline-flex grid inline-grid".split())
_RESIZED = frozenset({"font-size", "line-height", "font"})
_WIDE = frozenset({"width", "min-width"})
_READERS_CHOICE = frozenset(
    "background background-color color font font-family font-size line-height".split()
)
_MARGINS = frozenset("margin margin-left margin-right padding padding-left padding-right".split())
_WHOLE_PAGE = frozenset("html body :root".split())
_WHOLE_TEXT = _WHOLE_PAGE | frozenset({"*", "p", "div", "body p"})
_COLORLESS = frozenset("inherit initial unset revert transparent currentcolor none".split())


@dataclass(frozen=True, slots=True)
class Declaration:
    """A declaration, its selectors, and the at-rules around it."""

    name: str
    value: tuple[Any, ...]
    is_important: bool
    selectors: frozenset[str]
    around: tuple[str, ...]
    line: int

    @property
    def words(self) -> set[str]:
        """The keywords in the value."""
        return {token.lower_value for token in self.value if token.type == "ident"}

    @property
    def lengths_px(self) -> list[float]:
        """The absolute lengths in the value, in CSS pixels."""
        return [
            token.value * _PX_PER_UNIT[token.lower_unit]
            for token in self.value
            if token.type == "dimension" and token.lower_unit in _PX_PER_UNIT
        ]

    def __str__(self) -> str:
        import tinycss2

        return f"{self.name}: {tinycss2.serialize(self.value).strip()[:60]}"


def styles(epub: Epub) -> Iterator[Fault]:
    """Yield faults of the EPUB's stylesheets and style elements."""
    for path, media_type in epub.media_types().items():
        if media_type == "text/css" and path in epub.book.files:
            content = epub.book.files[path]
            if len(content) > LARGEST_SHEET_BYTES:
                message = f"this stylesheet has {len(content) / 1000:,.0f} KB and was not read"
                yield awkward(Code.DOCUMENT_SIZE, message, Spot(path))
            else:
                yield from _faults_of(content.decode("utf-8", "replace"), path, 0)
    for document in epub.documents:
        for element in document.root.iter(f"{XHTML}style"):
            sheet = (element.text or "")[:LARGEST_SHEET_BYTES]
            yield from _faults_of(sheet, document.path, (line_of(element) or 1) - 1)


def inline_styles(epub: Epub) -> Iterator[Fault]:
    """Yield style elements and attributes, which readers' stylesheets cannot override."""
    for document in epub.documents:
        for kind, nodes in (
            ("a style element", [*document.root.iter(f"{XHTML}style")]),
            ("a style attribute", [node for node in document.elements if _is_styled(node)]),
        ):
            if nodes:
                more = f" (as have {len(nodes) - 1} more in this document)" if nodes[1:] else ""
                message = f"{kind}{more}: put it into a stylesheet of its own"
                yield awkward(Code.STYLE_INLINE, message, document.spot(nodes[0]))


def _is_styled(node: Any) -> bool:
    # Within SVG and MathML a style is a part of the drawing.
    return bool(node.tag.startswith(XHTML) and node.get("style", "").strip())


def _faults_of(sheet: str, path: str, lines_before: int) -> Iterator[Fault]:
    """Yield a fault for each rule and property, once for all occurrences in *sheet*."""
    first: dict[tuple[Code, str], tuple[Declaration, str]] = {}
    counts: dict[tuple[Code, str], int] = {}
    for declaration in declarations(sheet):
        for code, judge in _RULES:
            if fault := judge(declaration):
                key = (code, declaration.name)
                first.setdefault(key, (declaration, fault))
                counts[key] = counts.get(key, 0) + 1
    for key, (declaration, fault) in first.items():
        more = f" (and {counts[key] - 1} more such)" if counts[key] > 1 else ""
        where = Spot(path, declaration.line + lines_before)
        yield awkward(key[0], f"{declaration}{more}: {fault}", where)


def declarations(sheet: str) -> Iterator[Declaration]:
    """Yield the declarations of *sheet* for a screen, in order."""
    import tinycss2

    rules = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
    yield from _declarations(rules, ())


def _declarations(nodes: list[Any], around: tuple[str, ...]) -> Iterator[Declaration]:
    import tinycss2

    for node in nodes:
        if node.type == "qualified-rule":
            selectors = frozenset(
                " ".join(part.split()).lower()
                for part in tinycss2.serialize(node.prelude).split(",")
            )
            inside = tinycss2.parse_blocks_contents(node.content)
            yield from _own(inside, selectors, around)
        elif node.type == "at-rule" and node.content is not None and len(around) < _DEEPEST:
            name, condition = (
                node.lower_at_keyword,
                tinycss2.serialize(node.prelude).strip().lower(),
            )
            if name == "page":
                inside = tinycss2.parse_blocks_contents(node.content)
                yield from _own(inside, frozenset({":root"}), around)
            elif name in ("media", "supports", "layer") and condition != "print":
                inner = tinycss2.parse_rule_list(
                    node.content, skip_comments=True, skip_whitespace=True
                )
                yield from _declarations(inner, (*around, f"{name} {condition}"))


def _own(
    inside: list[Any], selectors: frozenset[str], around: tuple[str, ...]
) -> Iterator[Declaration]:
    for item in inside:
        if item.type == "declaration":
            value = tuple(item.value)
            yield Declaration(
                item.lower_name, value, item.important, selectors, around, item.source_line
            )


# The rules ------------------------------------------------------------------------------------


def _layout(declaration: Declaration) -> str | None:
    if any(condition.startswith("supports") for condition in declaration.around):
        return None  # used only if the reader supports it
    if declaration.name == "display" and declaration.words & _LAYOUTS:
        return "older readers lose or overlay such text; use it within @supports, only to add"
    if declaration.name == "position" and declaration.words & {"fixed", "sticky"}:
        return "on pages that reflow it covers text"
    return None


def _fixed_size(declaration: Declaration) -> str | None:
    if declaration.name in _RESIZED and any(declaration.lengths_px):
        return "it does not grow with the reader's own size; use em or a number"
    if declaration.name in _WIDE and any(
        px > limits.WIDTH_PX.figure for px in declaration.lengths_px
    ):
        return f"it is wider than a small screen; use % or em ({limits.WIDTH_PX})"
    is_of_page = declaration.name in _MARGINS and declaration.selectors & _WHOLE_PAGE
    if is_of_page and any(declaration.lengths_px):
        return "readers choose the margins of the page"
    return None


def _color(declaration: Declaration) -> str | None:
    if declaration.name not in ("color", "background", "background-color"):
        return None
    if any("prefers-color-scheme" in condition for condition in declaration.around):
        return None
    if declaration.selectors & _WHOLE_TEXT and not _is_colorless(declaration):
        return "in a reader's night theme the text cannot be read; leave it out"
    return None


def _is_colorless(declaration: Declaration) -> bool:
    return all(
        token.type in ("whitespace", "comment")
        or (token.type == "ident" and token.lower_value in _COLORLESS)
        for token in declaration.value
    )


def _override(declaration: Declaration) -> str | None:
    if declaration.is_important and declaration.name in _READERS_CHOICE:
        return "!important outweighs what the reader chooses"
    return None


_RULES: tuple[tuple[Code, Callable[[Declaration], str | None]], ...] = (
    (Code.CSS_LAYOUT, _layout),
    (Code.CSS_FIXED_SIZE, _fixed_size),
    (Code.CSS_COLOR, _color),
    (Code.CSS_OVERRIDE, _override),
)
