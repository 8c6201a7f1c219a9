"""Trim sizes: the size of a page after cutting."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

MM_PER_INCH = 25.4
TOLERANCE_MM = 0.35  # one point: sizes are published in rounded inches and rounded millimeters


@dataclass(frozen=True, slots=True)
class TrimSize:
    """The size of a page after trimming, without bleed."""

    width_mm: float
    height_mm: float

    def matches(self, other: TrimSize) -> bool:
        """Return whether both are the same size, apart from the rounding of inches."""
        return (
            abs(self.width_mm - other.width_mm) <= TOLERANCE_MM
            and abs(self.height_mm - other.height_mm) <= TOLERANCE_MM
        )

    def __str__(self) -> str:
        return f"{self.width_mm:.4g} × {self.height_mm:.4g} mm"


def inches(width: float, height: float) -> TrimSize:
    """Return the trim size of *width* by *height* inches."""
    return TrimSize(round(width * MM_PER_INCH, 3), round(height * MM_PER_INCH, 3))


TRIMS: Mapping[str, TrimSize] = MappingProxyType(
    {
        "a4": TrimSize(210, 297),  # ISO 216
        "a5": TrimSize(148, 210),
        "a6": TrimSize(105, 148),
        "b5": TrimSize(176, 250),
        "letter": inches(8.5, 11),  # ANSI/ASME Y14.1
        "half-letter": inches(5.5, 8.5),
        "digest": inches(5.5, 8.5),
        "us-trade": inches(6, 9),
        "novella": inches(5, 8),
        "pocket": inches(4.25, 6.87),
        "b-format": inches(
            5.06, 7.81
        ),  # from here names of the book trade, in inches as KDP has them
        "demy": inches(5.43, 8.5),
        "royal": inches(6.14, 9.21),
        "crown-quarto": inches(7.44, 9.69),
        "square": inches(8.5, 8.5),
    }
)
"""The sizes that have names. Some printers do not cut all of them."""

_SMALLEST_MM, _LARGEST_MM = 50, 600
_MEASURES = re.compile(
    r"(?P<width>\d{1,4}(?:[.,]\d{1,4})?)\s*(?P<first>mm|cm|in|″|\")?\s*[x×]\s*"
    r"(?P<height>\d{1,4}(?:[.,]\d{1,4})?)\s*(?P<unit>mm|cm|in|″|\")"
)
_MM_PER_UNIT = {"mm": 1.0, "cm": 10.0, "in": MM_PER_INCH, "″": MM_PER_INCH, '"': MM_PER_INCH}


def parse_trim(text: str) -> TrimSize:
    """Return the trim size that *text* names or measures.

    Raises ValueError with a message that lists what can be written.

    >>> parse_trim("148 × 210 mm")
    TrimSize(width_mm=148.0, height_mm=210.0)
    >>> parse_trim("6x9in") == parse_trim("us-trade")
    True
    """
    words = " ".join(text.lower().split())
    if words in TRIMS:
        return TRIMS[words]
    measures = _MEASURES.fullmatch(words)
    if measures is None:
        raise ValueError(
            f"“{text}” is not a trim size: write {', '.join(TRIMS)}, 6x9in or 148x210mm"
        )
    unit = measures["unit"]
    width = _millimeters(measures["width"], measures["first"] or unit)
    height = _millimeters(measures["height"], unit)
    if not all(_SMALLEST_MM <= side <= _LARGEST_MM for side in (width, height)):
        raise ValueError(f"“{text}” is not a size of a book: each side has 50 to 600 mm")
    return TrimSize(width, height)


def _millimeters(figure: str, unit: str) -> float:
    return round(float(figure.replace(",", ".")) * _MM_PER_UNIT[unit], 3)
