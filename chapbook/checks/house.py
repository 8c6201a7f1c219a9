"""What the rules of the house go by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chapbook.model.metadata import Metadata


@dataclass(frozen=True, slots=True)
class House:
    """The manuscript's text and metadata, the house's own words, and the manuscript's folder."""

    manuscript: str
    metadata: Metadata
    words: Mapping[str, str]
    folder: Path | None
