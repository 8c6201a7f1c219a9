"""Patch of `weasyprint.layout`: a footnote stays on the page of its call, whatever follows.

If a paragraph can break only where it overflows, WeasyPrint 70 (`layout.block._linebox_layout`)
makes room by moving notes of the page, of any paragraph, to the next page. If the paragraph then
moves to the next page itself, those notes do not come back, and a note of an earlier paragraph can
be lost. With the patch, the loop that moves notes finds none on the page.

The patch does not affect columns. There the loop never runs, and the layout of columns asks whether
the page has notes before it moves those that do not fit (`layout.column._report_footnotes`).
"""

from __future__ import annotations

from typing import Any

from chapbook.model.patching import Patch


class _Staying(list[Any]):
    """A page's footnotes. Outside columns, none moves to make room for another block."""

    def __init__(self, notes: list[Any], context: Any) -> None:
        super().__init__(notes)
        self._context = context

    def __bool__(self) -> bool:
        return self._context.in_column and len(self) > 0


def _footnotes_with(_: None) -> property:
    def notes(context: Any) -> Any:
        return context._chapbook_notes  # noqa: SLF001 - ours

    def set_notes(context: Any, notes: list[Any]) -> None:
        context._chapbook_notes = _Staying(notes, context)  # noqa: SLF001 - ours

    return property(notes, set_notes)


def _update_footnote_area_with(original: Any) -> Any:
    def update_footnote_area(context: Any) -> Any:
        # The area itself needs the true list.
        kept = context._chapbook_notes  # noqa: SLF001 - ours
        context._chapbook_notes = list(kept)  # noqa: SLF001
        try:
            return original(context)
        finally:
            context._chapbook_notes = kept  # noqa: SLF001

    return update_footnote_area


_CONTEXT = "weasyprint.layout:LayoutContext"
_CAUSE = "https://github.com/Kozea/WeasyPrint/issues/2432"  # the loop was added for it

PATCHES = (
    Patch(
        _CONTEXT,
        "current_page_footnotes",
        _footnotes_with,
        reported=f"not reported ({_CAUSE} brought the loop)",
        written_for={
            "weasyprint.layout.block:_linebox_layout": "e07bbe000974787e",
            "weasyprint.layout.column:_report_footnotes": "0e9226e4e92830f0",
            f"{_CONTEXT}.layout_footnote": "5075f64aaae4a32d",
            f"{_CONTEXT}.unlayout_footnote": "c7c223cf4a0fda54",
            f"{_CONTEXT}.report_footnote": "f05bad3895c6824c",
        },
    ),
    Patch(
        _CONTEXT,
        "_update_footnote_area",
        _update_footnote_area_with,
        reported="not a defect: the patch above needs it",
        written_for={f"{_CONTEXT}._update_footnote_area": "2e317e4b066fb80c"},
    ),
)
