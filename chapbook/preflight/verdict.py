"""What preflight says: by which rule, from which source, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from chapbook.model.errors import Code, Finding, Place, Severity
from chapbook.pdf.facts import File
from chapbook.preflight.order import Order, Part
from chapbook.printing.printer import Basis, Source


class Certainty(Enum):
    """How sure a verdict is. None of them is an approval: that is the printer's."""

    MEASURED = "measured here"
    UNMEASURED = "not measurable here"
    VENDOR = "only the vendor can tell"


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that a rule saw. *severity* is lowered where the rule is only advice."""

    message: str
    pages: tuple[int, ...] = ()
    severity: Severity = Severity.ERROR
    certainty: Certainty = Certainty.MEASURED


def unmeasured(message: str, pages: Iterable[int] = ()) -> Observation:
    """What could not be measured, and why."""
    return Observation(message, tuple(pages), Severity.WARNING, Certainty.UNMEASURED)


def vendor_only(message: str) -> Observation:
    """What no reader of the file alone can know."""
    return Observation(message, (), Severity.NOTE, Certainty.VENDOR)


class Reads(Enum):
    """What a rule looks at, and therefore what it cannot judge where that was not read."""

    FILE = "file"
    PAINTED = "painted"
    INK = "ink"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `source` tells where the printer has it; None where it has none such."""

    code: Code
    parts: frozenset[Part]
    reads: Reads
    source: Callable[[Order], Source | None]
    examine: Callable[[File, Order], Iterator[Observation]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one rule."""

    code: Code
    source: Source
    observations: tuple[Observation, ...]

    @property
    def certainty(self) -> Certainty:
        """How sure the whole is: as sure as its least sure part."""
        found = {each.certainty for each in self.observations}
        if self.source.basis is Basis.SINGLE:
            return Certainty.VENDOR
        least_first = (Certainty.VENDOR, Certainty.UNMEASURED)
        return next((each for each in least_first if each in found), Certainty.MEASURED)

    def findings(self, name: str) -> Iterator[Finding]:
        """The observations as findings in the file called *name*, each with its source."""
        for each in self.observations:
            place = f" ({told_pages(each.pages)})" if each.pages else ""
            told = f"{each.message}{place} — {self.source}; {each.certainty.value}"
            yield Finding(self.code, each.severity, told, Place(name))


def judge(rule: Rule, file: File, order: Order) -> Verdict | None:
    """What *rule* says of *file*; None where it is no rule of this printer, or of this part."""
    source = rule.source(order)
    if source is None or order.part not in rule.parts:
        return None
    seen = (*rule.examine(file, order), *_unread(rule, file))
    return Verdict(rule.code, source, tuple(_weighed(each, source) for each in seen))


def _weighed(seen: Observation, source: Source) -> Observation:
    """*seen* as heavy and as sure as its source: only a confirmed rule makes an error."""
    if source.basis is Basis.SINGLE and seen.certainty is Certainty.MEASURED:
        seen = replace(seen, certainty=Certainty.VENDOR)
    if source.basis in (Basis.SINGLE, Basis.ADVICE) and seen.severity is Severity.ERROR:
        return replace(seen, severity=Severity.WARNING)
    return seen


def _unread(rule: Rule, file: File) -> Iterator[Observation]:
    """What stopped the reading of pages that *rule* had to look at."""
    reasons: dict[str, list[int]] = {}
    for page in file.pages:
        why = {
            Reads.FILE: "",
            Reads.PAINTED: page.painted.why_unread,
            Reads.INK: page.ink.why_unread,
        }[rule.reads]
        if why:
            reasons.setdefault(why, []).append(page.number)
    for why, pages in reasons.items():
        yield unmeasured(f"a page was not examined, because {why}", pages)


_PAGES_TOLD = 4


def told_pages(pages: tuple[int, ...]) -> str:
    """The numbers of *pages*, the first few of many.

    >>> told_pages((1, 3, 5, 7, 9, 11))
    'pages 1, 3, 5, 7 and 2 more'
    """
    if len(pages) == 1:
        return f"page {pages[0]}"
    first = ", ".join(map(str, pages[:_PAGES_TOLD]))
    more = len(pages) - _PAGES_TOLD
    return f"pages {first}" + (f" and {more} more" if more > 0 else "")
