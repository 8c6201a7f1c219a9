"""Decides whether an edition exists already: the same, a new printing, or a label that is taken."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping

from chapbook.archive.contents import TOOLCHAIN, ReleaseBuild
from chapbook.archive.editions import ArchivedEdition, read_json
from chapbook.archive.snapshot import MANUSCRIPT_FOLDER, TEMPLATES_FOLDER, Snapshot
from chapbook.archive.store import Archive
from chapbook.archive.toolchain import differences, read_lock
from chapbook.archive.values import Version
from chapbook.model.errors import EditionExists, Place

_DESIGN = (f"{MANUSCRIPT_FOLDER}{TEMPLATES_FOLDER}", TEMPLATES_FOLDER)
_MOST_NAMED = 4


def holds(version: Version, path: str, content: bytes) -> bool:
    """Return whether *version* has exactly *content* at *path*, by its digest."""
    digest = hashlib.new(version.digest_algorithm, content).hexdigest()
    return version.files.get(path) == digest


def same_outputs(edition: ArchivedEdition, outputs: Mapping[str, bytes]) -> bool:
    """Return whether the finished files of *edition* are exactly *outputs*."""
    return not differing_outputs(edition, outputs)


def differing_outputs(edition: ArchivedEdition, outputs: Mapping[str, bytes]) -> list[str]:
    """Return the paths of the finished files that differ, or that only one of the two has."""
    return [
        path
        for path in sorted({*edition.outputs, *outputs})
        if path not in outputs or not holds(edition.version, path, outputs[path])
    ]


def refuse_other_text(
    archive: Archive, edition: ArchivedEdition, snapshot: Snapshot, where: Place | None
) -> None:
    """Raise EditionExists with the differences if *snapshot* is not the text of *edition*."""
    theirs = {path for path in edition.version.files if _is_text(path)}
    ours = {path for path in snapshot.files if _is_text(path)}
    changed = [
        path
        for path in sorted(theirs & ours)
        if not holds(edition.version, path, snapshot.files[path])
    ]
    changes = [
        *(_first_difference(archive, edition, path, snapshot.files[path]) for path in changed),
        *(f"{_bare(path)} is new" for path in sorted(ours - theirs)),
        *(f"{_bare(path)} is gone" for path in sorted(theirs - ours)),
    ]
    if changes:
        raise EditionExists(
            f"edition {edition.label} of “{edition.title}” was released on "
            f"{edition.released[:10]} with other content: {_some(changes)}",
            where=where,
            remedy=f'give this text a label of its own, such as edition: "{_next(edition.label)}"',
        )


def _is_text(path: str) -> bool:
    """Return whether the file at *path* has the author's words, images or metadata, not design."""
    return path.startswith(MANUSCRIPT_FOLDER) and not path.startswith(_DESIGN)


def _bare(path: str) -> str:
    return path.removeprefix(MANUSCRIPT_FOLDER)


def _first_difference(archive: Archive, edition: ArchivedEdition, path: str, content: bytes) -> str:
    """Return a phrase that the file at *path* differs; for a text, with the first such line."""
    former = archive.read(edition.version, path)
    if b"\0" in former or b"\0" in content:
        return f"{_bare(path)} differs"
    pairs = enumerate(zip(former.splitlines(), content.splitlines(), strict=False), 1)
    line = next((number for number, (one, other) in pairs if one != other), None)
    return (
        f"{_bare(path)} differs from line {line}" if line else f"{_bare(path)} differs at its end"
    )


def _next(label: str) -> str:
    """Return a label that could follow: the last number in *label* is increased by one.

    >>> _next("1.0.9"), _next("first")
    ('1.0.10', 'first, corrected')
    """
    match = re.fullmatch(r"(.*?)(\d{1,9})(\D*)", label, re.DOTALL)
    return f"{match[1]}{int(match[2]) + 1}{match[3]}" if match else f"{label}, corrected"


def refuse_other_outputs(
    archive: Archive, edition: ArchivedEdition, release_build: ReleaseBuild
) -> None:
    """Raise EditionExists: the text is that of *edition*, but its outputs differ."""
    paths = differing_outputs(edition, release_build.outputs)
    causes = list(_causes(archive, edition, release_build))
    because = f", for {_some(causes)}" if causes else ""
    name = release_build.snapshot.name
    raise EditionExists(
        f"{edition.name} of “{edition.title}” was released on {edition.released[:10]} with "
        f"the same text, but {_some(paths)} would now be other files{because}",
        where=Place(archive.root),
        remedy=f"store them as its next printing: chapbook release --printing {name}",
    )


def _causes(
    archive: Archive, edition: ArchivedEdition, release_build: ReleaseBuild
) -> Iterator[str]:
    """Yield the templates and parts of the toolchain that are not those of *edition*."""
    files, ours = edition.version.files, release_build.snapshot.files
    for path in sorted({*files, *ours}):
        if path.startswith(TEMPLATES_FOLDER) and not (
            path in ours and holds(edition.version, path, ours[path])
        ):
            yield f"{path} differs"
    if lock := read_lock(read_json(archive, edition.version, TOOLCHAIN)):
        for each in differences(lock, release_build.lock):
            yield f"{each.component} was {each.locked} and is {each.here}"


def _some(phrases: list[str]) -> str:
    """Return the first *phrases* in a row, and the count of the others."""
    more = len(phrases) - _MOST_NAMED
    return ", ".join(phrases[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
