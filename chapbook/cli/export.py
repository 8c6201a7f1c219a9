"""`chapbook export`: writes an edition for people without Chapbook."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from chapbook.cli.archives import archive_option, as_row, json_option, show_json

FORMS = ("bagit", "zip")


@click.command(epilog="Example: chapbook export essay@1.0.0 --as bagit")
@click.argument("edition", metavar="WORK@EDITION")
@click.option(
    "--as",
    "form",
    required=True,
    type=click.Choice(FORMS),
    help="A BagIt bag for a repository, or one zip file.",
)
@click.option("--out", default=".", metavar="DIR", help="The folder for it.  [default: here]")
@archive_option
@json_option
def export(edition: str, form: str, out: str, root: str, as_json: bool) -> None:
    """Write a whole edition as a BagIt bag with Dublin Core metadata, or as a zip file.

    Both can be checked without Chapbook, and the same edition always gives the same bytes.
    """
    from chapbook.archive.export import export as run
    from chapbook.archive.naming import find_edition
    from chapbook.archive.store import open_archive

    archive = open_archive(root)
    archived = find_edition(archive, edition)
    target = _write(Path(out), run(archive, archived, form))
    if as_json:
        show_json({**as_row(archived), "as": form, "path": str(target)})
    else:
        click.echo(target)


def _write(out: Path, files: Mapping[str, bytes]) -> Path:
    """Write one file or one folder into *out*, and return its path."""
    from chapbook.cli.output import make_folder, write_files, write_folder

    top = next(iter(files)).partition("/")[0]
    target = out / top
    if top in files:
        make_folder(out)
        write_files({target: files[top]})
    else:
        inner = {path.removeprefix(f"{top}/"): content for path, content in files.items()}
        write_folder(target, inner)
    return target
