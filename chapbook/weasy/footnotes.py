"""Keep a footnote on the page of its call, whatever is laid out after it.

WeasyPrint 70 (`layout.block._linebox_layout`) makes room for a paragraph that can break only where
it overflows by sending notes of the page, whosever they are, to the next page. Where the paragraph
moves on in the end, those notes do not come back, and one whose own paragraph was laid out before
can be lost. So the loop that sends them away finds no notes on the page.

Columns are left alone: there the loop never runs, and the layout of columns asks whether the page
has notes before it sends on those that do not fit (`layout.column._report_footnotes`).
"""

from __future__ import annotations

from typing import Any


class _Staying(list[Any]):
    """A page's footnotes: outside of columns, none leaves for the sake of another block."""

    def __init__(self, notes: list[Any], context: Any) -> None:
        super().__init__(notes)
        self._context = context

    def __bool__(self) -> bool:
        return self._context.in_column and len(self) > 0


def keep_notes(layout: Any) -> None:
    """Let WeasyPrint's module *layout* send away no footnote but those of the line in hand."""
    context = layout.LayoutContext
    if isinstance(vars(context).get("current_page_footnotes"), property):
        return  # done before
    update = context._update_footnote_area  # noqa: SLF001 - it has no public way

    def update_footnote_area(self: Any) -> Any:
        # The area itself must know what it holds.
        kept = self._chapbook_notes
        self._chapbook_notes = list(kept)
        try:
            return update(self)
        finally:
            self._chapbook_notes = kept

    def notes(self: Any) -> Any:
        return self._chapbook_notes

    def set_notes(self: Any, made: list[Any]) -> None:
        self._chapbook_notes = _Staying(made, self)

    context.current_page_footnotes = property(notes, set_notes)
    context._update_footnote_area = update_footnote_area  # noqa: SLF001
