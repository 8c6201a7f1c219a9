"""Opens a finished PDF from any source, with a limit on the memory that it can use."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

MOST_DECODED_BYTES = 256_000_000
"""The limit for one decoded stream. A page of 12 × 18 in at 300 ppi in four inks has 78 million."""


def open_pdf(source: io.BytesIO | Path) -> Any:
    """Return the PDF in *source*, opened by pikepdf.

    Raises pikepdf.PikepdfError if it cannot be opened. Reading a stream that decodes to more than
    MOST_DECODED_BYTES raises the same error later.
    """
    import pikepdf

    _bound_decoding()
    return pikepdf.open(source)


@cache
def _bound_decoding() -> None:
    """Set qpdf's limits, so that a stream that decodes to gigabytes cannot fill the memory."""
    import pikepdf

    pikepdf.settings.set_qpdf_limits(
        dct_max_memory=MOST_DECODED_BYTES,
        flate_max_memory=MOST_DECODED_BYTES,
        png_max_memory=MOST_DECODED_BYTES,
        run_length_max_memory=MOST_DECODED_BYTES,
        tiff_max_memory=MOST_DECODED_BYTES,
    )
