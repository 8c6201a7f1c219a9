"""The results of preflight: the verdict on each rule, with its source and certainty."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum

from chapbook.model.errors import Code, Finding, Place, Severity
from chapbook.pdf.facts import File
from chapbook.preflight.order import Order, Part
from chapbook.printing.printer import Basis, Source


class Certainty(Enum):
    """How certain a verdict is. None of these is an approval: only the printer can approve."""

    MEASURED = "measured here"
    UNMEASURED = "not measurable here"
    VENDOR = "only the vendor can tell"


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that a rule observed. `severity` is lowered later if the rule is only advice."""

    message: str
    pages: tuple[int, ...] = ()
    severity: Severity = Severity.ERROR
    certainty: Certainty = Certainty.MEASURED


def unmeasured(message: str, pages: Iterable[int] = ()) -> Observation:
    """Return an observation that something could not be measured; *message* gives the reason."""
    return Observation(message, tuple(pages), Severity.WARNING, Certainty.UNMEASURED)


def vendor_only(message: str) -> Observation:
    """Return an observation that only the vendor can confirm."""
    return Observation(message, (), Severity.NOTE, Certainty.VENDOR)


class Reads(Enum):
    """The part of a file that a rule reads; without it the rule cannot judge."""

    FILE = "file"
    PAINTED = "painted"
    INK = "ink"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `source` returns the printer's source for it; None if the printer has no such rule.

    `examine` yields what it observes; its docstring is the rule's line in the README.
    """

    code: Code
    parts: frozenset[Part]
    reads: Reads
    source: Callable[[Order], Source | None]
    examine: Callable[[File, Order], Iterator[Observation]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of one rule."""

    code: Code
    source: Source
    observations: tuple[Observation, ...]

    @property
    def certainty(self) -> Certainty:
        """The certainty of the least certain observation."""
        certainties = {each.certainty for each in self.observations}
        if self.source.basis is Basis.SINGLE:
            return Certainty.VENDOR
        least_first = (Certainty.VENDOR, Certainty.UNMEASURED)
        return next((each for each in least_first if each in certainties), Certainty.MEASURED)

    def findings(self, name: str) -> Iterator[Finding]:
        """Yield the observations as findings in the file *name*, each with its source."""
        for each in self.observations:
            pages = f" ({list_pages(each.pages)})" if each.pages else ""
            message = f"{each.message}{pages} — {self.source}; {each.certainty.value}"
            yield Finding(self.code, each.severity, message, Place(name))


def judge(rule: Rule, file: File, order: Order) -> Verdict | None:
    """Return the verdict of *rule* on *file*; None if this printer or part has no such rule."""
    source = rule.source(order)
    if source is None or order.part not in rule.parts:
        return None
    observations = (*rule.examine(file, order), *_unread(rule, file))
    return Verdict(rule.code, source, tuple(_weighed(each, source) for each in observations))


def _weighed(observation: Observation, source: Source) -> Observation:
    """Return *observation* as certain and severe as its source allows.

    Only a confirmed rule makes an error.
    """
    if source.basis is Basis.SINGLE and observation.certainty is Certainty.MEASURED:
        observation = replace(observation, certainty=Certainty.VENDOR)
    if source.basis in (Basis.SINGLE, Basis.ADVICE) and observation.severity is Severity.ERROR:
        return replace(observation, severity=Severity.WARNING)
    return observation


def _unread(rule: Rule, file: File) -> Iterator[Observation]:
    """Yield the reasons why pages that *rule* needs could not be read, each with its pages."""
    reasons: dict[str, list[int]] = {}
    for page in file.pages:
        reason = {
            Reads.FILE: "",
            Reads.PAINTED: page.painted.why_unread,
            Reads.INK: page.ink.why_unread,
        }[rule.reads]
        if reason:
            reasons.setdefault(reason, []).append(page.number)
    for reason, pages in reasons.items():
        yield unmeasured(f"a page was not examined, because {reason}", pages)


_MOST_LISTED = 4


def list_pages(pages: tuple[int, ...]) -> str:
    """Return the numbers of *pages* as words; of many, the first few and a count.

    >>> list_pages((1, 3, 5, 7, 9, 11))
    'pages 1, 3, 5, 7 and 2 more'
    """
    if len(pages) == 1:
        return f"page {pages[0]}"
    first = ", ".join(map(str, pages[:_MOST_LISTED]))
    more = len(pages) - _MOST_LISTED
    return f"pages {first}" + (f" and {more} more" if more > 0 else "")
