"""What a rule finds in an EPUB, before anybody knows which manuscript it was made of."""

from __future__ import annotations

from dataclasses import dataclass

from chapbook.model.errors import Code, Severity


@dataclass(frozen=True, slots=True)
class Spot:
    """A place inside an EPUB: a file, its line, and the words behind and before that place.

    The words are those of the text, without markup: by them the manuscript's line is found.
    """

    path: str = ""
    line: int | None = None
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a reading system or a store does not bear."""

    code: Code
    severity: Severity
    message: str
    spot: Spot = Spot()


def severe(code: Code, message: str, spot: Spot = Spot()) -> Fault:
    """A fault by which the book is refused or words are lost."""
    return Fault(code, Severity.ERROR, message, spot)


def awkward(code: Code, message: str, spot: Spot = Spot()) -> Fault:
    """A fault that some readers will meet."""
    return Fault(code, Severity.WARNING, message, spot)
