"""A printer as a value: what it takes, and where that was read.

Whatever judges by a figure names its source and the month of reading. A figure with a single source
serves to make something, and is never a rule to judge by.
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
    """Where figures were read. `str()` is how a finding cites it."""

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
        """The month in which it was read; None for what nobody publishes."""
        return None if self.basis in (Basis.ADVICE, Basis.GIVEN) else READ

    @property
    def is_a_rule(self) -> bool:
        """Whether a file may be judged by it."""
        return self.basis in (Basis.OFFICIAL, Basis.AGREED)


@dataclass(frozen=True, slots=True)
class Limit:
    """A figure and where it was read."""

    figure: float
    source: Source


@dataclass(frozen=True, slots=True)
class Bleed:
    """How far pictures run over each edge of the trimmed page."""

    top_mm: float
    bottom_mm: float
    outer_mm: float
    inner_mm: float
    source: Source


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: what a page of it adds to the spine, and how many pages the printer binds of it.

    `page_mm` is None where only the vendor's template can tell; `cover_mm` is added once.
    """

    name: str
    page_mm: float | None
    fewest: int
    most: int
    source: Source
    cover_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class Trims:
    """The sizes that a printer cuts: *named* ones, and any between the two *custom* ones."""

    source: Source
    named: tuple[TrimSize, ...] = ()
    custom: tuple[TrimSize, TrimSize] | None = None

    def has(self, trim: TrimSize) -> bool:
        """Whether *trim* is cut here, as far as known."""
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
    """The least margins. `gutters` are (up to this many pages, inside margin), the last for all."""

    gutters: tuple[tuple[int, float], ...]
    other_mm: float
    other_with_bleed_mm: float
    source: Source


@dataclass(frozen=True, slots=True)
class Printer:
    """What one printer takes. A limit that is None is not known to be one of its rules."""

    name: str
    title: str
    trims: Trims
    papers: Mapping[str, Paper]
    bleed: Bleed
    margins: Margins
    signature: int  # page counts are multiples of it
    bleeds_always: Source | None = None  # every page has bleed around it, also where nothing bleeds
    wants_pdf_x: Source | None = None
    pdf_x_kinds: tuple[str, ...] = ()  # those it names; none where any will do
    forbids_annotations: Source | None = None  # links are annotations
    forbids_bookmarks: Source | None = None
    forbids_marks: Source | None = None
    forbids_transparency: Source | None = None
    forbids_invisible: Source | None = None
    forbids_encryption: Source | None = None
    embeds_fonts: Source | None = None
    last_page_blank: Source | None = None
    gray_interior: Source | None = None  # where the interior is black and white
    rgb_only: Source | None = None  # takes sRGB and gray, not CMYK
    largest_bytes: Limit | None = None
    image_ppi: Limit | None = None
    ink_percent: Limit | None = None
    type_pt: Limit | None = None
    line_pt: Limit | None = None
    spine_text: Limit | None = None  # pages from which the spine may bear text
    spine_clear_mm: Limit | None = None  # on both sides of text on the spine
    cover_safe_mm: Limit | None = None  # what matters stays this far from the cover's trim

    @property
    def spine_text_from(self) -> int | None:
        """How many pages a spine with text needs; None where nothing forbids it."""
        return int(self.spine_text.figure) if self.spine_text else None

    def gutter_mm(self, page_count: int) -> float:
        """The least inside margin of a book of *page_count* pages."""
        for up_to, gutter in self.margins.gutters:
            if page_count <= up_to:
                return gutter
        return self.margins.gutters[-1][1]

    def margin_mm(self, *, bleeds: bool) -> float:
        """The least of the other margins."""
        return self.margins.other_with_bleed_mm if bleeds else self.margins.other_mm

    def spine_width_mm(self, page_count: int, paper: str) -> float | None:
        """How wide the spine of *page_count* pages is; None where only a template can tell."""
        stock = self.papers[paper]
        return None if stock.page_mm is None else page_count * stock.page_mm + stock.cover_mm
