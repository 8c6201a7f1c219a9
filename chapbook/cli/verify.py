"""`chapbook verify`: proves that nothing in the archive has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chapbook.cli.archives import archive_option, json_option, show_json

if TYPE_CHECKING:
    from chapbook.archive.store import Archive
    from chapbook.model.errors import Finding


@click.command(epilog="Example: chapbook verify essay@1.0.0")
@click.argument("named", nargs=-1, metavar="[WORK[@EDITION]]...")
@archive_option
@json_option
def verify(named: tuple[str, ...], root: str, as_json: bool) -> None:
    """Compute every digest again, and check the archive by the rules of its format.

    Every file that was changed, added, lost or renamed is listed. Exits with 8 if there is one. If
    you name no WORK, the whole archive is verified.
    """
    from chapbook.archive.store import open_archive
    from chapbook.cli.failures import Run
    from chapbook.cli.findings import as_row

    archive = open_archive(root)
    run = Run("verified", as_json=as_json)
    checked: list[str] = []
    findings: list[Finding] = []
    for subject in named or (None,):
        with run.one(subject or root):
            name, faults = _verify(archive, subject)
            run.judge(subject or root, faults)
            checked.append(name)
            findings += faults
            if not as_json:
                _show(name, faults)
    if as_json:
        rows = [as_row(finding) for finding in findings]
        show_json(run.document({"checked": ", ".join(checked), "findings": rows}))
    run.end()


def _verify(archive: Archive, named: str | None) -> tuple[str, list[Finding]]:
    """Return the name of what was verified, and its faults; *named* None is the whole archive."""
    from chapbook.archive.naming import find_editions

    if named is None:
        return "the archive", list(archive.verify())
    editions = find_editions(archive, named)
    work = editions[0].work
    checked = work if "@" not in named else ", ".join(edition.name for edition in editions)
    numbers = [edition.version.number for edition in editions]
    is_whole = len(numbers) == len(archive.versions(work))
    parts = [None] if is_whole else numbers
    faults = (fault for number in parts for fault in archive.verify(work, number))
    return checked, list(dict.fromkeys(faults))


def _show(checked: str, faults: list[Finding]) -> None:
    from chapbook.cli.findings import show

    show(faults)
    count = "1 finding" if len(faults) == 1 else f"{len(faults)} findings"
    click.echo(f"{checked}: {count if faults else 'every byte is as it was released'}")
