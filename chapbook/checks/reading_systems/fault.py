"""The faults that a rule finds in an EPUB, with places in the EPUB."""

from __future__ import annotations

from dataclasses import dataclass

from chapbook.model.errors import Code, Severity


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in an EPUB: a file, its line, and the words after and before that place.

    The words are without markup. The line of the manuscript is found by them.
    """

    path: str = ""
    line: int | None = None
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a reading system or a store does not accept."""

    code: Code
    severity: Severity
    message: str
    spot: Spot = Spot()


def severe(code: Code, message: str, spot: Spot = Spot()) -> Fault:
    """Return a fault because of which a book is refused or words are lost."""
    return Fault(code, Severity.ERROR, message, spot)


def awkward(code: Code, message: str, spot: Spot = Spot()) -> Fault:
    """Return a fault that some readers will notice."""
    return Fault(code, Severity.WARNING, message, spot)
