"""Takes a snapshot of all files that an edition is made from, and opens it again to build.

A release builds from the snapshot that it stores, not from the author's folder. So the stored files
are those that were built, even if the author saves others meanwhile. A rebuild does the same.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from chapbook.design.templates import load_templates, themes
from chapbook.model.errors import ArchiveError, Place, SourceError
from chapbook.model.metadata import Metadata
from chapbook.pipeline import Job
from chapbook.reading.front_matter import read_settings
from chapbook.reading.image_files import locate
from chapbook.reading.includes import compose
from chapbook.reading.manuscript import decode, read_manuscript
from chapbook.reading.reader import Conversion, convert, read
from chapbook.reading.source_files import (
    SETTINGS_NAME,
    STDIN_NAME,
    build_files,
    folder_of,
    settings_file,
)

MANUSCRIPT_FOLDER = "manuscript/"
"""The folder of an edition with the author's files; restoring it gives all that can be edited."""

TEMPLATES_FOLDER = "templates/"
"""The folder of an edition with every template that was used; the author's own replace ours."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files of an edition by logical path; `manuscript` is the name of the manuscript's file.

    `name` is the manuscript's name in messages: for an author, the path that was given. `stem` is
    the name of its outputs without suffix.
    """

    name: str
    manuscript: str
    stem: str
    files: Mapping[str, bytes]

    @property
    def content(self) -> bytes:
        """The bytes of the manuscript."""
        return self.files[f"{MANUSCRIPT_FOLDER}{self.manuscript}"]


def take(path: str, *, allow_filters: bool = False) -> tuple[Snapshot, Metadata, Conversion]:
    """Return all files that a build of the manuscript at *path* reads, its metadata and conversion.

    Raises the errors of reading a manuscript.
    """
    if path == STDIN_NAME:
        message = "an edition needs a manuscript that has a name"
        raise SourceError(
            message, where=Place("standard input"), remedy="save it: chapbook release essay.md"
        )
    folder = folder_of(path)
    defaults = read_settings(settings_file(folder))
    manuscript = compose(read_manuscript(path), folder, defaults, allow_filters=allow_filters)
    templates = load_templates(folder)
    conversion = convert(manuscript, defaults, with_tree=True)
    document = read(conversion, folder, themes(templates))
    reads = build_files(path, document.files)
    own = {name: _content(name, folder) for name in reads.beside if name not in manuscript.files}
    if reads.settings.is_file():
        own[SETTINGS_NAME] = reads.settings.read_bytes()
    beside = {**manuscript.files, **own}
    files = {f"{MANUSCRIPT_FOLDER}{name}": content for name, content in beside.items()}
    files |= {f"{TEMPLATES_FOLDER}{name}": text.encode() for name, text in templates.items()}
    snapshot = Snapshot(manuscript.name, manuscript.file_name, manuscript.stem, files)
    return snapshot, document.metadata, conversion


def _content(name: str, folder: Path | None) -> bytes:
    """Return the bytes of the file *name* in *folder*; `locate` takes a URL, so it is quoted."""
    return locate(quote(name), folder).read_bytes()


@contextmanager
def opened(snapshot: Snapshot, *, allow_filters: bool = False) -> Iterator[Job]:
    """Give the job that builds *snapshot*, in a temporary folder that lasts as long as the context.

    Raises ArchiveError for a path that leads out of the folder: an archive may come from anywhere.
    """
    with tempfile.TemporaryDirectory(prefix="chapbook-") as name:
        folder = Path(name).resolve()
        for path, content in inside(snapshot.files, MANUSCRIPT_FOLDER).items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        templates = {
            name: _text(name, content)
            for name, content in inside(snapshot.files, TEMPLATES_FOLDER).items()
        }
        defaults = read_settings(folder / SETTINGS_NAME)
        manuscript = decode(snapshot.name, snapshot.stem, snapshot.content)
        yield Job(
            manuscript=compose(manuscript, folder, defaults, allow_filters=allow_filters),
            folder=folder,
            defaults=defaults,
            templates=templates,
        )


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        message = f"the edition's template {name} is not UTF-8"
        raise ArchiveError(message, remedy="another tool made it: it cannot be rebuilt") from error


def inside(files: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
    """Return those of *files* that are below *folder*, by their paths in it.

    Raises ArchiveError for a path that leads out of it.
    """
    selected = {}
    for path, content in files.items():
        if path.startswith(folder):
            selected[safe(path.removeprefix(folder))] = content
    return selected


def safe(path: str) -> str:
    """Return *path*. Raises ArchiveError if it could lead out of the folder it is written to."""
    parts = path.split("/")
    if not all(parts) or {".", ".."} & set(parts) or "\0" in path or "\\" in path:
        message = (
            f"an edition holds a file of the path “{path[:80]}”, which leads out of its folder"
        )
        raise ArchiveError(
            message, remedy="this archive was not made by Chapbook; nothing is written"
        )
    return path
