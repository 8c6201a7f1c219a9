"""Rules for any EPUB, also of others: what stores and reading systems accept.

EPUBCheck checks the standard. These rules check what the standard allows but devices do not.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from chapbook.checks.epub_package import Book, open_book
from chapbook.checks.reading import Unreadable
from chapbook.checks.reading_systems import claims, meaning, pages, sizes, styles
from chapbook.checks.reading_systems.epub import Epub, opened
from chapbook.checks.reading_systems.fault import Fault as Fault
from chapbook.checks.reading_systems.fault import Spot as Spot
from chapbook.checks.source_lines import place_between
from chapbook.model.document import Manuscript
from chapbook.model.errors import Code, Finding, Place, Severity

RULES: tuple[Callable[[Epub], Iterator[Fault]], ...] = (
    sizes.container,
    sizes.document_sizes,
    sizes.images,
    sizes.cover,
    styles.styles,
    styles.inline_styles,
    meaning.svg_fallback,
    meaning.notes,
    meaning.alternative_texts,
    meaning.contents_depth,
    meaning.page_progression,
    pages.page_list,
    claims.accessibility_metadata,
    claims.accessibility_claims,
)
_MOST_OF_A_KIND = 20  # in one file; the rest is reported when these are corrected


def examine(content: bytes) -> list[Fault]:
    """Return what reading systems do not accept in the EPUB *content*. Raises Unreadable."""
    return examine_book(open_book(content), len(content))


def examine_book(book: Book, size: int) -> list[Fault]:
    """Return what reading systems do not accept in *book*, with *size* bytes. Raises Unreadable."""
    try:
        epub = opened(book)
        faults = [*epub.faults, *sizes.book_size(epub, size)]
        for rule in RULES:
            faults += rule(epub)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as cause:
        # A broken book can be broken anywhere, and the rules do not check every step.
        raise Unreadable(f"{type(cause).__name__}: {cause}") from cause
    except RecursionError as cause:
        raise Unreadable("it is nested too deeply") from cause
    return list(_abridged(faults))


def _abridged(faults: Iterable[Fault]) -> Iterator[Fault]:
    """Yield *faults*, at most twenty of a kind in one file, and the number of the others."""
    seen: Counter[tuple[Code, str]] = Counter()
    for fault in faults:
        key = (fault.code, fault.spot.path)
        seen[key] += 1
        if seen[key] <= _MOST_OF_A_KIND:
            yield fault
    for (code, path), count in seen.items():
        if count > _MOST_OF_A_KIND:
            message = f"{count - _MOST_OF_A_KIND:,} more of this kind are not listed"
            yield Fault(code, Severity.NOTE, message, Spot(path))


def findings(
    faults: Iterable[Fault], name: str, manuscript: Manuscript | None
) -> Iterator[Finding]:
    """Yield *faults* of the EPUB *name* as findings, each with its place.

    That is the line of *manuscript*, if it is given and contains the words, or else the line of the
    file in the EPUB.
    """
    for fault in faults:
        spot, message = fault.spot, fault.message
        where = place_between(manuscript, spot.before, spot.after) if manuscript else None
        if where:
            message = f"{posixpath.basename(name)}: {message}"
        else:
            where = Place(f"{name}/{spot.path}" if spot.path else name, spot.line)
        yield Finding(fault.code, fault.severity, message, where)
