"""Makes the files of an edition: the snapshot, outputs, outline, findings, lock and provenance."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chapbook import __version__
from chapbook.archive.editions import OUTPUTS_FOLDER, RECORD
from chapbook.archive.provenance import statement
from chapbook.archive.snapshot import MANUSCRIPT_FOLDER, Snapshot
from chapbook.archive.values import Stamp
from chapbook.checks.expected import expected_metadata
from chapbook.checks.outline import Outline, as_json
from chapbook.model.document import Artefact
from chapbook.model.edition import digest
from chapbook.model.errors import Finding
from chapbook.model.metadata import Metadata

OUTLINE, FINDINGS, TOOLCHAIN = "outline.json", "findings.json", "toolchain.json"
PROVENANCE, CHECKSUMS = "provenance.json", "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class ReleaseBuild:
    """The results of a build for release; `artefacts` by the names of their files."""

    snapshot: Snapshot
    metadata: Metadata
    artefacts: Mapping[str, Artefact]
    outline: Outline
    build_findings: tuple[Finding, ...]
    check_findings: tuple[Finding, ...]
    lock: Mapping[str, Any]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings of the build, and of the checks."""
        return (*self.build_findings, *self.check_findings)

    @property
    def outputs(self) -> dict[str, bytes]:
        """The finished files by logical path."""
        return {f"{OUTPUTS_FOLDER}{name}": each.content for name, each in self.artefacts.items()}


@dataclass(frozen=True, slots=True)
class Imprint:
    """The values that belong to this release, and not to the build."""

    label: str
    printing: int
    accepted: str | None
    stamp: Stamp


def contents(release_build: ReleaseBuild, imprint: Imprint) -> dict[str, bytes]:
    """Return every file of the edition by logical path; the same input gives the same bytes."""
    moment = imprint.stamp.created
    parameters = {
        "manuscript": release_build.snapshot.manuscript,
        "edition": imprint.label,
        "printing": imprint.printing,
        "formats": [each.format for each in release_build.artefacts.values()],
    }
    origin = statement(
        release_build.outputs, release_build.snapshot.files, parameters, release_build.lock, moment
    )
    files = {
        **release_build.snapshot.files,
        **release_build.outputs,
        RECORD: as_bytes(_record(release_build, imprint)),
        OUTLINE: as_bytes(as_json(release_build.outline)),
        FINDINGS: as_bytes(_findings(release_build, imprint)),
        TOOLCHAIN: as_bytes(release_build.lock),
        PROVENANCE: as_bytes(origin),
    }
    return {**files, CHECKSUMS: checksums(files)}


def as_bytes(value: object) -> bytes:
    """Return *value* as indented JSON."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _record(release_build: ReleaseBuild, imprint: Imprint) -> dict[str, Any]:
    metadata = release_build.metadata
    about = expected_metadata(metadata)
    if metadata.abstract:
        about["description"] = metadata.abstract
    return {
        "work": metadata.identifier,
        "title": metadata.full_title,
        "label": imprint.label,
        "printing": imprint.printing,
        "date": metadata.date.iso if metadata.date else metadata.date_text,
        "manuscript": {
            "name": release_build.snapshot.manuscript,
            "stem": release_build.snapshot.stem,
            "sha256": digest(release_build.snapshot.content),
        },
        "outputs": [
            {
                "path": f"{OUTPUTS_FOLDER}{name}",
                "format": each.format,
                "extent": each.extent,
                "bytes": len(each.content),
                "sha256": digest(each.content),
            }
            for name, each in release_build.artefacts.items()
        ],
        "metadata": about,
        "released": imprint.stamp.created,
        "released-by": dict(imprint.stamp.user),
        "chapbook": __version__,
    }


def _findings(release_build: ReleaseBuild, imprint: Imprint) -> dict[str, Any]:
    return {
        "accepted": imprint.accepted,
        "build": _rows(release_build.build_findings, release_build.snapshot),
        "checks": _rows(release_build.check_findings, release_build.snapshot),
    }


def _rows(findings: Iterable[Finding], snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return *findings* for JSON, without the folder in which the author keeps the manuscript."""
    return [
        {
            "code": finding.code.value,
            "severity": finding.severity.value,
            "message": finding.message,
            "file": _archived_name(finding.where.file, snapshot) if finding.where else None,
            "line": finding.where.line if finding.where else None,
        }
        for finding in findings
    ]


def _archived_name(file: str, snapshot: Snapshot) -> str:
    folder = snapshot.name.removesuffix(snapshot.manuscript)
    kept = file.removeprefix(folder)
    return kept if f"{MANUSCRIPT_FOLDER}{kept}" in snapshot.files else file


def checksums(files: Mapping[str, bytes]) -> bytes:
    """Return the SHA-256 of each of *files*, in the form that `sha256sum --check` reads.

    A name with a line feed or backslash is escaped, and its line is marked (GNU coreutils, cksum).
    """
    lines = []
    for path, content in sorted(files.items()):
        escaped = path.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
        mark = "\\" if escaped != path else ""
        lines.append(f"{mark}{digest(content)}  {escaped}\n")
    return "".join(lines).encode()
