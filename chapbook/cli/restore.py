"""`chapbook restore`: writes the manuscript of an edition to a folder."""

from __future__ import annotations

from pathlib import Path

import click

from chapbook.cli.archives import archive_option, as_row, json_option, show_json


@click.command(epilog="Example: chapbook restore essay@1.0.0 restored")
@click.argument("edition", metavar="WORK@EDITION")
@click.argument("folder", metavar="DIR")
@archive_option
@json_option
def restore(edition: str, folder: str, root: str, as_json: bool) -> None:
    """Write the manuscript of an edition to DIR, with all files that were beside it, byte for byte.

    DIR must be new or empty. Nothing is ever overwritten.
    """
    from chapbook.archive.export import author_files
    from chapbook.archive.naming import find_edition
    from chapbook.archive.store import open_archive
    from chapbook.cli.output import write_folder

    archive = open_archive(root)
    archived = find_edition(archive, edition)
    files = author_files(archive, archived)
    write_folder(Path(folder), files)
    if as_json:
        show_json({**as_row(archived), "folder": folder, "files": sorted(files)})
        return
    for name in sorted(files):
        click.echo(Path(folder) / name)
