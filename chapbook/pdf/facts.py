"""What was read out of a PDF, in millimeters and points at the printed size.

Values only: whoever judges them needs no PDF library. Coordinates are those of the page, from its
MediaBox's lower left corner.
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
        """How wide it is."""
        return self.right - self.left

    @property
    def height_mm(self) -> float:
        """How high it is."""
        return self.top - self.bottom

    def grown(self, left: float, bottom: float, right: float, top: float) -> Box:
        """The box that reaches so much further out on each side."""
        return Box(self.left - left, self.bottom - bottom, self.right + right, self.top + top)

    def holds(self, other: Box, tolerance_mm: float = 0.0) -> bool:
        """Whether *other* lies within."""
        return (
            other.left >= self.left - tolerance_mm
            and other.bottom >= self.bottom - tolerance_mm
            and other.right <= self.right + tolerance_mm
            and other.top <= self.top + tolerance_mm
        )

    def __str__(self) -> str:
        return f"{self.width_mm:.2f} × {self.height_mm:.2f} mm"


class Space(Enum):
    """A family of color spaces, as a printer tells them apart."""

    GRAY = "gray"
    RGB = "RGB"
    CMYK = "CMYK"
    SPOT = "spot color"
    OTHER = "device-independent color"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Color:
    """A color as painted: 0 to 1 in each component. `parts` is empty where it cannot be told."""

    space: Space
    parts: tuple[float, ...] = ()

    @property
    def ink_percent(self) -> float | None:
        """How much ink it lays down; None where only a profile can tell."""
        if self.space is Space.CMYK and self.parts:
            return 100 * sum(self.parts)
        if self.space is Space.GRAY and self.parts:
            return 100 * (1 - self.parts[0])
        return None

    @property
    def is_black_of_many_inks(self) -> bool:
        """Whether it is a black, or nearly, that needs more than one ink."""
        if len(self.parts) == 4 and self.space is Space.CMYK:
            return self.parts[3] >= 0.5 and sum(self.parts[:3]) > 0.05
        return False

    @property
    def is_black_in_rgb(self) -> bool:
        """Whether it is a gray or black that a press would have to make of three or four inks."""
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
    ppi: float  # the lower of both directions
    space: Space
    ink_percent: float | None = None  # the most in any pixel; None where it was not measured


@dataclass(frozen=True, slots=True)
class Painted:
    """What a page's content paints, each thing once. `why_unread` tells what stopped us."""

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
        """Every kind of color space in use."""
        painted = {color.space for color in self.text_colors | self.colors}
        return frozenset(painted | {picture.space for picture in self.pictures})


@dataclass(frozen=True, slots=True)
class Ink:
    """What can be seen on the page. `box` is None where that is nothing."""

    box: Box | None = None
    text: tuple[Box, ...] = ()
    is_colored: bool = False
    why_unread: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its boxes as the file gives them, and what is on it."""

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
    """A font, and whether the file brings it."""

    name: str
    is_embedded: bool


@dataclass(frozen=True, slots=True)
class File:
    """A whole PDF."""

    size_bytes: int
    version: str
    is_encrypted: bool
    has_bookmarks: bool
    is_bound_right: bool
    pdf_x: str  # what it claims to be
    output_intents: tuple[str, ...]
    has_layers: bool
    faces: tuple[Face, ...]
    pages: tuple[Page, ...]
