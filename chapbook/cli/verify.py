"""`chapbook verify`: proof that nothing in the archive has changed."""

from __future__ import annotations

import click

from chapbook.cli.archives import archive_option, json_option, show_json


@click.command(epilog="Example: chapbook verify essay@1.0.0")
@click.argument("what", required=False, metavar="[WORK[@EDITION]]")
@archive_option
@json_option
def verify(what: str | None, root: str, as_json: bool) -> None:
    """Compute every digest anew, and judge the archive by the rules of its format.

    Whatever was altered, added, lost or renamed is named. Exits with 8 where something is wrong.
    """
    from chapbook.archive.naming import find_editions
    from chapbook.archive.store import open_archive
    from chapbook.cli.findings import as_row, exit_on_errors, show

    archive = open_archive(root)
    if what is None:
        found = list(archive.verify())
        checked = "the archive"
    else:
        editions = find_editions(archive, what)
        work = editions[0].work
        checked = work if "@" not in what else ", ".join(edition.name for edition in editions)
        numbers = [edition.version.number for edition in editions]
        whole = len(numbers) == len(archive.versions(work))
        parts = [None] if whole else numbers
        found = list(
            dict.fromkeys(each for number in parts for each in archive.verify(work, number))
        )
    if as_json:
        show_json({"checked": checked, "findings": [as_row(each) for each in found]})
    else:
        show(found)
        wrong = "1 finding" if len(found) == 1 else f"{len(found)} findings"
        click.echo(f"{checked}: {wrong if found else 'every byte is as it was released'}")
    exit_on_errors(found)
