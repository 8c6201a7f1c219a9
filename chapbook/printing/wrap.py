"""The geometry of a cover wrap: back, spine and front on one sheet, as its printer measures it."""

from __future__ import annotations

from dataclasses import dataclass

from chapbook.printing.printer import Bleed, Printer
from chapbook.printing.settings import PrintSettings
from chapbook.printing.trims import MM_PER_INCH, TrimSize

_MM_PER_PT = MM_PER_INCH / 72
SPINE_CLEAR_MM = 1.6  # on both sides of its text, where the printer names no figure: a fold wanders
_ROUNDING_MM = 0.1  # so that who measures in pixels finds it clear too
LEAST_TYPE_PT = 7.0
INK_EM = 0.92  # from the tops of capitals to the feet of descenders, in em of the size

# Where a trade turns its spines the other way round than ISO 6357 advises, so do we.
_UPWARDS = frozenset("ca de es fr it pt ro".split())


class SpineUnknown(ValueError):
    """The printer tells a spine's width in its own template only."""


@dataclass(frozen=True, slots=True)
class Wrap:
    """A wrap before it is cut and folded. Lengths from the left are from the trimmed edge."""

    trim: TrimSize
    spine_width_mm: float
    bleed: Bleed
    safe_mm: float  # what matters stays this far from every edge and fold
    spine_size_pt: float | None  # the largest type that the spine takes; None: it stays bare
    right_to_left: bool

    @property
    def width_mm(self) -> float:
        """From trimmed edge to trimmed edge."""
        return 2 * self.trim.width_mm + self.spine_width_mm

    @property
    def height_mm(self) -> float:
        """From trimmed edge to trimmed edge."""
        return self.trim.height_mm

    @property
    def front_left_mm(self) -> float:
        """Where the front begins: a book read from the right has it on the left."""
        return 0.0 if self.right_to_left else self.trim.width_mm + self.spine_width_mm

    @property
    def back_left_mm(self) -> float:
        """Where the back begins."""
        return self.trim.width_mm + self.spine_width_mm if self.right_to_left else 0.0


def measure_wrap(
    settings: PrintSettings, printer: Printer, trim: TrimSize, page_count: int, *, rtl: bool
) -> Wrap:
    """The wrap of a book of *page_count* pages. Raises SpineUnknown where no figure is known."""
    width = settings.spine_width_mm or printer.spine_width_mm(page_count, settings.paper)
    if width is None:
        raise SpineUnknown
    clear = printer.spine_clear_mm.figure if printer.spine_clear_mm else SPINE_CLEAR_MM
    size_pt = (width - 2 * (clear + _ROUNDING_MM)) / INK_EM / _MM_PER_PT
    allowed = page_count >= (printer.spine_text_from or 0) and size_pt >= LEAST_TYPE_PT
    safe = printer.cover_safe_mm.figure if printer.cover_safe_mm else 0.25 * MM_PER_INCH
    return Wrap(trim, width, printer.bleed, safe, size_pt if allowed else None, rtl)


def reads_upwards(lang: str, *, rtl: bool) -> bool:
    """Whether a spine's words run from the foot to the head.

    They run so that a book that lies on its back can be read (ISO 6357): downwards in a book that
    is read from the left. Some languages' trades turn them round.

    >>> reads_upwards("en", rtl=False), reads_upwards("fr-CA", rtl=False)
    (False, True)
    """
    return rtl or lang.partition("-")[0] in _UPWARDS
