"""Exports an edition as a BagIt bag, for a repository, or as one zip file."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from types import MappingProxyType

from chapbook.archive.bag import bag
from chapbook.archive.editions import ArchivedEdition
from chapbook.archive.snapshot import MANUSCRIPT_FOLDER, inside, safe
from chapbook.archive.store import Archive
from chapbook.transforms.identifiers import slug

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date that a zip entry can hold
_PLAIN_FILE = 0o100644 << 16  # the Unix mode is in the upper half (APPNOTE 6.3.10, 4.4.15)

Exporter = Callable[[Mapping[str, bytes], ArchivedEdition, str], Mapping[str, bytes]]
"""Takes the files of an edition, the edition and its name; returns the files to write."""


def export(archive: Archive, edition: ArchivedEdition, form: str) -> Mapping[str, bytes]:
    """Return the files to write, by relative path, for *edition* in the *form*, one of FORMS.

    The same edition gives the same bytes. Raises EditionCorrupt if the archive is damaged.
    """
    files = {
        safe(path): archive.read(edition.version, path) for path in sorted(edition.version.files)
    }
    return FORMS[form](files, edition, file_name(edition))


def author_files(archive: Archive, edition: ArchivedEdition) -> Mapping[str, bytes]:
    """Return the manuscript and the files beside it, byte for byte, by their relative paths."""
    from chapbook.archive.editions import snapshot_of

    return inside(snapshot_of(archive, edition).files, MANUSCRIPT_FOLDER)


def file_name(edition: ArchivedEdition) -> str:
    """Return a name for *edition* that every file system accepts, such as `my-essay-1.0.0`."""
    title = slug(edition.title.partition(": ")[0])[:60].strip("-")
    label = re.sub(r"[^\w.]+", "-", edition.label).strip("-.")
    printing = f"printing-{edition.printing}" if edition.printing > 1 else ""
    return "-".join(filter(None, [title, label, printing])) or "edition"


def _zip(files: Mapping[str, bytes], _edition: ArchivedEdition, name: str) -> Mapping[str, bytes]:
    packed = io.BytesIO()
    # Stored as they are: what is large in it is packed already, and every zlib packs otherwise.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(f"{name}/{path}", _EPOCH)
            entry.create_system = 3  # Unix, wherever it is made
            entry.external_attr = _PLAIN_FILE
            archive.writestr(entry, content)
    return {f"{name}.zip": packed.getvalue()}


def _bag(files: Mapping[str, bytes], edition: ArchivedEdition, name: str) -> Mapping[str, bytes]:
    return {f"{name}/{path}": content for path, content in bag(files, edition).items()}


FORMS: Mapping[str, Exporter] = MappingProxyType({"bagit": _bag, "zip": _zip})
"""The forms of an export. A new form is a function and a row."""
