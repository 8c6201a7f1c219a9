"""`chapbook which`: finds out which edition a loose file is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chapbook.cli.archives import archive_option, as_row, json_option, show_json
from chapbook.cli.terminal import shown

if TYPE_CHECKING:
    from chapbook.archive.store import Archive
    from chapbook.archive.which import Trace


@click.command(epilog="Example: chapbook which build/essay.pdf")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@archive_option
@json_option
def which(files: tuple[str, ...], root: str, as_json: bool) -> None:
    """Say of which work and edition each FILE is, and whether it was changed.

    The metadata in the file says which edition it is, and its bytes are compared with the archive.
    Exits with 8 unless every FILE is unchanged.
    """
    from chapbook.archive.which import State
    from chapbook.archive.which import which as trace
    from chapbook.cli.failures import Run

    archive = _archive(root, as_json=as_json)
    run = Run("traced", as_json=as_json)
    rows = []
    for path in files:
        with run.one(path):
            traced = trace(archive, _content(path))
            rows.append(_row(path, traced))
            if traced.state is not State.UNALTERED:
                run.flaw(path)
            if not as_json:
                _show(path, root, traced)
    if as_json:
        show_json(run.document({"files": rows}))
    run.end()


def _archive(root: str, *, as_json: bool) -> Archive | None:
    """Return the archive; None if there is none, since a file's own metadata still helps."""
    from chapbook.archive.store import open_archive
    from chapbook.model.errors import ArchiveError

    try:
        return open_archive(root)
    except ArchiveError as error:
        if not as_json:
            click.echo(f"{click.style('note:', fg='cyan', bold=True)} {error}", err=True)
        return None


def _content(path: str) -> bytes:
    from chapbook.model.errors import Place, SourceError

    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no file can have this name"
        raise SourceError(
            f"cannot be read: {reason}", where=Place(path), remedy="check the name and the folder"
        ) from error


def _show(path: str, root: str, traced: Trace) -> None:
    from chapbook.archive.which import State

    claimed, edition = traced.claimed, traced.edition
    if edition is not None and traced.state is State.UNALTERED:
        where = shown(f"{traced.path} of {edition.name} of “{edition.title}”")
        click.echo(f"{path}  {_state('unaltered', 'green')}: {where}")
    elif edition is not None:
        claim = shown(f"its metadata says {edition.name} of “{edition.title}”")
        click.echo(f"{path}  {_state('altered', 'red')}: {claim}, but other bytes were released")
    elif claimed.work or claimed.label:
        named = f"edition {claimed.label}" if claimed.label else "no edition"
        claim = shown(f"its metadata says {named} of “{claimed.title}” ({claimed.work})")
        click.echo(f"{path}  {_state('unknown', 'yellow')}: {claim}, which is not in {root}")
    else:
        nothing = f"its metadata names no work, and {root} has no such file"
        click.echo(f"{path}  {_state('unknown', 'yellow')}: {nothing}")
    rows = (
        ("work", edition.work if edition else claimed.work),
        ("date", claimed.date or (edition.date if edition else None)),
        ("made from", f"sha256 {claimed.manuscript_sha256}" if claimed.manuscript_sha256 else None),
    )
    for name, value in rows:
        if value:
            click.echo(f"  {name:<9}  {shown(value)}")


def _state(word: str, color: str) -> str:
    return click.style(word, fg=color, bold=True)


def _row(path: str, traced: Trace) -> dict[str, Any]:
    claimed = traced.claimed
    return {
        "file": path,
        "state": traced.state.value,
        "says": {
            "title": claimed.title,
            "work": claimed.work,
            "edition": claimed.label,
            "date": claimed.date,
            "manuscript-sha256": claimed.manuscript_sha256,
        },
        "edition": as_row(traced.edition) if traced.edition else None,
        "path": traced.path,
    }
