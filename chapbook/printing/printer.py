"""A printer as a value: its rules, and the source of each figure.

Every judgment by a figure names the figure's source and the month in which it was read. A figure
with a single source is used to make files, but never to judge one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from chapbook.printing.trims import TOLERANCE_MM, TrimSize

READ = "2026-11"


class Basis(Enum):
    """How well a figure is known."""

    OFFICIAL = "the vendor's own text"
    AGREED = "several independent transcriptions that agree"
    SINGLE = "not confirmed, so no rule"
    GIVEN = "as you gave it"
    ADVICE = "Chapbook's advice, not the printer's"


@dataclass(frozen=True, slots=True)
class Source:
    """The source of figures. `str()` returns it as a finding cites it."""

    title: str
    basis: Basis

    def __str__(self) -> str:
        if self.basis is Basis.ADVICE:
            return str(self.basis.value)
        if self.basis is Basis.GIVEN:
            return f"{self.title}, {self.basis.value}"
        return f"{self.title}, {self.basis.value}, {READ}"

    @property
    def read(self) -> str | None:
        """The month in which it was read, or None if nobody publishes it."""
        return None if self.basis in (Basis.ADVICE, Basis.GIVEN) else READ

    @property
    def is_a_rule(self) -> bool:
        """Whether a file may be judged by figures from this source."""
        return self.basis in (Basis.OFFICIAL, Basis.AGREED)


@dataclass(frozen=True, slots=True)
class Limit:
    """A figure and its source."""

    figure: float
    source: Source


@dataclass(frozen=True, slots=True)
class Bleed:
    """How far pictures extend beyond each edge of the trimmed page."""

    top_mm: float
    bottom_mm: float
    outer_mm: float
    inner_mm: float
    source: Source


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper, and how many pages of it the printer binds.

    `page_mm` is the width that one page adds to the spine, or None if only the vendor's template
    gives it. `cover_mm` is added once for the cover.
    """

    name: str
    page_mm: float | None
    fewest: int
    most: int
    source: Source
    cover_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class Trims:
    """The sizes that a printer cuts: the *named* ones, and all between the two *custom* ones."""

    source: Source
    named: tuple[TrimSize, ...] = ()
    custom: tuple[TrimSize, TrimSize] | None = None

    def has(self, trim: TrimSize) -> bool:
        """Return whether the printer cuts *trim*, as far as is known."""
        if not self.source.is_a_rule or any(trim.matches(each) for each in self.named):
            return True
        if self.custom is None:
            return False
        least, most = self.custom
        return (
            least.width_mm - TOLERANCE_MM <= trim.width_mm <= most.width_mm + TOLERANCE_MM
            and least.height_mm - TOLERANCE_MM <= trim.height_mm <= most.height_mm + TOLERANCE_MM
        )


@dataclass(frozen=True, slots=True)
class Margins:
    """The least margins in millimeters.

    `gutters` holds pairs: the highest page count, and the inside margin up to that count. The last
    margin holds for all higher counts too.
    """

    gutters: tuple[tuple[int, float], ...]
    other_mm: float
    other_with_bleed_mm: float
    source: Source


@dataclass(frozen=True, slots=True)
class Printer:
    """The rules of one printer. None means that no such rule is known."""

    name: str
    title: str
    trims: Trims
    papers: Mapping[str, Paper]
    bleed: Bleed
    margins: Margins
    signature: int  # page counts are multiples of it
    bleeds_always: Source | None = None  # every page has bleed, even if nothing on it bleeds
    wants_pdf_x: Source | None = None
    pdf_x_kinds: tuple[str, ...] = ()  # the kinds that it accepts; empty if it accepts all
    forbids_annotations: Source | None = None  # links are annotations
    forbids_bookmarks: Source | None = None
    forbids_marks: Source | None = None
    forbids_transparency: Source | None = None
    forbids_invisible: Source | None = None
    forbids_encryption: Source | None = None
    embeds_fonts: Source | None = None
    last_page_blank: Source | None = None
    gray_interior: Source | None = None  # a black-and-white interior must be gray
    rgb_only: Source | None = None  # accepts sRGB and gray, not CMYK
    largest_bytes: Limit | None = None
    image_ppi: Limit | None = None
    ink_percent: Limit | None = None
    type_pt: Limit | None = None
    line_pt: Limit | None = None
    spine_text: Limit | None = None  # least number of pages for text on the spine
    spine_clear_mm: Limit | None = None  # empty on both sides of text on the spine
    cover_safe_mm: Limit | None = None  # least distance of text from the cover's trim

    @property
    def spine_text_from(self) -> int | None:
        """The least number of pages for text on the spine, or None if there is no such rule."""
        return int(self.spine_text.figure) if self.spine_text else None

    def gutter_mm(self, page_count: int) -> float:
        """Return the least inside margin of a book of *page_count* pages."""
        for up_to, gutter in self.margins.gutters:
            if page_count <= up_to:
                return gutter
        return self.margins.gutters[-1][1]

    def margin_mm(self, *, bleeds: bool) -> float:
        """Return the least width of the other margins."""
        return self.margins.other_with_bleed_mm if bleeds else self.margins.other_mm

    def spine_width_mm(self, page_count: int, paper: str) -> float | None:
        """Return the spine width for *page_count* pages, or None if only a template gives it."""
        stock = self.papers[paper]
        return None if stock.page_mm is None else page_count * stock.page_mm + stock.cover_mm
