"""Shared by the commands of the archive: options, the rows of editions, progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from chapbook.archive.editions import ArchivedEdition

archive_option = click.option(
    "--archive",
    "root",
    default="editions",
    show_default=True,
    metavar="ROOT",
    help="The archive: a folder, or a URL such as s3://bucket/editions.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print results as JSON.")


@contextmanager
def progress(name: str) -> Iterator[Callable[[str], None]]:
    """Return a function that shows the current step, if this is a terminal."""
    on_terminal = sys.stderr.isatty()

    def report_step(step: str) -> None:
        if on_terminal:
            click.echo(f"\r\x1b[K{name}: {step} …", nl=False, err=True)

    try:
        yield report_step
    finally:
        if on_terminal:
            click.echo("\r\x1b[K", nl=False, err=True)


def show_json(value: object) -> None:
    """Print *value* as JSON."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def as_row(edition: ArchivedEdition) -> dict[str, Any]:
    """Return *edition* as `--json` prints it."""
    return {
        "work": edition.work,
        "title": edition.title,
        "edition": edition.label,
        "printing": edition.printing,
        "date": edition.date,
        "released": edition.released,
        "version": edition.version.number,
    }
