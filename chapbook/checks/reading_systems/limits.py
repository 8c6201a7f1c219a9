"""The limits of stores and reading systems: dated figures, each with its source.

They change without notice; a finding names the source and the month in which it was read.
"""

from __future__ import annotations

from dataclasses import dataclass

READ = "2026-11"


@dataclass(frozen=True, slots=True)
class Limit:
    """A figure and its source. `str()` returns the source and the month."""

    figure: int
    source: str

    def __str__(self) -> str:
        return f"{self.source}, {READ}"


DOCUMENT_BYTES = Limit(10_000_000, "Kobo ePub guidelines")
DOCUMENT_BYTES_ADVISED = Limit(250_000, "Chapbook's rule for slow e-readers")
BOOK_BYTES = Limit(1_000_000_000, "Apple Books Asset Guide")
MAILED_BYTES = Limit(50_000_000, "Send to Kindle by e-mail")
IMAGE_PIXELS = Limit(4_000_000, "Apple Books Asset Guide")
IMAGE_PIXELS_ADVISED = Limit(3_200_000, "Chapbook's rule, within Apple's older limit")
COVER_WIDTH = Limit(625, "Kindle cover guidelines")
COVER_HEIGHT = Limit(1_000, "Kindle cover guidelines")
COVER_SIDE = Limit(10_000, "Kindle cover guidelines")
COVER_BYTES = Limit(50_000_000, "Kindle cover guidelines")
CONTENTS_DEPTH = Limit(2, "Kindle Publishing Guidelines")
WIDTH_PX = Limit(320, "WCAG 2.2 SC 1.4.10")  # CSS pixels into which text must reflow
