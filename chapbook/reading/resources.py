"""Find the text files beside a manuscript safely, and read them once, at the left edge."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from urllib.parse import quote

from chapbook.lang.nearest_names import did_you_mean
from chapbook.model.document import SourceFile
from chapbook.model.errors import Place, SourceError
from chapbook.reading.image_files import AssetRefused, locate, names_beside, read_plain
from chapbook.reading.yaml_reader import Entry

FILE_KEYS: Mapping[str, str] = MappingProxyType(
    {"bibliography": "bibliography", "csl": "citation style", "filters": "filter"}
)
"""The metadata keys that name one or more files, and the word for such a file in messages."""

_CORRECT = "correct its name, counted from the manuscript's folder"


def read_beside(name: str, folder: Path | None, where: Place, what: str = "file") -> SourceFile:
    """Return the file *name* below *folder*, which is named at *where*. Messages call it a *what*.

    Raises SourceError if it is missing, unreadable, or not beside the manuscript.
    """
    called = f"the {what} “{name[:80]}”"
    try:
        content = read_plain(locate(quote(name), folder))
    except AssetRefused as refusal:
        raise SourceError(
            f"{called} is not used: {refusal}",
            where=where,
            remedy="put a copy of it beside the manuscript and name that",
        ) from refusal
    except FileNotFoundError as error:
        raise SourceError(
            f"{called} is missing",
            where=where,
            remedy=did_you_mean(name, names_beside(folder, (_suffix(name),)), _CORRECT),
        ) from error
    except OSError as error:
        raise SourceError(
            f"{called} cannot be read: {error.strerror}",
            where=where,
            remedy="correct its name or its permissions",
        ) from error
    return SourceFile(posixpath.normpath(name), content)


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def names_in(entry: Entry, what: str) -> list[str]:
    """Return the one or more file names in *entry*. Raises SourceError for any other value."""
    values = entry.value if isinstance(entry.value, list) else [entry.value]
    names = [value.strip() for value in values if isinstance(value, str)]
    if len(names) < len(values) or not all(names):
        message = f"it takes the name of a {what}, or a list of names"
        raise SourceError(message, where=entry.where, remedy="write one name on a line: - name")
    return names


def named_files(entries: Mapping[str, Entry], folder: Path | None) -> Iterator[SourceFile]:
    """Yield every file that the metadata *entries* name. Raises SourceError as `read_beside`."""
    for key, what in FILE_KEYS.items():
        if key in entries:
            for name in names_in(entries[key], what):
                yield read_beside(name, folder, entries[key].where, what)
