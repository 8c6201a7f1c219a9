"""An edition: a published state of a work, identified by its label and proved by a digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from chapbook.model.metadata import Date


@dataclass(frozen=True, slots=True)
class Edition:
    """The facts that every output contains, so that a loose file can be traced."""

    identifier: str
    label: str | None
    date: Date | None
    source_digest: str  # `Manuscript.digest`

    @property
    def timestamp(self) -> datetime:
        """The date written into files: that of the edition, since the build uses no clock.

        Without a date it is the first day of the zip format, which every reader understands.
        """
        if self.date is None:
            return datetime(1980, 1, 1, tzinfo=UTC)
        return self.date.moment


def digest(content: bytes) -> str:
    """Return the SHA-256 of *content* in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
