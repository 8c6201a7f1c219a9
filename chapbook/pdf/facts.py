"""The values that are read from a PDF, in millimeters and points at the printed size.

A module that judges them needs no PDF library. Coordinates begin at the lower left corner of the
page's MediaBox.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

MM_PER_PT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in millimeters."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width_mm(self) -> float:
        """The width in millimeters."""
        return self.right - self.left

    @property
    def height_mm(self) -> float:
        """The height in millimeters."""
        return self.top - self.bottom

    def grown(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return a box that is larger by these millimeters on each side."""
        return Box(self.left - left, self.bottom - bottom, self.right + right, self.top + top)

    def holds(self, other: Box, tolerance_mm: float = 0.0) -> bool:
        """Return whether *other* lies inside this box, within the tolerance."""
        return (
            other.left >= self.left - tolerance_mm
            and other.bottom >= self.bottom - tolerance_mm
            and other.right <= self.right + tolerance_mm
            and other.top <= self.top + tolerance_mm
        )

    def __str__(self) -> str:
        return f"{self.width_mm:.2f} × {self.height_mm:.2f} mm"


class Space(Enum):
    """A family of color spaces, as printers distinguish them."""

    GRAY = "gray"
    RGB = "RGB"
    CMYK = "CMYK"
    SPOT = "spot color"
    OTHER = "device-independent color"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Color:
    """A color as painted. `parts` has its components, 0 to 1; it is empty if they are unknown."""

    space: Space
    parts: tuple[float, ...] = ()

    @property
    def ink_percent(self) -> float | None:
        """The sum of its inks in percent; None where it depends on a color profile."""
        if self.space is Space.CMYK and self.parts:
            return 100 * sum(self.parts)
        if self.space is Space.GRAY and self.parts:
            return 100 * (1 - self.parts[0])
        return None

    @property
    def is_black_of_many_inks(self) -> bool:
        """Whether it is black, or nearly black, and needs more than one ink."""
        if len(self.parts) == 4 and self.space is Space.CMYK:
            return self.parts[3] >= 0.5 and sum(self.parts[:3]) > 0.05
        return False

    @property
    def is_black_in_rgb(self) -> bool:
        """Whether it is a gray or black in RGB, which a press prints with three or four inks."""
        return (
            self.space is Space.RGB
            and len(self.parts) == 3
            and max(self.parts) - min(self.parts) < 0.02
            and max(self.parts) < 0.98
        )


@dataclass(frozen=True, slots=True)
class Picture:
    """An image at the size in which it is printed."""

    width_px: int
    height_px: int
    ppi: float  # the lower of the two directions
    space: Space
    ink_percent: float | None = None  # of the darkest pixel; None where it was not measured


@dataclass(frozen=True, slots=True)
class Painted:
    """All that a page's content paints, each kind once.

    `why_unread` is the reason why reading stopped early; it is empty if all was read.
    """

    type_pt: frozenset[float] = frozenset()
    text_colors: frozenset[Color] = frozenset()
    colors: frozenset[Color] = frozenset()
    line_pt: frozenset[float] = frozenset()
    pictures: frozenset[Picture] = frozenset()
    transparency: frozenset[str] = frozenset()
    invisible: frozenset[str] = frozenset()
    why_unread: str = ""

    @property
    def spaces(self) -> frozenset[Space]:
        """The kinds of color space in use."""
        painted = {color.space for color in self.text_colors | self.colors}
        return frozenset(painted | {picture.space for picture in self.pictures})


@dataclass(frozen=True, slots=True)
class Ink:
    """The visible ink of a page: the `box` around it (None for a blank page) and lines of `text`.

    `why_unread` is the reason why the page could not be drawn; it is empty if it was drawn.
    """

    box: Box | None = None
    text: tuple[Box, ...] = ()
    is_colored: bool = False
    why_unread: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its boxes as the file gives them, and its content."""

    number: int
    media: Box
    crop: Box
    bleed: Box | None
    trim: Box | None
    rotation: int
    user_unit: float
    annotations: tuple[str, ...]
    painted: Painted
    ink: Ink


@dataclass(frozen=True, slots=True)
class Face:
    """A font, and whether the file embeds it."""

    name: str
    is_embedded: bool


@dataclass(frozen=True, slots=True)
class File:
    """All that is read from a PDF."""

    size_bytes: int
    version: str
    is_encrypted: bool
    has_bookmarks: bool
    is_bound_right: bool
    pdf_x: str  # the PDF/X that the file claims to be; empty if none
    output_intents: tuple[str, ...]
    has_layers: bool
    faces: tuple[Face, ...]
    pages: tuple[Page, ...]
