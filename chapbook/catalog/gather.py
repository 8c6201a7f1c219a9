"""Find the finished files below a folder, and group them by work.

A file belongs to the work with the same identifier. Of several editions the newest is taken.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path

from chapbook.catalog.text import unique_slugs
from chapbook.catalog.works import About, Copy, Work
from chapbook.checks.reading import Unreadable
from chapbook.model.errors import Code, Finding, Place, SourceError, note, warning
from chapbook.writers.registry import Format, format_of_suffix, resolve

MARKER = ".chapbook-catalog"
"""A file in every catalog that we write. A folder with it is not searched, and may be replaced."""

# A broken file can be broken anywhere, and the readers do not check before every step.
BROKEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The works found, oldest first, and findings about the files that were not used."""

    works: tuple[Work, ...]
    findings: tuple[Finding, ...]

    def called(self, folder: str, name: str) -> Gathered:
        """Return a copy in which the paths begin with *name* instead of *folder*."""
        findings = (
            replace(finding, where=Place(finding.where.file.replace(folder, name, 1)))
            if finding.where
            else finding
            for finding in self.findings
        )
        works = (
            replace(
                work,
                copies=tuple(
                    replace(copy, called=str(copy.path).replace(folder, name, 1))
                    for copy in work.copies
                ),
            )
            for work in self.works
        )
        return Gathered(tuple(works), tuple(findings))


def gather(folder: Path, leave_out: Path) -> Gathered:
    """Return the works in the finished files below *folder*, without those below *leave_out*.

    Raises SourceError if there is no such folder.
    """
    findings: list[Finding] = []
    editions: dict[str, list[tuple[About, Copy]]] = {}
    for path in _files(folder, leave_out):
        try:
            record = _read(path)
        except Unreadable as cause:
            findings.append(warning(Code.UNREADABLE, f"not listed: {cause}", Place(str(path))))
            continue
        if record is None:
            message = "not listed: it does not say what work it is"
            findings.append(note(Code.NOT_LISTED, message, Place(str(path))))
            continue
        editions.setdefault(record[0].identifier, []).append(record)
    chosen = [_newest(files, findings) for files in editions.values()]
    chosen.sort(key=lambda work: (work[0].published, work[0].identifier))
    slugs = unique_slugs((about.title, about.identifier) for about, _ in chosen)
    works = (Work(*each, slug) for each, slug in zip(chosen, slugs, strict=True))
    return Gathered(tuple(works), tuple(findings))


def _files(folder: Path, leave_out: Path) -> Iterator[Path]:
    """Yield the files that can belong to a work, in the same order on every system."""
    if not folder.is_dir():
        raise SourceError("there is no such folder", where=Place(str(folder)), remedy=_REMEDY)
    inside = folder.resolve()
    for parent, folders, names in os.walk(folder):
        here = Path(parent)
        if (here / MARKER).exists() or here.resolve() == leave_out.resolve():
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = here / name
            if name.startswith(".") or _format_of(path) is None:
                continue
            # A link may lead anywhere. Only files inside the given folder are published.
            if path.is_file() and path.resolve().is_relative_to(inside):
                yield path


_REMEDY = "build something first: chapbook build essay.md"


def _format_of(path: Path) -> Format | None:
    """The format of the file *path*, if a catalog lists it."""
    found = format_of_suffix(path.suffix)
    return found if found and found.record else None


def _read(path: Path) -> tuple[About, Copy] | None:
    """Return the metadata of the file at *path*, and the file; None if it has no title.

    Raises Unreadable.
    """
    file_format = _format_of(path)
    if file_format is None or file_format.record is None:
        return None
    try:
        about: About | None = resolve(file_format.record)(path)
        if about is None or not about.title:
            return None
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        size = path.stat().st_size
    except OSError as cause:  # a fault of the disk, or a zip file that points beyond its end
        raise Unreadable(f"it cannot be read: {cause.strerror}") from cause
    except BROKEN as cause:
        raise Unreadable(f"it is broken ({type(cause).__name__})") from cause
    if not about.identifier:
        about = replace(about, identifier=f"nih:sha-256;{digest}")  # RFC 6920, 7
    return about, Copy(path, file_format, size, digest)


def _newest(
    files: Iterable[tuple[About, Copy]], findings: list[Finding]
) -> tuple[About, tuple[Copy, ...]]:
    """Return the newest edition among *files* of one work, with one file for each format."""
    by_format = sorted(files, key=lambda file: file[1].format.catalog_rank)
    ranked = sorted(by_format, key=lambda file: _edition_key(file[0]), reverse=True)
    newest = ranked[0][0]
    copies: dict[Format, Copy] = {}
    records: list[About] = []
    for about, copy in ranked:
        known = copies.get(copy.format)
        if known is None and _is_same_edition(about, newest):
            copies[copy.format] = copy
            records.append(about)
        elif known is None or known.digest != copy.digest:
            message = f"not listed: {_rival(known, newest)}"
            findings.append(note(Code.NOT_LISTED, message, Place(str(copy.path))))
    pairs = zip(copies.values(), records, strict=True)
    best = sorted(pairs, key=lambda pair: pair[0].format.catalog_rank)
    return _joined([about for _, about in best]), tuple(copy for copy, _ in best)


def _edition_key(about: About) -> tuple[datetime, list[tuple[int, int, str]]]:
    """Return a key that is greater for a newer edition: the date, then the parts of the label."""
    parts = re.findall(r"\d+|\D+", about.edition or "")
    numbered = [(1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts]
    return about.issued, numbered


def _is_same_edition(one: About, other: About) -> bool:
    """Return whether date and label of the edition are equal, as far as both have them."""
    pairs = ((one.date, other.date), (one.edition, other.edition))
    return all(a == b for a, b in pairs if a and b)


def _rival(known: Copy | None, newest: About) -> str:
    if known is not None:
        return f"{known.path} is the same work in the same format"
    label = f"edition {newest.edition} of " if newest.edition else "a newer edition of "
    return f"{label}“{newest.title}” is"


def _joined(records: list[About]) -> About:
    """Return the first record, with its missing values taken from the others."""
    first, *others = records
    for other in others:
        missing = {
            field.name: getattr(other, field.name)
            for field in fields(About)
            if not getattr(first, field.name) and getattr(other, field.name)
        }
        # The title may already contain the subtitle.
        missing.pop("subtitle", None)
        first = replace(first, **missing)
    return first
