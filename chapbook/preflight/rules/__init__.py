"""The table of rules. A new rule is a function and a row."""

from __future__ import annotations

from collections.abc import Callable

from chapbook.model.errors import Code
from chapbook.preflight.order import Order, Part
from chapbook.preflight.rules import cover, file, ink, paint
from chapbook.preflight.verdict import Reads, Rule
from chapbook.printing.printer import Basis, Source

_BOTH = frozenset(Part)
_INTERIOR = frozenset({Part.INTERIOR})
_COVER = frozenset({Part.COVER})
_PDF = Source("ISO 32000-2, 14.11.2", Basis.OFFICIAL)
_ADVICE = Source("Chapbook", Basis.ADVICE)
_TEMPLATE = Source("the vendor’s template", Basis.SINGLE)

_Sourced = Callable[[Order], Source | None]


def _field(name: str) -> _Sourced:
    """Return a function for the source in the printer's field *name*, or of the limit there."""

    def source(order: Order) -> Source | None:
        value = getattr(order.printer, name)
        field_source: Source | None = getattr(value, "source", value)
        return field_source

    return source


def _color(order: Order) -> Source | None:
    printer = order.printer
    return printer.rgb_only or (printer.gray_interior if order.part is Part.INTERIOR else None)


def _black(order: Order) -> Source:
    printer = order.printer
    return (printer.gray_interior if order.part is Part.INTERIOR else None) or _ADVICE


def _spine(order: Order) -> Source:
    if order.spine_width_mm is not None:
        return Source("the spine’s width", Basis.GIVEN)
    return order.paper.source if order.paper.page_mm is not None else _TEMPLATE


RULES: tuple[Rule, ...] = (
    Rule(Code.PRINT_FILE_SIZE, _BOTH, Reads.FILE, _field("largest_bytes"), file.size),
    Rule(Code.PRINT_ENCRYPTION, _BOTH, Reads.FILE, _field("forbids_encryption"), file.encryption),
    Rule(Code.PRINT_PDF_X, _BOTH, Reads.FILE, _field("wants_pdf_x"), file.pdf_x),
    Rule(Code.PRINT_BOXES, _BOTH, Reads.FILE, lambda _: _PDF, file.boxes),
    Rule(Code.PRINT_TRIM, _BOTH, Reads.FILE, _field("trims"), file.trim),
    Rule(
        Code.PRINT_PAGE_COUNT,
        _INTERIOR,
        Reads.FILE,
        lambda order: order.paper.source,
        file.page_count,
    ),
    Rule(Code.PRINT_SIGNATURE, _INTERIOR, Reads.FILE, lambda _: _ADVICE, file.signature),
    Rule(Code.PRINT_GUTTER, _INTERIOR, Reads.INK, _field("margins"), ink.gutter),
    Rule(Code.PRINT_MARGINS, _INTERIOR, Reads.INK, _field("margins"), ink.margins),
    Rule(Code.PRINT_BLEED, _INTERIOR, Reads.INK, _field("bleed"), ink.bleed),
    Rule(Code.PRINT_BLEED, _COVER, Reads.INK, _field("bleed"), cover.bleed),
    Rule(Code.PRINT_MARKS, _INTERIOR, Reads.INK, _field("forbids_marks"), ink.marks),
    Rule(Code.PRINT_MARKS, _COVER, Reads.INK, _field("forbids_marks"), cover.marks),
    Rule(Code.PRINT_LAST_PAGE, _INTERIOR, Reads.INK, _field("last_page_blank"), file.last_page),
    Rule(Code.PRINT_FONTS, _BOTH, Reads.FILE, _field("embeds_fonts"), file.fonts),
    Rule(Code.PRINT_RESOLUTION, _BOTH, Reads.PAINTED, _field("image_ppi"), paint.resolution),
    Rule(Code.PRINT_COLOR, _BOTH, Reads.PAINTED, _color, paint.color),
    Rule(Code.PRINT_BLACK, _BOTH, Reads.PAINTED, _black, paint.black),
    Rule(Code.PRINT_INK, _BOTH, Reads.PAINTED, _field("ink_percent"), paint.ink),
    Rule(
        Code.PRINT_TRANSPARENCY,
        _BOTH,
        Reads.PAINTED,
        _field("forbids_transparency"),
        paint.transparency,
    ),
    Rule(Code.PRINT_LINES, _BOTH, Reads.PAINTED, _field("line_pt"), paint.lines),
    Rule(Code.PRINT_TYPE, _BOTH, Reads.PAINTED, _field("type_pt"), paint.type_size),
    Rule(Code.PRINT_ANNOTATIONS, _BOTH, Reads.FILE, _field("forbids_annotations"), file.annotated),
    Rule(Code.PRINT_BOOKMARKS, _BOTH, Reads.FILE, _field("forbids_bookmarks"), file.bookmarks),
    Rule(Code.PRINT_INVISIBLE, _BOTH, Reads.PAINTED, _field("forbids_invisible"), file.invisible),
    Rule(Code.PRINT_SPINE_WIDTH, _COVER, Reads.FILE, _spine, cover.spine_width),
    Rule(Code.PRINT_SPINE_TEXT, _COVER, Reads.INK, _field("spine_text"), cover.spine_text),
    Rule(Code.PRINT_SAFE_ZONE, _COVER, Reads.INK, _field("cover_safe_mm"), cover.safe_zone),
)
