"""`chapbook editions`: lists the editions in an archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chapbook.cli.archives import archive_option, as_row, json_option, show_json
from chapbook.cli.terminal import shown

if TYPE_CHECKING:
    from chapbook.archive.editions import ArchivedEdition


@click.command(epilog="Example: chapbook editions essay")
@click.argument("work", required=False)
@archive_option
@json_option
def editions(work: str | None, root: str, as_json: bool) -> None:
    """List the editions of WORK, or of all works in the archive.

    WORK is the identifier of the work or the beginning of it, its title, or the name of its
    manuscript. It must fit one work only.
    """
    from chapbook.archive.editions import all_editions, editions_of
    from chapbook.archive.naming import find_work
    from chapbook.archive.store import open_archive

    archive = open_archive(root)
    if work is None:
        listed = all_editions(archive)
    else:
        identifier = find_work(archive, work)
        listed = iter([(identifier, editions_of(archive, identifier))])
    if as_json:
        show_json({"editions": [as_row(edition) for _, row in listed for edition in row]})
        return
    is_empty = True
    for name, row in listed:
        _show(name, row)
        is_empty = False
    if is_empty:
        click.echo(f"There is no work in {root} yet.")


def _show(work: str, row: tuple[ArchivedEdition, ...]) -> None:
    """Print the work's latest title and its identifier, and a line for every printing."""
    latest = max(row, key=lambda edition: edition.version.number)
    click.echo(f"{click.style(shown(latest.title), bold=True)}  {shown(work)}")
    width = max(len(edition.label) for edition in row)
    for edition in row:
        printing = f"  printing {edition.printing}" if edition.printing > 1 else ""
        date = f"  {edition.date}" if edition.date else ""
        click.echo(f"  {edition.label:{width}}{date}  released {edition.released[:10]}{printing}")
