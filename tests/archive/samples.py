"""Small archives to be damaged: how they are filled, and how they are checked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from chapbook.archive.store import Archive, Stamp, open_archive

WORK = "urn:isbn:9783161484100"
OTHER = "urn:uuid:5f5b8a9e-essay"


def stamp(number: int) -> Stamp:
    """When, why and by whom version *number* was made."""
    user = {"name": "A. Printer", "address": "mailto:printer@example.org"}
    return Stamp(f"2026-01-{number % 28 + 1:02}T00:00:00Z", f"Edition {number}", user)


def files(number: int) -> Mapping[str, bytes]:
    """Return the files of version *number*: one that all share, and its own, one of them twice."""
    own = f"text of edition {number}\n".encode() * 50
    return {
        "edition.json": f'{{"label": "{number}"}}\n'.encode(),
        "manuscript/essay.md": own,
        "manuscript/images/seal.png": b"\x89PNG shared by all editions" * 40,
        "outputs/essay.html": own + b"<html>",
        "outputs/copy of essay.html": own + b"<html>",
    }


def filled(root: Path | str, works: int = 1, versions: int = 2) -> Archive:
    """An archive of so many works with so many versions each."""
    archive = open_archive(str(root), create=True)
    for work in names(works):
        for number in range(1, versions + 1):
            archive.add(work, files(number), stamp(number), after=number - 1)
    return archive


def names(works: int) -> list[str]:
    """The identifiers of so many works."""
    return [WORK, OTHER, *(f"urn:example:{number}" for number in range(2, works))][:works]


def whole_versions(root: Path | str, work: str = WORK) -> int:
    """Return the number of versions of *work*, after comparing each with `files`."""
    archive = open_archive(str(root), create=True)
    versions = archive.versions(work)
    for version in versions:
        result = files(version.number)
        assert set(version.files) == set(result)
        for path, content in result.items():
            assert archive.read(version, path) == content
    return len(versions)


def errors_of(root: Path | str) -> list[str]:
    """Return the faults of the archive, except interrupted releases."""
    archive = open_archive(str(root), create=True)
    if not (Path(root) / "0=ocfl_1.1").exists() and "://" not in str(root):
        return []
    return [
        str(finding) for finding in archive.verify() if finding.code.value != "archive-unfinished"
    ]


def everything(folder: Path) -> dict[str, bytes | None]:
    """Every file's content and every folder below *folder*."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }
