"""Authors' own pandoc filters. They are programs, and run only if the user allows it.

They run inside pandoc's one run, in a separate folder with a copy of every text file beside the
manuscript. Their output is sanitized like all output of pandoc.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from chapbook.model.document import Manuscript, SourceFile
from chapbook.model.errors import Place, SourceError
from chapbook.reading.resources import FILE_KEYS, names_in
from chapbook.reading.yaml_reader import Entry

KEY = "filters"
_DESK = "desk"  # the folder for the author's files, apart from those that we write for pandoc


def allowed(entry: Entry | None, files: dict[str, SourceFile]) -> tuple[SourceFile, ...]:
    """Return those of *files* that *entry*, the key `filters`, names, in its order."""
    names = names_in(entry, FILE_KEYS[KEY]) if entry else []
    return tuple(files[str(PurePosixPath(name))] for name in names)


def refuse(entry: Entry) -> None:
    """Raise SourceError, because the filters that *entry* names are not allowed to run."""
    names = ", ".join(names_in(entry, FILE_KEYS[KEY]))
    raise SourceError(
        f"filters are programs, and none is run unasked: {names[:120]}",
        where=entry.where,
        remedy="read them, and where you trust them, add --allow-filters",
    )


def lay_out(manuscript: Manuscript, folder: Path) -> list[str]:
    """Write the author's files into *folder*, and return pandoc's options for the filters."""
    if not manuscript.filters:
        return []
    for file in manuscript.beside:
        path = folder / _DESK / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        if file.content.startswith(b"#!"):
            path.chmod(0o700)  # otherwise pandoc chooses the interpreter by the suffix
    return [
        f"--{'lua-filter' if file.name.endswith('.lua') else 'filter'}={_DESK}/{file.name}"
        for file in manuscript.filters
    ]


def search_path(manuscript: Manuscript) -> str:
    """Return the search path for programs. A Python filter can import the packages of ours."""
    own = [str(Path(sys.executable).parent)] if manuscript.filters else []
    return os.pathsep.join([*own, os.defpath])


def names(manuscript: Manuscript) -> str:
    """Return the names of the filters, separated by commas, for a message."""
    return ", ".join(file.name for file in manuscript.filters)


_FAILED = re.compile(rf"(.*)^Error running filter {_DESK}/(.+?):\n(.*)", re.DOTALL | re.MULTILINE)
_WARNED = re.compile(
    rf"Scripting warning at {_DESK}/(.+?)(?: line (\d+) column \d+)?: (.*)", re.DOTALL
)


def failure(messages: str, manuscript: Manuscript) -> SourceError | None:
    """Return the error for a failed filter from pandoc's *messages*, or None if none failed."""
    if not (match := _FAILED.search(messages)):
        return None
    before, name, after = match[1], match[2], match[3]
    line = re.match(rf"{_DESK}/{re.escape(name)}:(\d+): ", after)
    message = next(_lines(after.removeprefix(line[0] if line else "")), "it gave no reason")
    # The last line that a program printed says more than its exit status.
    last_line = [*_lines(before)][-1:]
    reason = ": ".join([message.rstrip("."), *last_line])[:200]
    return SourceError(
        f"the filter “{name}” failed: {reason}",
        where=manuscript.place_in(name, int(line[1]) if line else None),
        remedy="mend it, or take it out of filters",
    )


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.split("\n") if line.strip() and line[0] != "[")


def warned(message: str, manuscript: Manuscript) -> tuple[str, Place] | None:
    """Return a filter's warning and its place if pandoc's *message* is one, otherwise None."""
    if not (match := _WARNED.match(message)):
        return None
    text = " ".join(match[3].split())[:200]
    return f"the filter says: {text}", manuscript.place_in(match[1], int(match[2] or 0) or None)
