"""Finds the finished files below a folder, and puts those of one work together.

A file belongs to the work whose identifier it bears. Of several editions the newest is taken.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from chapbook.catalog.epub_record import about_epub
from chapbook.catalog.html_record import about_html
from chapbook.catalog.pdf_record import about_pdf
from chapbook.catalog.text import unique_slugs
from chapbook.catalog.works import About, Copy, Work
from chapbook.checks.reading import Unreadable
from chapbook.model.errors import Code, Finding, Place, SourceError, note, warning

MARKER = ".chapbook-catalog"
"""Stands in every catalog that we write: such a folder is no source, and may be replaced."""

# For each kind of file what reads it, the one that tells most first.
READERS: Mapping[str, Callable[[Path], About | None]] = MappingProxyType(
    {".epub": about_epub, ".pdf": about_pdf, ".html": about_html}
)


# A broken file can be broken anywhere; the readers do not look before every step.
BROKEN = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The works that were found, oldest first, and what could not be taken."""

    works: tuple[Work, ...]
    findings: tuple[Finding, ...]

    def called(self, folder: str, name: str) -> Gathered:
        """The same, where what was found in *folder* is told as found in *name*."""
        findings = (
            replace(found, where=Place(found.where.file.replace(folder, name, 1)))
            if found.where
            else found
            for found in self.findings
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
    """The works in the finished files below *folder*, but not those below *leave_out*.

    Raises SourceError where there is no such folder.
    """
    findings: list[Finding] = []
    editions: dict[str, list[tuple[About, Copy]]] = {}
    for path in _files(folder, leave_out):
        try:
            found = _read(path)
        except Unreadable as cause:
            findings.append(warning(Code.UNREADABLE, f"not listed: {cause}", Place(str(path))))
            continue
        if found is None:
            told = "not listed: it does not say what work it is"
            findings.append(note(Code.NOT_LISTED, told, Place(str(path))))
            continue
        editions.setdefault(found[0].identifier, []).append(found)
    chosen = [_newest(files, findings) for files in editions.values()]
    chosen.sort(key=lambda work: (work[0].published, work[0].identifier))
    slugs = unique_slugs((about.title, about.identifier) for about, _ in chosen)
    works = (Work(*each, slug) for each, slug in zip(chosen, slugs, strict=True))
    return Gathered(tuple(works), tuple(findings))


def _files(folder: Path, leave_out: Path) -> Iterator[Path]:
    """The files that can be a work's, in an order that is the same everywhere."""
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
            if name.startswith(".") or path.suffix.lower() not in READERS:
                continue
            # A link may lead anywhere; what is published shall lie in the folder that was named.
            if path.is_file() and path.resolve().is_relative_to(inside):
                yield path


_REMEDY = "build something first: chapbook build essay.md"


def _read(path: Path) -> tuple[About, Copy] | None:
    """What the file at *path* says, and the file. Raises Unreadable."""
    suffix = path.suffix.lower()
    try:
        about = READERS[suffix](path)
        if about is None or not about.title:
            return None
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        size = path.stat().st_size
    except OSError as cause:  # of the disk, or of a zip file that points beyond its end
        raise Unreadable(f"it cannot be read: {cause.strerror}") from cause
    except BROKEN as cause:
        raise Unreadable(f"it is broken ({type(cause).__name__})") from cause
    if not about.identifier:
        about = replace(about, identifier=f"nih:sha-256;{digest}")  # RFC 6920, 7
    return about, Copy(path, suffix, size, digest)


def _newest(
    files: Iterable[tuple[About, Copy]], findings: list[Finding]
) -> tuple[About, tuple[Copy, ...]]:
    """The newest edition among *files* of one work, one file a format."""
    order = list(READERS)
    by_format = sorted(files, key=lambda file: order.index(file[1].suffix))
    ranked = sorted(by_format, key=lambda file: _edition_key(file[0]), reverse=True)
    newest = ranked[0][0]
    copies: dict[str, Copy] = {}
    said: list[About] = []
    for about, copy in ranked:
        known = copies.get(copy.suffix)
        if known is None and _is_same_edition(about, newest):
            copies[copy.suffix] = copy
            said.append(about)
        elif known is None or known.digest != copy.digest:
            told = f"not listed: {_rival(known, newest)}"
            findings.append(note(Code.NOT_LISTED, told, Place(str(copy.path))))
    best = sorted(zip(copies.values(), said, strict=True), key=lambda at: order.index(at[0].suffix))
    return _joined([about for _, about in best]), tuple(copy for copy, _ in best)


def _edition_key(about: About) -> tuple[datetime, list[tuple[int, int, str]]]:
    """What a newer edition has more of: its date, then its label, number by number."""
    parts = re.findall(r"\d+|\D+", about.edition or "")
    numbered = [(1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts]
    return about.issued, numbered


def _is_same_edition(one: About, other: About) -> bool:
    """Whether nothing that both say of their edition differs."""
    pairs = ((one.date, other.date), (one.edition, other.edition))
    return all(a == b for a, b in pairs if a and b)


def _rival(known: Copy | None, newest: About) -> str:
    if known is not None:
        return f"{known.path} is the same work in the same format"
    label = f"edition {newest.edition} of " if newest.edition else "a newer edition of "
    return f"{label}“{newest.title}” is"


def _joined(said: list[About]) -> About:
    """What the first says, and where it is silent, the others."""
    first, *others = said
    for other in others:
        missing = {
            field.name: getattr(other, field.name)
            for field in fields(About)
            if not getattr(first, field.name) and getattr(other, field.name)
        }
        # A title that already holds the subtitle needs none beside it.
        missing.pop("subtitle", None)
        first = replace(first, **missing)
    return first
