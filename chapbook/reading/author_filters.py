"""Authors' own pandoc filters: programs, which are run only where whoever builds has allowed it.

They run in pandoc's one run, in a folder of their own that holds a copy of every text file beside
the manuscript; what they make goes through the same sieve as all that pandoc writes.
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
_DESK = "desk"  # where pandoc finds the files, apart from those that we give it


def allowed(entry: Entry | None, files: dict[str, SourceFile]) -> tuple[SourceFile, ...]:
    """Those of *files* that *entry*, the key `filters`, names, in its order."""
    names = names_in(entry, FILE_KEYS[KEY]) if entry else []
    return tuple(files[str(PurePosixPath(name))] for name in names)


def refuse(entry: Entry) -> None:
    """Raise SourceError: what *entry* names would be run, and nobody has allowed it."""
    names = ", ".join(names_in(entry, FILE_KEYS[KEY]))
    raise SourceError(
        f"filters are programs, and none is run unasked: {names[:120]}",
        where=entry.where,
        remedy="read them, and where you trust them, add --allow-filters",
    )


def lay_out(manuscript: Manuscript, folder: Path) -> list[str]:
    """Lay the files out in *folder*; what tells pandoc, run there, of the filters."""
    if not manuscript.filters:
        return []
    for file in manuscript.beside:
        path = folder / _DESK / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        if file.content.startswith(b"#!"):
            path.chmod(0o700)  # without, pandoc chooses the interpreter by the suffix
    return [
        f"--{'lua-filter' if file.name.endswith('.lua') else 'filter'}={_DESK}/{file.name}"
        for file in manuscript.filters
    ]


def search_path(manuscript: Manuscript) -> str:
    """Where programs are looked for: a Python filter runs with what is installed beside us."""
    own = [str(Path(sys.executable).parent)] if manuscript.filters else []
    return os.pathsep.join([*own, os.defpath])


def names(manuscript: Manuscript) -> str:
    """The filters in a row, as a message names them."""
    return ", ".join(file.name for file in manuscript.filters)


_FAILED = re.compile(rf"(.*)^Error running filter {_DESK}/(.+?):\n(.*)", re.DOTALL | re.MULTILINE)
_WARNED = re.compile(
    rf"Scripting warning at {_DESK}/(.+?)(?: line (\d+) column \d+)?: (.*)", re.DOTALL
)


def failure(messages: str, manuscript: Manuscript) -> SourceError | None:
    """The error that a filter's failure is, by what pandoc said; None where none failed."""
    if not (found := _FAILED.search(messages)):
        return None
    before, name, after = found[1], found[2], found[3]
    line = re.match(rf"{_DESK}/{re.escape(name)}:(\d+): ", after)
    told = next(_lines(after.removeprefix(line[0] if line else "")), "it gave no reason")
    # A program's own last words say more than its exit status.
    said = [*_lines(before)][-1:]
    reason = ": ".join([told.rstrip("."), *said])[:200]
    return SourceError(
        f"the filter “{name}” failed: {reason}",
        where=manuscript.place_in(name, int(line[1]) if line else None),
        remedy="mend it, or take it out of filters",
    )


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.split("\n") if line.strip() and line[0] != "[")


def warned(message: str, manuscript: Manuscript) -> tuple[str, Place] | None:
    """What a filter warns of and where, if *message* of pandoc's is that."""
    if not (found := _WARNED.match(message)):
        return None
    said = " ".join(found[3].split())[:200]
    return f"the filter says: {said}", manuscript.place_in(found[1], int(found[2] or 0) or None)
