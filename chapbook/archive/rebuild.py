"""Rebuilds an edition from the archive alone, and reports differences and their causes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chapbook.archive.contents import TOOLCHAIN
from chapbook.archive.editions import OUTPUTS_FOLDER, ArchivedEdition, read_json, snapshot_of
from chapbook.archive.sameness import differing_outputs
from chapbook.archive.snapshot import opened
from chapbook.archive.store import Archive
from chapbook.archive.toolchain import (
    Difference,
    differences,
    install_command,
    read_lock,
    toolchain,
)
from chapbook.model.errors import ChapbookError, DesignError, SourceError
from chapbook.pipeline import build
from chapbook.writers.registry import FORMATS


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The result: the files by logical path, those that differ, and the possible causes.

    `toolchain` has the differences from the lock. `failure` is the error if nothing was built.
    `install` is the command that installs the packages of the lock.
    """

    outputs: Mapping[str, bytes]
    differing: tuple[str, ...]
    toolchain: tuple[Difference, ...]
    install: str | None
    failure: ChapbookError | None = None

    @property
    def is_equal(self) -> bool:
        """Whether every byte is the same as in the release."""
        return not self.differing


def rebuild(
    archive: Archive,
    edition: ArchivedEdition,
    tell: Callable[[str], None] = lambda _step: None,
    *,
    allow_filters: bool = False,
) -> Rebuilt:
    """Build *edition* from its files in the archive, and compare the outputs.

    If this version of Chapbook cannot build the manuscript or a template, the result has a failure.
    Raises EditionCorrupt if the archive is damaged.
    """
    snapshot = snapshot_of(archive, edition)
    lock = read_lock(read_json(archive, edition.version, TOOLCHAIN))
    outputs: dict[str, bytes] = {}
    failure: ChapbookError | None = None
    with opened(snapshot, allow_filters=allow_filters) as job:
        try:
            built = build(job, [name for name in _formats(edition) if name in FORMATS], tell)
        except (SourceError, DesignError) as error:
            failure = error
        else:
            stem = job.manuscript.stem
            outputs = {
                f"{OUTPUTS_FOLDER}{stem}{each.suffix}": each.content for each in built.artefacts
            }
    here = toolchain()
    return Rebuilt(
        outputs=outputs,
        differing=tuple(differing_outputs(edition, outputs)),
        toolchain=differences(lock, here) if lock else (),
        install=install_command(lock, here) if lock else None,
        failure=failure,
    )


def _formats(edition: ArchivedEdition) -> list[str]:
    """Return the formats that were released, in their order."""
    return [*dict.fromkeys(output["format"] for output in edition.record["outputs"])]
