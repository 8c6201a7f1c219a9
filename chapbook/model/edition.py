"""An edition: a published state of a work, told apart by its label and provable by a digest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from chapbook.model.metadata import Date


@dataclass(frozen=True, slots=True)
class Edition:
    """What every output says of itself, so that a loose file can be traced."""

    identifier: str
    label: str | None
    date: Date | None
    source_digest: str  # `Manuscript.digest`

    @property
    def timestamp(self) -> datetime:
        """The moment stamped into files: the edition's date, for there is no clock here.

        Without a date it is the zip format's first day, which every reader understands.
        """
        if self.date is None:
            return datetime(1980, 1, 1, tzinfo=UTC)
        return self.date.moment


def digest(content: bytes) -> str:
    """The sha256 of *content* in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
