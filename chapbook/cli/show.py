"""`chapbook show`: shows everything about one edition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from chapbook.cli.archives import archive_option, as_row, json_option, show_json
from chapbook.cli.terminal import shown

if TYPE_CHECKING:
    from chapbook.archive.editions import ArchivedEdition


@click.command(epilog="Example: chapbook show essay@1.0.0")
@click.argument("edition", metavar="WORK@EDITION")
@archive_option
@json_option
def show(edition: str, root: str, as_json: bool) -> None:
    """Show what one edition is, what it has, what made it, and what the checks found.

    If there are several printings, the latest is shown. WORK@EDITION:1 is the first.
    """
    from chapbook.archive.editions import read_json
    from chapbook.archive.naming import find_edition
    from chapbook.archive.store import open_archive
    from chapbook.archive.toolchain import read_lock

    archive = open_archive(root)
    archived = find_edition(archive, edition)
    facts = {
        **as_row(archived),
        "record": dict(archived.record),
        "findings": read_json(archive, archived.version, "findings.json"),
        "toolchain": dict(read_lock(read_json(archive, archived.version, "toolchain.json"))),
        "digest-algorithm": archived.version.digest_algorithm,
        "files": dict(sorted(archived.version.files.items())),
    }
    if as_json:
        show_json(facts)
    else:
        _show(archived, facts)


def _show(edition: ArchivedEdition, facts: dict[str, Any]) -> None:
    record = edition.record
    by = record.get("released-by") or edition.version.stamp.user
    address = by.get("address", "").removeprefix("mailto:")
    who = f"{by.get('name', 'unknown')}{f' <{address}>' if address else ''}"
    manuscript = record.get("manuscript", {})
    rows = [
        ("title", edition.title),
        ("authors", ", ".join(record.get("metadata", {}).get("authors", ()))),
        ("work", edition.work),
        ("edition", edition.label),
        ("printing", str(edition.printing)),
        ("date", edition.date or ""),
        ("released", f"{edition.released} by {who}"),
        ("manuscript", manuscript.get("name", "")),
        ("", f"sha256 {manuscript['sha256']}" if manuscript else ""),
        ("beside it", ", ".join(_beside(edition))),
        *(row for output in record.get("outputs", ()) for row in _output_rows(output)),
        ("findings", _findings(facts["findings"])),
        ("accepted", facts["findings"].get("accepted") or ""),
        ("made by", _tools(facts["toolchain"])),
        ("files", f"{len(edition.version.files)}, of version {edition.version.number}"),
    ]
    for name, value in rows:
        if value:
            click.echo(f"{click.style(f'{name:<10}', bold=True)}  {shown(value)}")


def _beside(edition: ArchivedEdition) -> list[str]:
    """Return the names of the files that are archived with the manuscript."""
    from chapbook.archive.snapshot import MANUSCRIPT_FOLDER

    paths = sorted(path for path in edition.version.files if path.startswith(MANUSCRIPT_FOLDER))
    names = (path.removeprefix(MANUSCRIPT_FOLDER) for path in paths)
    return [name for name in names if name != edition.manuscript]


def _output_rows(output: dict[str, Any]) -> list[tuple[str, str]]:
    from chapbook.cli.build import human_size

    size = human_size(int(output["bytes"]))
    return [
        (output["format"], f"{output['path']}  {size}  {output['extent']}"),
        ("", f"sha256 {output['sha256']}"),
    ]


def _findings(report: dict[str, Any]) -> str:
    if not report:
        return ""
    rows = [*report.get("build", ()), *report.get("checks", ())]
    counts = {
        severity: sum(isinstance(row, dict) and row.get("severity") == severity for row in rows)
        for severity in ("error", "warning", "note")
    }
    counted = [f"{n} {name}{'' if n == 1 else 's'}" for name, n in counts.items() if n]
    return ", ".join(counted) or "none"


def _tools(lock: dict[str, Any]) -> str:
    if not lock:
        return ""
    libraries = (f"{name} {version}" for name, version in lock["libraries"].items())
    packages = f"{len(lock['packages'])} Python packages, {len(lock['faces'])} faces"
    own = f"Chapbook {lock['chapbook']['version']}"
    return ", ".join([own, lock["python"], lock["platform"], *libraries, packages])
