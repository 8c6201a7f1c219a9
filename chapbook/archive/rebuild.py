"""Rebuild an edition from the archive alone, and say what differs and why."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chapbook.archive.contents import TOOLCHAIN
from chapbook.archive.editions import OUTPUTS_FOLDER, ArchivedEdition, snapshot_of
from chapbook.archive.sameness import differing_outputs
from chapbook.archive.snapshot import opened
from chapbook.archive.store import Archive
from chapbook.archive.toolchain import Difference, differences, install_command, toolchain
from chapbook.errors import ChapbookError, DesignError, SourceError
from chapbook.pipeline import build
from chapbook.writers import WRITERS


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came out: the files by logical path, those that differ, and what may have changed them.

    `failure` says why nothing came out. `install` is the command that brings the lock's packages.
    """

    outputs: Mapping[str, bytes]
    differing: tuple[str, ...]
    toolchain: tuple[Difference, ...]
    install: str | None
    failure: ChapbookError | None = None

    @property
    def is_equal(self) -> bool:
        """Whether every byte is as it was released."""
        return not self.differing


def rebuild(
    archive: Archive, edition: ArchivedEdition, tell: Callable[[str], None] = lambda _step: None
) -> Rebuilt:
    """Build *edition* from what the archive holds of it, and compare.

    A manuscript or template that this Chapbook cannot build any more is a Rebuilt with a failure.
    Raises EditionCorrupt where the archive is damaged.
    """
    snapshot = snapshot_of(archive, edition)
    lock = _lock(archive, edition)
    outputs: dict[str, bytes] = {}
    failure: ChapbookError | None = None
    with opened(snapshot) as job:
        try:
            built = build(job, [name for name in _formats(edition) if name in WRITERS], tell)
        except (SourceError, DesignError) as error:
            failure = error
        else:
            stem = job.manuscript.stem
            outputs = {
                f"{OUTPUTS_FOLDER}{stem}{made.suffix}": made.content for made in built.artefacts
            }
    return Rebuilt(
        outputs=outputs,
        differing=tuple(differing_outputs(edition, outputs)),
        toolchain=differences(lock, toolchain()) if lock else (),
        install=install_command(lock) if lock else None,
        failure=failure,
    )


def _lock(archive: Archive, edition: ArchivedEdition) -> Mapping[str, Any]:
    if TOOLCHAIN not in edition.version.files:
        return {}
    lock: Mapping[str, Any] = json.loads(archive.read(edition.version, TOOLCHAIN))
    return lock


def _formats(edition: ArchivedEdition) -> list[str]:
    """The formats that were released, in their order."""
    outputs = edition.record.get("outputs", [])
    return [str(output["format"]) for output in outputs]
