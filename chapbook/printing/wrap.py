"""The geometry of a cover wrap: back, spine and front on one sheet, by the printer's figures."""

from __future__ import annotations

from dataclasses import dataclass

from chapbook.printing.printer import Bleed, Printer
from chapbook.printing.settings import PrintSettings
from chapbook.printing.trims import MM_PER_INCH, TrimSize

_MM_PER_PT = MM_PER_INCH / 72
# Empty on both sides of the spine's text where the printer gives no figure: folds are not exact.
SPINE_CLEAR_MM = 1.6
_ROUNDING_MM = 0.1  # so that a measurement in pixels finds it clear too
LEAST_TYPE_PT = 7.0
INK_EM = 0.92  # height from the top of capitals to the bottom of descenders, in em

# Languages whose book trade turns spines the other way than ISO 6357 advises.
_UPWARDS = frozenset("ca de es fr it pt ro".split())


class SpineUnknown(ValueError):
    """The printer gives the spine width in its own template only."""


@dataclass(frozen=True, slots=True)
class Wrap:
    """A wrap before it is cut and folded. Distances from the left start at the trimmed edge."""

    trim: TrimSize
    spine_width_mm: float
    bleed: Bleed
    safe_mm: float  # least distance of text from every edge and fold
    spine_size_pt: float | None  # the largest type size that fits the spine; None: no text
    right_to_left: bool

    @property
    def width_mm(self) -> float:
        """The width from trimmed edge to trimmed edge."""
        return 2 * self.trim.width_mm + self.spine_width_mm

    @property
    def height_mm(self) -> float:
        """The height from trimmed edge to trimmed edge."""
        return self.trim.height_mm

    @property
    def front_left_mm(self) -> float:
        """The left edge of the front, which is 0 in a book that is read from right to left."""
        return 0.0 if self.right_to_left else self.trim.width_mm + self.spine_width_mm

    @property
    def back_left_mm(self) -> float:
        """The left edge of the back."""
        return self.trim.width_mm + self.spine_width_mm if self.right_to_left else 0.0


def measure_wrap(
    settings: PrintSettings, printer: Printer, trim: TrimSize, page_count: int, *, rtl: bool
) -> Wrap:
    """Return the wrap of a book of *page_count* pages.

    Raises SpineUnknown if the width of the spine is not known.
    """
    width = settings.spine_width_mm or printer.spine_width_mm(page_count, settings.paper)
    if width is None:
        raise SpineUnknown
    clear = printer.spine_clear_mm.figure if printer.spine_clear_mm else SPINE_CLEAR_MM
    size_pt = (width - 2 * (clear + _ROUNDING_MM)) / INK_EM / _MM_PER_PT
    allowed = page_count >= (printer.spine_text_from or 0) and size_pt >= LEAST_TYPE_PT
    safe = printer.cover_safe_mm.figure if printer.cover_safe_mm else 0.25 * MM_PER_INCH
    return Wrap(trim, width, printer.bleed, safe, size_pt if allowed else None, rtl)


def reads_upwards(lang: str, *, rtl: bool) -> bool:
    """Return whether the text on a spine runs upwards, from the foot to the head.

    By ISO 6357 the text can be read while the book lies on its back, so it runs downwards in a book
    that is read from left to right. The book trade of some languages turns it the other way.

    >>> reads_upwards("en", rtl=False), reads_upwards("fr-CA", rtl=False)
    (False, True)
    """
    return rtl or lang.partition("-")[0] in _UPWARDS
