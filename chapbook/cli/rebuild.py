"""`chapbook rebuild`: proves that an edition can be built again."""

from __future__ import annotations

import sys
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import click

from chapbook.cli import inputs
from chapbook.cli.archives import archive_option, as_row, json_option, progress, show_json
from chapbook.cli.terminal import shown

if TYPE_CHECKING:
    from chapbook.archive.editions import ArchivedEdition
    from chapbook.archive.rebuild import Rebuilt

_MOST_SHOWN = 12


@click.command(epilog="Example: chapbook rebuild essay@1.0.0")
@click.argument("edition", metavar="WORK@EDITION")
@click.option("--out", metavar="DIR", help="Keep the rebuilt files in this folder.")
@archive_option
@inputs.allow_filters_option
@json_option
def rebuild(edition: str, out: str | None, root: str, allow_filters: bool, as_json: bool) -> None:
    """Build an edition from the archive alone, and compare it byte for byte.

    If a byte differs, it says what in the toolchain is different, how to install the right version,
    and exits with 8.
    """
    from chapbook.archive.naming import find_edition
    from chapbook.archive.rebuild import rebuild as run
    from chapbook.archive.store import open_archive
    from chapbook.model.errors import FINDINGS_EXIT_CODE

    archive = open_archive(root)
    archived = find_edition(archive, edition)
    with progress(archived.name) as report_step:
        rebuilt = run(archive, archived, report_step, allow_filters=allow_filters)
    if out is not None:
        _keep(Path(out), rebuilt)
    if as_json:
        show_json(_as_json(archived, rebuilt))
    else:
        _show(archived, rebuilt)
    if not rebuilt.is_equal:
        sys.exit(FINDINGS_EXIT_CODE)


def _keep(out: Path, rebuilt: Rebuilt) -> None:
    from chapbook.cli.output import make_folder, write_files

    make_folder(out)
    write_files(
        {out / PurePosixPath(path).name: content for path, content in rebuilt.outputs.items()}
    )


def _show(edition: ArchivedEdition, rebuilt: Rebuilt) -> None:
    for path in sorted({*edition.outputs, *rebuilt.outputs}):
        fault = "differs" if path in rebuilt.outputs else "was not made"
        is_wrong = path in rebuilt.differing
        state = click.style(fault, fg="red") if is_wrong else click.style("equal", fg="green")
        click.echo(f"{path}  {state}")
    if rebuilt.is_equal:
        click.echo(f"{edition.name}: rebuilt from the archive alone, byte for byte.")
        return
    if rebuilt.failure:
        click.echo(f"This Chapbook cannot build it: {rebuilt.failure}")
    if not rebuilt.toolchain:
        click.echo("The toolchain is the same as in the lock.")
        return
    click.echo("Different from the lock:")
    for difference in rebuilt.toolchain[:_MOST_SHOWN]:
        click.echo(f"  {shown(str(difference))}")
    if (more := len(rebuilt.toolchain) - _MOST_SHOWN) > 0:
        click.echo(f"  and {more} more: --json lists all")
    click.echo(f"To install the packages of the lock:\n  {rebuilt.install}")
    system = [
        f"{difference.component} {difference.locked}"
        for difference in rebuilt.toolchain
        if difference.is_systems
    ]
    if system:
        click.echo(f"From the system, or an older one in a container: {shown(', '.join(system))}")


def _as_json(edition: ArchivedEdition, rebuilt: Rebuilt) -> dict[str, Any]:
    return {
        **as_row(edition),
        "equal": rebuilt.is_equal,
        "outputs": [
            {"path": path, "made": path in rebuilt.outputs, "equal": path not in rebuilt.differing}
            for path in sorted({*edition.outputs, *rebuilt.outputs})
        ],
        "failure": str(rebuilt.failure) if rebuilt.failure else None,
        "toolchain": [
            {"component": difference.component, "lock": difference.locked, "here": difference.here}
            for difference in rebuilt.toolchain
        ],
        "install": rebuilt.install,
    }
