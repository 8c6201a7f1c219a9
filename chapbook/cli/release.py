"""`chapbook release`: stores a manuscript as an edition in the archive."""

from __future__ import annotations

import getpass
import os
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

import click

from chapbook.cli import inputs
from chapbook.cli.archives import archive_option, as_row, json_option, progress, show_json

if TYPE_CHECKING:
    from chapbook.archive.release import Outcome


@click.command(epilog="Example: chapbook release essay.md")
@click.argument("manuscripts", nargs=-1, metavar="[MANUSCRIPT]...")
@archive_option
@click.option(
    "--printing",
    is_flag=True,
    help="Keep a new look of an edition whose text is released already, as another printing.",
)
@click.option(
    "--accept-findings",
    "accepted",
    metavar="REASON",
    help="Release in spite of errors that the checks find, and record this reason.",
)
@click.option(
    "--by",
    metavar="NAME",
    envvar="CHAPBOOK_RELEASED_BY",
    help='Who releases: "Ada Example <ada@example.org>".  [default: the login name]',
)
@inputs.allow_filters_option
@json_option
def release(
    manuscripts: tuple[str, ...],
    root: str,
    printing: bool,
    accepted: str | None,
    by: str | None,
    allow_filters: bool,
    as_json: bool,
) -> None:
    """Build, check and archive each MANUSCRIPT as the edition that its metadata names.

    All formats are built, and all checks are run. An error stops the release. The edition keeps
    everything that it was made from, so that it can be verified and rebuilt at any time. If you
    name no MANUSCRIPT, all those in source/ are released.
    """
    from chapbook.archive.release import Order
    from chapbook.archive.release import release as run
    from chapbook.archive.store import open_archive
    from chapbook.cli.failures import Run

    if accepted is not None and not accepted.strip():
        raise click.BadParameter("say why", param_hint="--accept-findings")
    order = Order(_moment(), _user(by), accepted, printing, allow_filters)
    archive = open_archive(root, create=True)
    outcomes: list[tuple[str, Outcome]] = []
    all_runs = Run("released", as_json=as_json)
    for path in inputs.manuscripts(manuscripts):
        with all_runs.one(path):
            with progress(path) as report_step:
                outcome = run(archive, path, order, report_step)
            outcomes.append((path, outcome))
            if outcome.edition is None:
                all_runs.flaw(path, stops=True)
            if not as_json:
                _show(path, root, outcome)
    if as_json:
        editions = [_row(path, outcome) for path, outcome in outcomes]
        show_json(all_runs.document({"editions": editions}))
    all_runs.end()


def _moment() -> str:
    """Return the current time, or that of SOURCE_DATE_EPOCH, to reproduce an archive."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    try:
        return f"{datetime.fromtimestamp(int(epoch), UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError, OSError) as error:
        raise click.UsageError(
            f"SOURCE_DATE_EPOCH is “{epoch}”, not a number of seconds since 1970"
        ) from error


def _user(by: str | None) -> dict[str, str]:
    """Return who releases, in the form of a user in an inventory (OCFL 1.1, 3.5.3.1)."""
    if by and by.strip():
        name, address = parseaddr(by)
        if "@" in address:
            return {"name": name or address, "address": f"mailto:{address}"}
        return {"name": by.strip()}
    try:
        return {"name": getpass.getuser()}
    except (OSError, KeyError):  # a user without a name, as in some containers
        return {"name": "unknown"}


def _show(path: str, root: str, outcome: Outcome) -> None:
    from chapbook.cli.findings import show
    from chapbook.model.errors import Severity

    show(outcome.findings)
    edition = outcome.edition
    if edition is None:
        count = sum(finding.severity is Severity.ERROR for finding in outcome.findings)
        errors = "1 error" if count == 1 else f"{count} errors"
        message = f"{path}  not released because of {errors}: correct them, or give a reason"
        click.echo(f"{message}: --accept-findings REASON", err=True)
    elif outcome.is_new:
        click.echo(f"{path}  {edition.name} released into {root}")
    else:
        click.echo(
            f"{path}  {edition.name} is in {root} already, with the same bytes: nothing to do"
        )


def _row(path: str, outcome: Outcome) -> dict[str, Any]:
    from chapbook.cli.findings import as_row as finding_row

    return {
        "manuscript": path,
        "edition": as_row(outcome.edition) if outcome.edition else None,
        "new": outcome.is_new,
        "findings": [finding_row(finding) for finding in outcome.findings],
    }
