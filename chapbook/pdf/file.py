"""Opens a finished PDF, whoever made it, without letting it fill the machine's memory."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

MOST_DECODED_BYTES = 256_000_000
"""Of one stream, decoded: a page of 12 × 18 in at 300 ppi in four inks has 78 million."""


def open_pdf(source: io.BytesIO | Path) -> Any:
    """The PDF in *source* as pikepdf opens it.

    Raises pikepdf.PikepdfError, here and where a stream decodes to more than MOST_DECODED_BYTES.
    """
    import pikepdf

    _bound_decoding()
    return pikepdf.open(source)


@cache
def _bound_decoding() -> None:
    """Keep qpdf from filling memory with a stream that decodes to gigabytes."""
    import pikepdf

    pikepdf.settings.set_qpdf_limits(
        dct_max_memory=MOST_DECODED_BYTES,
        flate_max_memory=MOST_DECODED_BYTES,
        png_max_memory=MOST_DECODED_BYTES,
        run_length_max_memory=MOST_DECODED_BYTES,
        tiff_max_memory=MOST_DECODED_BYTES,
    )
